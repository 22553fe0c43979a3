/** The arithmetic of Raft, each rule a function of its own. */
import type { NodeId } from "#main/kernel/machine.ts";
import type { Random } from "#main/kernel/random.ts";
import { type Micros, ms } from "#main/kernel/time.ts";

/** More than half of `n`. */
export function majority(n: number): number {
  return Math.floor(n / 2) + 1;
}

/**
 * The greatest value that a majority of `nodes` has reached; 0 for no nodes. With match indexes it
 * is the highest entry stored on a majority (Raft section 5.3).
 */
export function quorumValue(nodes: readonly NodeId[], valueOf: (node: NodeId) => number): number {
  const count = nodes.length;
  if (count === 0) {
    return 0;
  }
  const values = scratch;
  for (let i = 0; i < count; i++) {
    const value = valueOf(nodes[i] as NodeId);
    let at = i;
    while (at > 0 && (values[at - 1] as number) < value) {
      values[at] = values[at - 1] as number;
      at--;
    }
    values[at] = value;
  }
  return values[majority(count) - 1] as number;
}

/** Reused from call to call: this runs for every acknowledgement. Holds no state between them. */
const scratch: number[] = [];

/**
 * Raft section 5.4.1: the log whose last entry has the later term is more up-to-date; with equal
 * terms the longer one.
 */
export function isUpToDate(
  theirs: { readonly lastTerm: number; readonly lastIndex: number },
  ours: { readonly lastTerm: number; readonly lastIndex: number },
): boolean {
  return theirs.lastTerm === ours.lastTerm
    ? theirs.lastIndex >= ours.lastIndex
    : theirs.lastTerm > ours.lastTerm;
}

/**
 * Raft sections 5.3 and 5.4.2: a leader commits by counting only what its own term appended;
 * everything in front of that follows (figure 8 shows what would happen otherwise).
 */
export function commitByCounting(rule: {
  readonly commit: number;
  readonly onQuorum: number;
  readonly termOnQuorum: number | null;
  readonly term: number;
}): number {
  return rule.onQuorum > rule.commit && rule.termOnQuorum === rule.term
    ? rule.onQuorum
    : rule.commit;
}

/** Raft figure 2, AppendEntries rule 5: never beyond what this request vouches for. */
export function followerCommit(commit: number, leaderCommit: number, lastNew: number): number {
  return Math.max(commit, Math.min(leaderCommit, lastNew));
}

/** Drawn anew for each election, uniform over [min, max] in microseconds. */
export function drawElectionTimeout(
  options: { readonly electionTimeoutMinMs: number; readonly electionTimeoutMaxMs: number },
  random: Random,
): Micros {
  const min = ms(options.electionTimeoutMinMs);
  return min + random.int(ms(options.electionTimeoutMaxMs) - min + 1);
}

/** Log time: a leader whose clock is behind its predecessor's waits for nobody, it stands still. */
export function logTime(now: Micros, last: Micros): Micros {
  return Math.max(now, last);
}
