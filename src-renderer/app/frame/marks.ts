import type { MeshEvent } from "#shared/contract/events.ts";

export type MarkTone = "failed" | "suspect" | "paused" | "healthy" | "accent" | "quiet";

/** Which colour an event has on the time line; worse ones win where several fall on one pixel. */
export function markTone(event: MeshEvent): MarkTone {
  switch (event.type) {
    case "node.stopped":
      return event.reason === "left" ? "quiet" : "failed";
    case "invariant.violated":
    case "member.confirmed":
      return "failed";
    case "partition.mode":
      return event.mode === "read-only" ? "suspect" : "healthy";
    case "member.state":
      return event.state === "alive" || event.state === "left" ? "quiet" : "suspect";
    case "partition.suspected":
      return "suspect";
    case "fault.applied":
      return "accent";
    case "fault.cleared":
    case "node.started":
    case "member.joined":
      return "healthy";
    case "node.paused":
      return "paused";
    default:
      return "quiet";
  }
}

const RANK: readonly MarkTone[] = ["quiet", "healthy", "paused", "accent", "suspect", "failed"];

/**
 * The worst tone of each pixel column of a time line; undefined where nothing happened. Events
 * outside of `from … to` are left out.
 */
export function binMarks(
  events: readonly MeshEvent[],
  range: { readonly from: number; readonly to: number },
  width: number,
): readonly (MarkTone | undefined)[] {
  const bins = Array.from<MarkTone | undefined>({ length: width });
  const span = Math.max(1, range.to - range.from);
  for (const event of events) {
    if (event.at < range.from || event.at > range.to) continue;
    const column = Math.min(width - 1, Math.floor(((event.at - range.from) / span) * width));
    const tone = markTone(event);
    const there = bins[column];
    if (there === undefined || RANK.indexOf(tone) > RANK.indexOf(there)) bins[column] = tone;
  }
  return bins;
}
