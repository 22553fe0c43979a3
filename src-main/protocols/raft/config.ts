/** Who votes. Pure: configurations, their quorums, and what may follow what. */
import type { NodeId } from "#main/kernel/machine.ts";
import { DecodeError, WireReader, WireWriter } from "#main/kernel/wire.ts";
import { decodeList, decodeNode, encodeList } from "#main/kernel/wire-lists.ts";
import { majority, quorumValue } from "./formulas.ts";
import { RAFT_LIMITS } from "./options.ts";

/**
 * `outgoing` is empty except in a joint configuration, where decisions need a majority of `voters`
 * and another one of `outgoing`. A learner may still be an outgoing voter. All lists are sorted.
 */
export interface GroupConfig {
  readonly voters: readonly NodeId[];
  readonly outgoing: readonly NodeId[];
  readonly learners: readonly NodeId[];
}

export function makeConfig(
  voters: readonly NodeId[],
  learners: readonly NodeId[],
  outgoing: readonly NodeId[] = [],
): GroupConfig {
  return { voters: sorted(voters), outgoing: sorted(outgoing), learners: sorted(learners) };
}

export function isJoint(config: GroupConfig): boolean {
  return config.outgoing.length > 0;
}

export function isVoter(config: GroupConfig, node: NodeId): boolean {
  return config.voters.includes(node) || config.outgoing.includes(node);
}

export function isMember(config: GroupConfig, node: NodeId): boolean {
  return isVoter(config, node) || config.learners.includes(node);
}

/** Everybody who has a say or a copy, each once, sorted. */
export function membersOf({ voters, outgoing, learners }: GroupConfig): NodeId[] {
  return sorted([...new Set([...voters, ...outgoing, ...learners])]);
}

export function votersOf({ voters, outgoing }: GroupConfig): NodeId[] {
  return outgoing.length === 0 ? [...voters] : sorted([...new Set([...voters, ...outgoing])]);
}

/** The greatest value that a quorum has reached: of both majorities while two are needed. */
export function reachedByQuorum(config: GroupConfig, valueOf: (node: NodeId) => number): number {
  const incoming = quorumValue(config.voters, valueOf);
  return config.outgoing.length === 0
    ? incoming
    : Math.min(incoming, quorumValue(config.outgoing, valueOf));
}

export type VoteResult = "won" | "lost" | "open";

/** `votes` holds true for yes and false for no; whoever is missing has not answered. */
export function voteResult(config: GroupConfig, votes: ReadonlyMap<NodeId, boolean>): VoteResult {
  const results = [config.voters, config.outgoing]
    .filter((half) => half.length > 0)
    .map((half) => halfResult(half, votes));
  if (results.includes("lost")) {
    return "lost";
  }
  return results.includes("open") ? "open" : "won";
}

function halfResult(half: readonly NodeId[], votes: ReadonlyMap<NodeId, boolean>): VoteResult {
  const needed = majority(half.length);
  const yes = half.filter((node) => votes.get(node) === true).length;
  const no = half.filter((node) => votes.get(node) === false).length;
  if (yes >= needed) {
    return "won";
  }
  return half.length - no < needed ? "lost" : "open";
}

/** The smallest number of members that can decide anything. */
export function quorumSize({ voters, outgoing }: GroupConfig): number {
  return Math.max(majority(voters.length), outgoing.length === 0 ? 0 : majority(outgoing.length));
}

/** Why voters and learners make no configuration, or null. */
export function configProblem(
  voters: readonly NodeId[],
  learners: readonly NodeId[],
): string | null {
  const all = [...voters, ...learners];
  if (voters.length === 0) {
    return "a group needs at least one voter";
  }
  if (all.length > RAFT_LIMITS.members) {
    return `a group has at most ${RAFT_LIMITS.members} members`;
  }
  if (new Set(all).size !== all.length) {
    return "a member is named twice";
  }
  return all.includes("") ? "a member has no name" : null;
}

export function sameConfig(a: GroupConfig, b: GroupConfig): boolean {
  return (
    a.voters.join("\n") === b.voters.join("\n") &&
    a.outgoing.join("\n") === b.outgoing.join("\n") &&
    a.learners.join("\n") === b.learners.join("\n")
  );
}

export function writeConfig(writer: WireWriter, config: GroupConfig): void {
  for (const list of [config.voters, config.outgoing, config.learners]) {
    encodeList(writer, list, (to, node) => to.string(node));
  }
}

export function readConfig(reader: WireReader): GroupConfig {
  const list = (): NodeId[] => decodeList(reader, RAFT_LIMITS.members, decodeNode);
  const config = { voters: list(), outgoing: list(), learners: list() };
  const problem = configProblem(config.voters, config.learners);
  if (problem !== null) {
    throw new DecodeError(problem);
  }
  for (const names of [config.voters, config.outgoing, config.learners]) {
    if (names.some((name, i) => i > 0 && !((names[i - 1] as NodeId) < name))) {
      throw new DecodeError("members are not sorted");
    }
  }
  return config;
}

export function encodeConfig(config: GroupConfig): Uint8Array {
  const writer = new WireWriter();
  writeConfig(writer, config);
  return writer.finish();
}

/** Null when the bytes are no configuration. */
export function decodeConfig(data: Uint8Array): GroupConfig | null {
  try {
    const reader = new WireReader(data);
    const config = readConfig(reader);
    reader.expectEnd();
    return config;
  } catch (error) {
    if (error instanceof DecodeError) {
      return null;
    }
    throw error;
  }
}

function sorted(nodes: readonly NodeId[]): NodeId[] {
  return [...nodes].sort((a, b) => (a < b ? -1 : 1));
}
