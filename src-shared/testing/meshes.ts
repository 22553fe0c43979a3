/** Views of small meshes, told event by event. */
import { COMMAND_TYPES } from "../contract/commands.ts";
import type { MeshDescription } from "../contract/description.ts";
import type { MeshEventBody } from "../contract/events.ts";
import { emptyView } from "../view/empty.ts";
import { fold } from "../view/fold.ts";
import type { MeshView } from "../view/model.ts";

export interface ToldMesh {
  readonly view: MeshView;
  /** Folds one more event, one millisecond later unless told when. */
  tell(body: MeshEventBody, at?: number): MeshView;
}

/** Running nodes; links as pairs of their names, up at both ends. */
export function meshOf(ids: readonly string[], links: readonly string[] = []): ToldMesh {
  const view = emptyView();
  const tell = (body: MeshEventBody, at = (view.seq + 1) * 1_000) => {
    fold(view, { seq: view.seq + 1, at, ...body });
    return view;
  };
  for (const node of ids) {
    tell({ type: "node.added", node });
    tell({ type: "node.started", node, incarnation: 0, disk: "new" });
  }
  for (const [a = "", b = ""] of links) {
    tell({ type: "link.up", node: a, peer: b, reason: "join" });
    tell({ type: "link.up", node: b, peer: a, reason: "join" });
  }
  return { view, tell };
}

/** Offers everything, or is changed to what the test is about. */
export function describedMesh(change: Partial<MeshDescription> = {}): MeshDescription {
  return {
    id: "demo",
    name: "demo mesh",
    kind: "simulated",
    clock: "virtual",
    capabilities: Object.fromEntries(COMMAND_TYPES.map((type) => [type, null])),
    traces: true,
    sandbox: true,
    ...change,
  };
}
