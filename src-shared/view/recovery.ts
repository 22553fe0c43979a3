/** Time from the end of the last fault to the moment all running nodes agree again. */
import type { MeshEvent, MeshEventType } from "../contract/events.ts";
import { MAX_RECOVERIES, type MeshView } from "./model.ts";

/** A fault that comes while the mesh still recovers belongs to the same break. */
export function beginBreak(view: MeshView, at: number): void {
  const { brokenAt, recoveredAt, history } = view.recovery;
  const unfinished = brokenAt !== undefined && recoveredAt === undefined;
  const since = unfinished ? brokenAt : at;
  view.recovery = { brokenAt: since, healedAt: undefined, recoveredAt: undefined, history };
}

export function beginRecovery(view: MeshView, at: number): void {
  view.recovery = { ...view.recovery, healedAt: at, recoveredAt: undefined };
}

const MAY_SETTLE: ReadonlySet<MeshEventType> = new Set<MeshEventType>([
  "fault.cleared",
  "member.state",
  "partition.mode",
  "state.digest",
  "node.added",
  "node.removed",
  "node.started",
  "node.stopped",
  "node.paused",
  "node.resumed",
]);

/** To be called after every event was folded. O(1) until no doubt is left, then O(nodes). */
export function trackRecovery(view: MeshView, event: MeshEvent): void {
  const { healedAt, recoveredAt, history } = view.recovery;
  if (healedAt === undefined || recoveredAt !== undefined) return;
  if (!MAY_SETTLE.has(event.type) || !agrees(view)) return;
  view.recovery = {
    ...view.recovery,
    recoveredAt: event.at,
    history: [...history.slice(1 - MAX_RECOVERIES), { healedAt, tookUs: event.at - healedAt }],
  };
}

/** Nobody running is doubted or read-only, and all that say what they hold, hold the same. */
export function agrees(view: MeshView): boolean {
  if (view.counts.doubted > 0 || view.counts.readOnly > 0) return false;
  let members: string | undefined;
  let rumours: string | undefined;
  for (const { process, digest } of view.nodes.values()) {
    if (process !== "running" || digest === undefined) continue;
    if (members !== undefined && (digest.members !== members || digest.rumours !== rumours)) {
      return false;
    }
    ({ members, rumours } = digest);
  }
  return true;
}
