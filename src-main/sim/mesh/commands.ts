/** Each command of the contract, carried out on a simulated mesh. */
import type { CommandOf, MeshCommand } from "#shared/contract/commands.ts";
import { MeshError } from "#shared/contract/errors.ts";
import { unreachable } from "#main/kernel/assert.ts";
import { ms } from "#main/kernel/time.ts";
import type { SimOutcome } from "../types.ts";
import type { Process } from "../world/process.ts";
import { executeOnAgreement } from "./agreement-commands.ts";
import type { CommandTargets } from "./command-targets.ts";
import { executeOnMessages } from "./message-commands.ts";

export type { CommandTargets } from "./command-targets.ts";

/** Checks everything before it changes anything. Throws `MeshError`. */
export function executeCommand(targets: CommandTargets, command: MeshCommand): SimOutcome {
  switch (command.type) {
    case "node.kill":
    case "node.restart":
    case "node.pause":
    case "node.resume":
    case "node.slow":
    case "node.byzantine":
    case "disk.damage":
    case "node.add":
    case "node.remove":
      return executeOnNodes(targets, command);
    case "network.partition":
    case "network.cut":
    case "network.conditions":
    case "clock.skew":
    case "fault.clear":
    case "fault.clearAll":
      return executeOnNetwork(targets, command);
    case "topology.set":
    case "gossip.set":
    case "member.forget":
    case "rumour.publish":
    case "route.trace":
    case "proposal.policy":
      return executeOnMesh(targets, command);
    case "consensus.propose":
    case "consensus.transfer":
    case "consensus.reconfigure":
    case "memory.namespace":
    case "memory.write":
    case "memory.delete":
    case "memory.read":
    case "proposal.call":
    case "proposal.vote":
      return executeOnAgreement(targets, command);
    case "message.drop":
    case "message.delay":
    case "message.duplicate":
    case "lesson.say":
      return executeOnMessages(targets, command);
    case "time.play":
    case "time.pause":
    case "time.step":
    case "time.speed":
      throw new MeshError("not-supported", "time is driven from outside of the simulated mesh");
    case "user.event":
    case "member.forceLeave":
      throw new MeshError("not-supported", "only an attached engine has this");
    default:
      return unreachable(command);
  }
}

type NodeCommandType =
  | "node.kill"
  | "node.restart"
  | "node.pause"
  | "node.resume"
  | "node.slow"
  | "node.byzantine"
  | "disk.damage"
  | "node.add"
  | "node.remove";

function executeOnNodes(targets: CommandTargets, command: CommandOf<NodeCommandType>): SimOutcome {
  const { world, nodes, faults } = targets;
  switch (command.type) {
    case "node.kill": {
      const victims = inState(targets, command.nodes, ["running", "paused"]);
      victims.forEach((process) => nodes.kill(process, command.tornWrite ?? false));
      return {};
    }
    case "node.restart": {
      const stopped = inState(targets, command.nodes, ["stopped"]);
      stopped.forEach((process) => nodes.restart(process, command.disk));
      return {};
    }
    case "node.pause":
      pause(targets, command);
      return {};
    case "node.resume":
      for (const process of inState(targets, command.nodes, ["paused"])) {
        resume(targets, process);
      }
      return {};
    case "node.slow": {
      const { id } = nodes.process(command.node);
      if (command.delayMs > 0) {
        const spec = { kind: "slow", node: id, delayMs: command.delayMs } as const;
        return { created: faults.apply(spec, undefined) };
      }
      return faults.clearOf("slow", id) ? {} : { note: `${id} was not slow` };
    }
    case "node.byzantine": {
      const { id } = nodes.process(command.node);
      const { behaviours, forMs } = command;
      if (behaviours.length > 0) {
        const spec = { kind: "byzantine", node: id, behaviours } as const;
        return { created: faults.apply(spec, forMs) };
      }
      return faults.clearOf("byzantine", id) ? {} : { note: `${id} was honest` };
    }
    case "disk.damage": {
      const { damage } = command;
      const [process] = inState(targets, [command.node], ["stopped"]);
      if (process?.disk.damage(damage) !== true) {
        return { note: `the disk of ${command.node} is empty` };
      }
      targets.emit({ type: "disk.damaged", node: command.node, damage });
      return {};
    }
    case "node.add":
      return { created: nodes.add(command.node, command.zone, command.seeds ?? []) };
    case "node.remove": {
      const process = nodes.process(command.node);
      nodes.remove(process);
      const gone = world.find(command.node) === undefined;
      return { note: gone ? `${command.node} is removed` : `${command.node} is leaving` };
    }
    default:
      return unreachable(command);
  }
}

type NetworkCommandType =
  | "network.partition"
  | "network.cut"
  | "network.conditions"
  | "clock.skew"
  | "fault.clear"
  | "fault.clearAll";

function executeOnNetwork(
  targets: CommandTargets,
  command: CommandOf<NetworkCommandType>,
): SimOutcome {
  const { nodes, faults } = targets;
  switch (command.type) {
    case "network.partition": {
      checkDisjoint(targets, command.groups);
      const { groups } = command;
      return { created: faults.apply({ kind: "partition", groups }, command.forMs) };
    }
    case "network.cut": {
      const { from, to, oneWay } = command;
      checkKnown(targets, [...from, ...to]);
      return { created: faults.apply({ kind: "cut", from, to, oneWay }, command.forMs) };
    }
    case "network.conditions": {
      const { scope, conditions } = command;
      checkKnown(targets, scopeNodes(scope));
      return { created: faults.apply({ kind: "conditions", scope, conditions }, command.forMs) };
    }
    case "clock.skew": {
      const { id } = nodes.process(command.node);
      const { driftPpm, offsetMs } = command;
      if (driftPpm !== 0 || offsetMs !== 0) {
        return {
          created: faults.apply({ kind: "clock", node: id, driftPpm, offsetMs }, undefined),
        };
      }
      return faults.clearOf("clock", id) ? {} : { note: `the clock of ${id} was right` };
    }
    case "fault.clear":
      faults.clear(command.fault);
      return {};
    case "fault.clearAll":
      return { note: `${faults.clearAll()} faults cleared` };
    default:
      return unreachable(command);
  }
}

type MeshCommandType =
  | "topology.set"
  | "gossip.set"
  | "member.forget"
  | "proposal.policy"
  | "rumour.publish"
  | "route.trace";

function executeOnMesh(targets: CommandTargets, command: CommandOf<MeshCommandType>): SimOutcome {
  const { nodes, emit } = targets;
  switch (command.type) {
    case "topology.set":
      nodes.setTopology(command.kind);
      emit({ type: "mesh.topology", kind: command.kind });
      return {};
    case "gossip.set": {
      const { mode, fanout, intervalMs } = nodes.gossip;
      const settings = {
        mode: command.mode ?? mode,
        fanout: command.fanout ?? fanout,
        intervalMs: command.intervalMs ?? intervalMs,
      };
      nodes.setGossip(settings);
      emit({ type: "mesh.gossip", ...settings });
      return {};
    }
    case "member.forget":
      nodes.tellAll({ type: "forget", member: command.node });
      return {};
    case "rumour.publish": {
      const { topic, payload, urgent } = command;
      nodes.demand(nodes.running(command.node), { type: "publish", topic, payload, urgent });
      return {};
    }
    case "proposal.policy":
      nodes.setVotePolicy(command.nodes, command.policy);
      return {};
    case "route.trace":
      nodes.process(command.to);
      nodes.demand(nodes.running(command.from), { type: "trace", to: command.to });
      return {};
    default:
      return unreachable(command);
  }
}

function pause(targets: CommandTargets, command: CommandOf<"node.pause">): void {
  const { world, emit } = targets;
  for (const process of inState(targets, command.nodes, ["running"])) {
    world.pause(process);
    emit({ type: "node.paused", node: process.id });
    if (command.forMs !== undefined) {
      const pauseNumber = process.pauses;
      world.alarm(world.now + ms(command.forMs), () => {
        if (process.state === "paused" && process.pauses === pauseNumber) {
          resume(targets, process);
        }
      });
    }
  }
}

function resume({ world, emit }: CommandTargets, process: Process): void {
  emit({ type: "node.resumed", node: process.id });
  world.resume(process);
}

/** The processes of these nodes, each once; a `MeshError` when one is not in a state that fits. */
function inState(
  { nodes }: CommandTargets,
  names: readonly string[],
  states: readonly Process["state"][],
): readonly Process[] {
  const processes = [...new Set(names)].map((name) => nodes.process(name));
  for (const { id, state } of processes) {
    if (states.includes(state)) {
      continue;
    }
    const code = state === "stopped" ? "not-running" : "invalid-state";
    throw new MeshError(code, `${id} is ${state}, not ${states.join(" or ")}`);
  }
  return processes;
}

function checkDisjoint(targets: CommandTargets, groups: readonly (readonly string[])[]): void {
  const all = groups.flat();
  checkKnown(targets, all);
  if (new Set(all).size !== all.length) {
    throw new MeshError("bad-command", "a node stands on two sides of the partition");
  }
}

function checkKnown({ nodes }: CommandTargets, names: readonly string[]): void {
  for (const name of names) {
    nodes.process(name);
  }
}

function scopeNodes(scope: CommandOf<"network.conditions">["scope"]): readonly string[] {
  switch (scope.kind) {
    case "mesh":
      return [];
    case "between":
      return [...scope.from, ...scope.to];
    case "around":
      return scope.nodes;
  }
}
