/** What would happen, command by command, to the mesh as the view shows it. */
import type { CommandOf, MeshCommand } from "../../contract/commands.ts";
import type { MeshView } from "../model.ts";
import {
  byzantineNotes,
  reconfigureNotes,
  transferNotes,
  votersAfterLoss,
  votersAfterReturn,
  votingSides,
  wipedVoters,
} from "./consensus-notes.ts";
import { danger, info, nameList, type PreviewNote, warn } from "./notes.ts";
import { linksAcross, overlayWithoutLinks, overlayWithoutNodes } from "./overlay-notes.ts";
import { quorumAfterLoss, quorumAfterReturn, sideNotes } from "./quorum-notes.ts";

export function effectsOf(view: MeshView, command: MeshCommand): readonly PreviewNote[] {
  switch (command.type) {
    case "node.kill":
    case "node.restart":
    case "node.pause":
    case "node.resume":
      return processEffects(view, command);
    case "node.slow":
      return command.delayMs === 0 ? [] : [warn("delays-node", { ms: command.delayMs })];
    case "node.remove":
    case "member.forget":
    case "member.forceLeave":
      return farewellEffects(view, command);
    case "network.partition":
      return [
        ...sideNotes(view, command.groups),
        ...votingSides(view, command.groups),
        ...linksAcross(view, command.groups),
      ];
    case "network.cut":
      return overlayWithoutLinks(view, command.from, command.to);
    case "network.conditions":
      return conditionEffects(command.conditions);
    case "clock.skew":
      return [warn("skews-clock", { node: command.node, ppm: command.driftPpm })];
    case "fault.clear":
      return [info("clears-faults", { count: 1 })];
    case "fault.clearAll":
      return [info("clears-faults", { count: view.faults.size })];
    case "topology.set": {
      const from = view.mesh.topology ?? "";
      return [info("changes-topology", { from, to: command.kind })];
    }
    case "gossip.set":
      return [info("changes-gossip", { count: view.counts.running })];
    case "consensus.transfer":
      return transferNotes(view, command);
    case "consensus.reconfigure":
      return reconfigureNotes(view, command);
    case "node.byzantine":
      return byzantineNotes(view, command);
    case "disk.damage":
      return [danger("damages-disk", { node: command.node })];
    case "time.play":
    case "time.pause":
    case "time.step":
    case "time.speed":
    case "node.add":
    case "rumour.publish":
    case "route.trace":
    case "user.event":
    case "consensus.propose":
    case "proposal.call":
    case "proposal.vote":
    case "proposal.policy":
    case "memory.namespace":
    case "memory.write":
    case "memory.delete":
    case "memory.read":
    case "message.drop":
    case "message.delay":
    case "message.duplicate":
    case "lesson.say":
      return [];
    default:
      return command satisfies never;
  }
}

type ProcessCommand = CommandOf<"node.kill" | "node.restart" | "node.pause" | "node.resume">;

function processEffects(view: MeshView, command: ProcessCommand): readonly PreviewNote[] {
  const nodes = [...new Set(command.nodes)];
  const params = { count: nodes.length, of: view.nodes.size, nodes: nameList(nodes) };
  switch (command.type) {
    case "node.kill":
      return [
        warn("stops", params),
        ...(command.tornWrite === true ? [warn("tears-write", { nodes: params.nodes })] : []),
        ...quorumAfterLoss(view, nodes, false),
        ...votersAfterLoss(view, nodes),
        ...overlayWithoutNodes(view, nodes),
      ];
    case "node.pause":
      return [
        warn("pauses", params),
        ...quorumAfterLoss(view, nodes, false),
        ...votersAfterLoss(view, nodes),
        ...overlayWithoutNodes(view, nodes),
      ];
    case "node.restart":
      return [
        info("starts", params),
        ...(command.disk === "wipe" ? [danger("loses-disk", { nodes: params.nodes })] : []),
        ...(command.disk === "wipe" ? wipedVoters(view, nodes) : []),
        ...votersAfterReturn(view, nodes),
        ...quorumAfterReturn(view, nodes),
      ];
    case "node.resume":
      return [
        info("starts", params),
        ...quorumAfterReturn(view, nodes),
        ...votersAfterReturn(view, nodes),
      ];
    default:
      return command satisfies never;
  }
}

type FarewellCommand = CommandOf<"node.remove" | "member.forget" | "member.forceLeave">;

function farewellEffects(view: MeshView, command: FarewellCommand): readonly PreviewNote[] {
  const nodes = [command.node];
  const code = command.type === "node.remove" ? "leaves" : "forgets";
  const links = command.type === "member.forget" ? [] : overlayWithoutNodes(view, nodes);
  const voters = command.type === "member.forget" ? [] : votersAfterLoss(view, nodes);
  const majority = quorumAfterLoss(view, nodes, true);
  return [warn(code, { nodes: command.node }), ...majority, ...voters, ...links];
}

/** Loss from which a detector with three chances (direct, relays) errs once in a thousand. */
const HEAVY_LOSS = 0.1;

function conditionEffects(
  conditions: CommandOf<"network.conditions">["conditions"],
): readonly PreviewNote[] {
  const { loss, latencyMs, jitterMs } = conditions;
  const notes: PreviewNote[] = [];
  if (loss !== undefined && loss > 0) {
    const params = { percent: Math.round(loss * 1_000) / 10 };
    notes.push(
      loss >= HEAVY_LOSS ? warn("loses-messages", params) : info("loses-messages", params),
    );
  }
  const delay = (latencyMs ?? 0) + (jitterMs ?? 0);
  if (delay > 0) notes.push(info("delays-messages", { ms: delay }));
  return notes;
}
