import type { NodeId } from "#main/kernel/machine.ts";
import type { Digest } from "#main/protocols/pbft/types.ts";
import { BoundedMap } from "#main/kernel/bounded-map.ts";

/** Rounds whose second truth the traitors remember. */
const MAX_ROUNDS = 4_096;

/**
 * What all traitors of a mesh share: the worst case is that they work together. They have their own
 * keys and nobody else's.
 */
export class Conspiracy {
  readonly members: readonly NodeId[];
  readonly mesh: string;
  /** Digest by view, sequence and truth: "told" to one half, "hidden" to the other. */
  readonly #hidden = new BoundedMap<string, Digest>(MAX_ROUNDS);

  constructor(members: readonly NodeId[], mesh: string) {
    this.members = members;
    this.mesh = mesh;
  }

  /** Every other member is told the second truth. */
  isDeceived(node: NodeId): boolean {
    return this.members.indexOf(node) % 2 === 1;
  }

  hide(view: number, sequence: number, digest: Digest): void {
    this.#hidden.set(`${view}:${sequence}`, digest);
  }

  hidden(view: number, sequence: number): Digest | undefined {
    return this.#hidden.get(`${view}:${sequence}`);
  }
}
