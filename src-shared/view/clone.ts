import { cloneAgreement } from "./agreement-model.ts";
import type { MeshView } from "./model.ts";
import { cloneState } from "./state-model.ts";

/** A copy that can be folded on without touching the original. Entities are shared: they never change. */
export function cloneView(view: MeshView): MeshView {
  return {
    ...view,
    nodes: new Map(view.nodes),
    links: new Map(view.links),
    beliefs: new Map([...view.beliefs].map(([id, observers]) => [id, new Map(observers)])),
    rumours: new Map(
      [...view.rumours].map(([id, rumour]) => [
        id,
        { ...rumour, reached: new Map(rumour.reached) },
      ]),
    ),
    faults: new Map(view.faults),
    metrics: { windows: [...view.metrics.windows] },
    logs: { lines: [...view.logs.lines], dropped: view.logs.dropped },
    timeline: { entries: [...view.timeline.entries], dropped: view.timeline.dropped },
    violations: [...view.violations],
    agreement: cloneAgreement(view.agreement),
    ...cloneState(view),
  };
}
