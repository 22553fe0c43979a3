/** What the commands of this feature act on, and what stands in their way. */
import type { CommandType } from "#shared/contract/commands.ts";
import type { MeshView, NodeView } from "#shared/view/model.ts";
import { type Availability, HIDDEN, off, ON } from "../../../app/commands/command.ts";
import type { AppServices } from "../../../app/services.ts";
import { activeListing } from "../../../state/console.ts";

export function liveView(app: AppServices): MeshView | undefined {
  return app.console.getState().mesh?.live;
}

/** Selected nodes that the mesh has now, in the order of their selection. */
export function selectedNodes(app: AppServices): readonly NodeView[] {
  const view = liveView(app);
  return [...app.selection.getState().nodes].flatMap((id) => view?.nodes.get(id) ?? []);
}

export function allNodes(app: AppServices): readonly string[] {
  return [...(liveView(app)?.nodes.keys() ?? [])];
}

/** Hidden without a mesh, off with the reason where mesh or session cannot do it. */
export function offered(app: AppServices, type: CommandType): Availability {
  if (liveView(app) === undefined) return HIDDEN;
  const refusal = app.refusal(type);
  return refusal === undefined ? ON : off(refusal);
}

/** Commands of one kind of engine have no business in the menus of meshes without it. */
export function onlyWhereKnown(app: AppServices, type: CommandType): Availability {
  const capabilities = activeListing(app.console.getState())?.description.capabilities;
  return capabilities?.[type] === null ? offered(app, type) : HIDDEN;
}

/** On for one up to `most` selected nodes. */
export function needsNodes(app: AppServices, known: Availability, most = Infinity): Availability {
  if (known.state !== "on") return known;
  const { length } = selectedNodes(app);
  if (length === 0) return off("faults:off.node");
  if (length > most) return off(most === 1 ? "faults:off.one" : "faults:off.two");
  return ON;
}
