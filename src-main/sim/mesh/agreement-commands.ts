/** Commands about agreement and memory: handed to the node they are for, or to whoever leads. */
import type { CommandOf } from "#shared/contract/commands.ts";
import { MeshError } from "#shared/contract/errors.ts";
import { unreachable } from "#main/kernel/assert.ts";
import { requestName } from "#main/node/requests.ts";
import { MAX_NAMESPACES } from "#main/protocols/memory/limits.ts";
import type { SimOutcome } from "../types.ts";
import type { Process } from "../world/process.ts";
import type { CommandTargets } from "./command-targets.ts";

export type AgreementCommand = CommandOf<
  | "consensus.propose"
  | "consensus.transfer"
  | "consensus.reconfigure"
  | "proposal.call"
  | "proposal.vote"
  | "memory.namespace"
  | "memory.write"
  | "memory.delete"
  | "memory.read"
>;

/** Throws `MeshError`; `created` is the request that an answer will come for. */
export function executeOnAgreement(targets: CommandTargets, command: AgreementCommand): SimOutcome {
  switch (command.type) {
    case "consensus.propose":
    case "memory.write":
    case "memory.delete":
    case "memory.read":
    case "proposal.call":
    case "proposal.vote":
      return hand(targets, takerOf(targets, command.node), command);
    case "memory.namespace":
      return define(targets, command);
    case "consensus.transfer":
      return transfer(targets, command);
    case "consensus.reconfigure":
      [...command.voters, ...command.learners].forEach((node) => targets.nodes.process(node));
      return hand(targets, takerOf(targets, undefined), command);
    default:
      return unreachable(command);
  }
}

/** All nodes are told at once, those that start later when they do: it is configuration. */
function define(targets: CommandTargets, command: CommandOf<"memory.namespace">): SimOutcome {
  const { nodes, options } = targets;
  const { namespace, mode } = command;
  const known = nodes.namespaces.get(namespace);
  if (known !== undefined && known !== mode) {
    const message = `${namespace} is there already, as ${known}; a namespace keeps its mode`;
    throw new MeshError("already-exists", message);
  }
  if (mode === "strong" && options.consensus.kind === "none") {
    const message = "a strong namespace needs a mesh with raft, pbft or epidemic agreement";
    throw new MeshError("not-supported", message);
  }
  if (known !== undefined) {
    return { note: `${namespace} is there already` };
  }
  if (nodes.namespaces.size >= MAX_NAMESPACES) {
    throw new MeshError("limit-reached", `a mesh has up to ${MAX_NAMESPACES} namespaces`);
  }
  nodes.setNamespace(namespace, mode);
  return { created: namespace, note: `all nodes know ${namespace} as ${mode}` };
}

/** The next primary needs a quorum that wants it: all members are asked. One leader can step down. */
function transfer(targets: CommandTargets, command: CommandOf<"consensus.transfer">): SimOutcome {
  if (command.to !== undefined) {
    targets.nodes.process(command.to);
    if (targets.leaders.all[0] === command.to) {
      return { note: `${command.to} leads already` };
    }
  }
  if (targets.options.consensus.kind !== "pbft") {
    return hand(targets, takerOf(targets, undefined), command);
  }
  if (command.to !== undefined) {
    throw new MeshError("not-supported", "pBFT's primaries take turns; nobody can be chosen");
  }
  const running = targets.world.processes.filter((process) => process.state === "running");
  const outcomes = running.map((process) => hand(targets, process, command));
  return { note: `asked ${outcomes.length} members to move on to the next view` };
}

function hand(targets: CommandTargets, process: Process, command: AgreementCommand): SimOutcome {
  const { id, answer } = targets.nodes.request(process, command);
  if (answer !== undefined && !answer.ok) {
    throw targets.nodes.refusalOf(answer);
  }
  return { created: requestName(id), note: `${process.id} took it in` };
}

/** The named node; else who leads, if it runs; else any that runs. */
function takerOf(targets: CommandTargets, named: string | undefined): Process {
  if (named !== undefined) {
    return targets.nodes.running(named);
  }
  const { world, leaders } = targets;
  const leading = leaders.all.map((id) => world.find(id));
  const taker = [...leading, ...world.processes].find((process) => process?.state === "running");
  if (taker === undefined) {
    throw new MeshError("not-running", "no node runs that could take the request");
  }
  return taker;
}
