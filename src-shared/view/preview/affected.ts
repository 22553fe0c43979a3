import type { MeshCommand } from "../../contract/commands.ts";
import type { MeshView } from "../model.ts";

/** Nodes that the command is aimed at, each once; empty when it is about the mesh as a whole. */
export function affectedNodes(command: MeshCommand, view: MeshView): readonly string[] {
  switch (command.type) {
    case "network.partition":
      return unique(command.groups.flat());
    case "network.cut":
      return unique([...command.from, ...command.to]);
    case "network.conditions": {
      const { scope } = command;
      if (scope.kind === "mesh") return [];
      return unique(scope.kind === "around" ? scope.nodes : [...scope.from, ...scope.to]);
    }
    case "consensus.transfer":
      return command.to === undefined ? [] : [command.to];
    case "consensus.reconfigure":
      return unique([...command.voters, ...command.learners]);
    case "route.trace":
      return unique([command.from, command.to]);
    case "fault.clear": {
      const spec = view.faults.get(command.fault)?.spec;
      return spec !== undefined && "node" in spec ? [spec.node] : [];
    }
    default:
      if ("nodes" in command) return unique(command.nodes);
      return "node" in command && command.node !== undefined ? [command.node] : [];
  }
}

function unique(nodes: readonly string[]): readonly string[] {
  return [...new Set(nodes)];
}
