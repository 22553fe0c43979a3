import type { NodeId } from "#main/kernel/machine.ts";
import { hex, sha256 } from "#main/kernel/sha256.ts";
import { WireWriter } from "#main/kernel/wire.ts";
import { encodeProposal } from "./codec.ts";
import { DIGEST_LENGTH } from "./limits.ts";
import type { Place, Proposal, Vote } from "./types.ts";

/** Before all proposals. */
export const ORIGIN_PLACE: Place = { lamport: 0, origin: "" };
/** For an empty log. */
export const EMPTY_VOTE: Vote = { ...ORIGIN_PLACE, index: 0, chain: "0".repeat(DIGEST_LENGTH) };

/** The total order that every node computes alike: Lamport time, then the origin's name. */
export function comparePlaces(a: Place, b: Place): number {
  if (a.lamport !== b.lamport) {
    return a.lamport - b.lamport;
  }
  return a.origin < b.origin ? -1 : Number(a.origin > b.origin);
}

export function isAtOrBefore(a: Place, b: Place): boolean {
  return comparePlaces(a, b) <= 0;
}

/** The first 16 hexadecimal digits of the SHA-256 of the proposal's encoding. */
export function proposalDigest(proposal: Proposal): string {
  encodeProposal(scratch.reset(), proposal);
  return shortDigest(scratch.finish());
}

/** The digest of a log by that of the log before its last proposal. */
export function extendChain(chain: string, digest: string): string {
  scratch.reset().string(chain);
  scratch.string(digest);
  return shortDigest(scratch.finish());
}

/**
 * What stands for the state after a proposal: the history and the last result. Hashing the whole
 * state after every proposal would cost as much as the state is large.
 */
export function stateDigest(chain: string, result: Uint8Array): string {
  scratch.reset().string(chain);
  scratch.bytes(result);
  return shortDigest(scratch.finish());
}

/** Names a list of members: who disagrees about it cannot understand the other's table. */
export function groupDigest(members: readonly NodeId[]): string {
  scratch.reset();
  for (const member of members) {
    scratch.string(member);
  }
  return shortDigest(scratch.finish());
}

export function shortDigest(bytes: Uint8Array): string {
  return hex(sha256(bytes)).slice(0, DIGEST_LENGTH);
}

const scratch = new WireWriter();
