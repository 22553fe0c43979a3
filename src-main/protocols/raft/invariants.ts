/**
 * What no run of Raft may show (figure 3 of the paper), checked from the outside over events and
 * logs. Every method returns what is wrong, or null; an observer never throws.
 */
import type { LogEntryNote } from "#main/kernel/consensus.ts";
import type { NodeId } from "#main/kernel/machine.ts";

export interface AppliedFact {
  readonly index: number;
  readonly term: number;
  readonly digest: string;
  readonly state: string;
}

export class RaftInvariants {
  readonly #leaders = new Map<number, NodeId>();
  readonly #entries = new Map<string, string>();
  readonly #applied = new Map<number, AppliedFact>();
  readonly #commits = new Map<NodeId, number>();
  readonly #appliedBy = new Map<NodeId, number>();
  readonly #terms = new Map<NodeId, number>();
  #highest = 0;

  /** The last index that anybody applied. */
  get highestApplied(): number {
    return this.#highest;
  }

  appliedAt(index: number): AppliedFact | undefined {
    return this.#applied.get(index);
  }

  /** Election safety: at most one leader in a term. */
  leads(node: NodeId, term: number): string | null {
    const known = this.#leaders.get(term) ?? node;
    this.#leaders.set(term, known);
    return known === node ? null : `election safety: ${known} and ${node} lead term ${term}`;
  }

  /**
   * Leader completeness: whatever was committed before is in the log of a new leader, or in its
   * snapshot. `first` is the first index of its log.
   */
  leaderHolds(node: NodeId, first: number, notes: readonly LogEntryNote[]): string | null {
    for (let index = Math.max(first, 1); index <= this.#highest; index++) {
      const committed = this.#applied.get(index);
      const note = notes[index - first];
      if (committed !== undefined && note?.digest !== committed.digest) {
        return `leader completeness: ${node} lacks committed entry ${index}`;
      }
    }
    return null;
  }

  /** Log matching: equal index and term mean equal entries, and equal entries in front of them. */
  holds(node: NodeId, prevTerm: number, notes: readonly LogEntryNote[]): string | null {
    let before = prevTerm;
    for (const { index, term, digest } of notes) {
      const key = `${index} ${term}`;
      const content = `${digest} behind term ${before}`;
      const known = this.#entries.get(key) ?? content;
      this.#entries.set(key, known);
      if (known !== content) {
        return `log matching: entry ${key} of ${node} is ${content}, elsewhere ${known}`;
      }
      if (term < before) {
        return `log matching: terms fall at entry ${index} of ${node}`;
      }
      before = term;
    }
    return null;
  }

  /** State machine safety, in the order of the log, without gaps. */
  applies(node: NodeId, fact: AppliedFact): string | null {
    const { index } = fact;
    const before = this.#appliedBy.get(node) ?? 0;
    this.#appliedBy.set(node, index);
    if (index !== before + 1) {
      return `${node} applied entry ${index} after ${before}`;
    }
    if (index > (this.#commits.get(node) ?? 0)) {
      return `${node} applied entry ${index}, which it does not know to be committed`;
    }
    const known = this.#applied.get(index) ?? fact;
    this.#applied.set(index, known);
    this.#highest = Math.max(this.#highest, index);
    return known.digest === fact.digest && known.state === fact.state && known.term === fact.term
      ? null
      : `state machine safety: ${node} applied something else at ${index}`;
  }

  /** A life's commit index never falls. */
  commits(node: NodeId, index: number): string | null {
    const before = this.#commits.get(node) ?? 0;
    this.#commits.set(node, index);
    return index >= before ? null : `commit index of ${node} fell from ${before} to ${index}`;
  }

  /** A snapshot was installed, or started from. */
  restores(node: NodeId, index: number): void {
    this.#appliedBy.set(node, index);
    this.#commits.set(node, index);
  }

  /** Terms never fall, over restarts with the disk neither. */
  term(node: NodeId, term: number): string | null {
    const before = this.#terms.get(node) ?? 0;
    this.#terms.set(node, term);
    return term >= before ? null : `term of ${node} fell from ${before} to ${term}`;
  }

  /** The disk is gone, and its terms with it. */
  wiped(node: NodeId): void {
    this.#terms.delete(node);
  }
}
