import type { NodeId } from "#main/kernel/machine.ts";
import { majorityOf } from "./majority.ts";
import type { PartitionCounts } from "./types.ts";

interface Verdict {
  readonly agreed: boolean;
  readonly reachable: boolean;
}

const STRANGER: Verdict = { agreed: false, reachable: false };
const REACHABLE_MEMBER: Verdict = { agreed: true, reachable: true };

/**
 * Who is a member and who of them can be reached, counted as it changes. Only differences to the
 * shared start set are stored, so that a thousand nodes at rest hold next to nothing.
 */
export class ReachabilityView {
  readonly #self: NodeId;
  readonly #tieBreaker: NodeId | null;
  readonly #base: ReadonlySet<NodeId>;
  readonly #changed = new Map<NodeId, Verdict>();
  #of: number;
  #reachable: number;

  constructor(self: NodeId, tieBreaker: NodeId | null, base: ReadonlySet<NodeId>) {
    this.#self = self;
    this.#tieBreaker = tieBreaker;
    this.#base = base;
    this.#of = base.size;
    this.#reachable = base.size;
  }

  get selfAgreed(): boolean {
    return this.#verdict(this.#self).agreed;
  }

  get counts(): PartitionCounts {
    const tieBreaker = this.#tieBreaker === null ? STRANGER : this.#verdict(this.#tieBreaker);
    const needed = majorityOf(this.#of, tieBreaker.agreed && tieBreaker.reachable);
    return { reachable: this.#reachable, needed, of: this.#of };
  }

  /** Whether this changed anything that counts. */
  set(member: NodeId, agreed: boolean, reachable: boolean): boolean {
    const before = this.#verdict(member);
    // A node always reaches itself, whatever others say of it.
    const after = { agreed, reachable: agreed && (reachable || member === this.#self) };
    if (before.agreed === after.agreed && before.reachable === after.reachable) {
      return false;
    }
    this.#of += Number(after.agreed) - Number(before.agreed);
    this.#reachable += Number(after.reachable) - Number(before.reachable);
    this.#changed.set(member, after);
    return true;
  }

  #verdict(member: NodeId): Verdict {
    return this.#changed.get(member) ?? (this.#base.has(member) ? REACHABLE_MEMBER : STRANGER);
  }
}
