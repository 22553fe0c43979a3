import type { MeshCommand, MeshCommandInput } from "../../contract/commands.ts";
import type { MeshView } from "../model.ts";

/** Stands for the id of the fault that the command will make; its outcome tells it (`created`). */
export const CREATED = "created";

/** The command that takes this one back; `undefined` when nothing does. */
export function undoOf(command: MeshCommand, view: MeshView): MeshCommandInput | undefined {
  switch (command.type) {
    case "node.kill":
      return { type: "node.restart", nodes: command.nodes, disk: "keep" };
    case "node.pause":
      return { type: "node.resume", nodes: command.nodes };
    case "node.resume":
      return { type: "node.pause", nodes: command.nodes };
    case "node.slow":
      if (command.delayMs === 0) return undefined;
      return { type: "node.slow", node: command.node, delayMs: 0 };
    case "clock.skew":
      if (command.driftPpm === 0 && command.offsetMs === 0) return undefined;
      return { type: "clock.skew", node: command.node, driftPpm: 0, offsetMs: 0 };
    case "node.byzantine":
      if (command.behaviours.length === 0) return undefined;
      return { type: "node.byzantine", node: command.node, behaviours: [] };
    case "network.partition":
    case "network.cut":
    case "network.conditions":
      return { type: "fault.clear", fault: CREATED };
    case "node.add":
      return command.node === undefined ? undefined : { type: "node.remove", node: command.node };
    case "topology.set": {
      const kind = view.mesh.topology;
      return kind === undefined ? undefined : { type: "topology.set", kind };
    }
    case "gossip.set":
      return view.mesh.gossip && { type: "gossip.set", ...view.mesh.gossip };
    case "time.play":
      return { type: "time.pause" };
    case "time.pause":
      return { type: "time.play" };
    default:
      return undefined;
  }
}
