/** Why a source would refuse the command, as far as the view can tell. */
import { COMMANDS, type MeshCommand, type Role, roleAllows } from "../../contract/commands.ts";
import type { MeshDescription } from "../../contract/description.ts";
import type { MeshView, ProcessState } from "../model.ts";
import { affectedNodes } from "./affected.ts";
import { type PreviewNote, refusal } from "./notes.ts";

export function refusalsOf(
  view: MeshView,
  command: MeshCommand,
  description: MeshDescription,
  role: Role | undefined,
): readonly PreviewNote[] {
  const reason = description.capabilities[command.type];
  if (reason !== null) return [refusal("not-offered", { reason: reason ?? "" })];
  const needed = COMMANDS[command.type].role;
  if (role !== undefined && !roleAllows(role, needed)) {
    return [refusal("below-role", { role, needed })];
  }
  if (command.type === "node.add") return addRefusals(view, command.node, command.seeds ?? []);
  const unknown = affectedNodes(command, view).filter((node) => !view.nodes.has(node));
  const strangers = unknown.map((node) => refusal("unknown-node", { node }));
  return [...strangers, ...stateRefusals(view, command), ...otherRefusals(view, command)];
}

function addRefusals(
  view: MeshView,
  node: string | undefined,
  seeds: readonly string[],
): readonly PreviewNote[] {
  const taken = node !== undefined && view.nodes.has(node);
  const exists = taken ? [refusal("already-exists", { node })] : [];
  const unknown = seeds.filter((seed) => !view.nodes.has(seed));
  return [...exists, ...unknown.map((seed) => refusal("unknown-node", { node: seed }))];
}

/** States from which the command works; other commands work in any. */
const WORKS_IN: Partial<Record<MeshCommand["type"], readonly ProcessState[]>> = {
  "node.kill": ["running", "paused", "unknown"],
  "node.restart": ["stopped", "unknown"],
  "node.pause": ["running", "unknown"],
  "node.resume": ["paused", "unknown"],
  "disk.damage": ["stopped", "unknown"],
  "rumour.publish": ["running", "unknown"],
};

function stateRefusals(view: MeshView, command: MeshCommand): readonly PreviewNote[] {
  const states = WORKS_IN[command.type];
  if (states === undefined) return [];
  return affectedNodes(command, view).flatMap((id) => {
    const state = view.nodes.get(id)?.process;
    if (state === undefined || states.includes(state)) return [];
    return [refusal("wrong-state", { node: id, state })];
  });
}

function otherRefusals(view: MeshView, command: MeshCommand): readonly PreviewNote[] {
  if (command.type === "fault.clear" && !view.faults.has(command.fault)) {
    return [refusal("unknown-fault", { fault: command.fault })];
  }
  if (command.type !== "network.partition") return [];
  const seen = new Set<string>();
  for (const node of command.groups.flat()) {
    if (seen.has(node)) return [refusal("on-two-sides", { node })];
    seen.add(node);
  }
  return [];
}
