/** Events that are worth a mark on a node's line, and which sign stands for them. */
import type { MeshEvent, MeshEventType } from "#shared/contract/events.ts";

export type Sign =
  | "stop"
  | "start"
  | "pause"
  | "leader"
  | "candidate"
  | "vote"
  | "commit"
  | "alarm"
  | "fault"
  | "verdict"
  | "note";

export interface Mark {
  readonly seq: number;
  readonly at: number;
  /** Undefined: of the whole mesh, drawn above the lines. */
  readonly node: string | undefined;
  readonly sign: Sign;
}

const SIGNS: Partial<Readonly<Record<MeshEventType, Sign>>> = {
  "node.stopped": "stop",
  "node.started": "start",
  "node.paused": "pause",
  "node.resumed": "start",
  "member.confirmed": "verdict",
  "member.refuted": "note",
  "member.joined": "note",
  "consensus.vote": "vote",
  "consensus.committed": "commit",
  "consensus.truncated": "alarm",
  "consensus.config": "note",
  "consensus.evidence": "alarm",
  "consensus.snapshot": "note",
  "proposal.called": "note",
  "proposal.voted": "vote",
  "proposal.decided": "commit",
  "proposal.evidence": "alarm",
  "partition.mode": "verdict",
  "rumour.published": "note",
  "write.refused": "alarm",
  "invariant.violated": "alarm",
  "disk.damaged": "alarm",
  "fault.applied": "fault",
  "fault.cleared": "fault",
  "message.meddled": "fault",
  "lesson.step": "note",
};

/** Where two fall on one spot, the one that explains more stays in sight. */
export const SIGNS_BY_WEIGHT: readonly Sign[] = [
  "note",
  "vote",
  "commit",
  "verdict",
  "start",
  "pause",
  "candidate",
  "fault",
  "leader",
  "stop",
  "alarm",
];

export function markOf(event: MeshEvent): Mark | undefined {
  const sign = signOf(event);
  if (sign === undefined) return undefined;
  return { seq: event.seq, at: event.at, node: nodeOf(event), sign };
}

const STANDING: ReadonlySet<string> = new Set(["candidate", "pre-candidate", "view-change"]);

function signOf(event: MeshEvent): Sign | undefined {
  if (event.type !== "consensus.role") return SIGNS[event.type];
  if (event.role === "leader" || event.role === "primary") return "leader";
  return STANDING.has(event.role) ? "candidate" : undefined;
}

function nodeOf(event: MeshEvent): string | undefined {
  if (event.type === "member.confirmed") return event.member;
  if (event.type === "message.meddled") return event.from;
  return "node" in event ? event.node : undefined;
}

/** The marks of a sorted list of events, those of one spot of one line thinned to the weightiest. */
export function thinMarks(
  marks: readonly Mark[],
  xOfMark: (mark: Mark) => number,
  gapPx: number,
): readonly Mark[] {
  const lastOf = new Map<string | undefined, { mark: Mark; x: number }>();
  const kept = new Set<Mark>();
  for (const mark of marks) {
    const x = xOfMark(mark);
    const last = lastOf.get(mark.node);
    if (last !== undefined && x - last.x < gapPx) {
      if (SIGNS_BY_WEIGHT.indexOf(mark.sign) <= SIGNS_BY_WEIGHT.indexOf(last.mark.sign)) continue;
      kept.delete(last.mark);
    }
    kept.add(mark);
    lastOf.set(mark.node, { mark, x });
  }
  return [...kept];
}
