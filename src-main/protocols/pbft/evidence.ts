/**
 * Proofs that a member broke the protocol: messages it signed which no correct member signs. Anyone
 * with its public key can check them, so they are facts and no opinions.
 */
import type { Replica } from "./replica.ts";
import { MAX_EVIDENCE } from "./limits.ts";
import type { Evidence, PbftMessage } from "./types.ts";

export class EvidenceStore {
  readonly #replica: Replica;
  readonly #kept = new Map<string, Evidence>();
  #count = 0;

  constructor(replica: Replica) {
    this.#replica = replica;
  }

  /** Oldest first, at most `MAX_EVIDENCE`. */
  get all(): readonly Evidence[] {
    return [...this.#kept.values()];
  }

  /** Proofs found, those no longer kept included. */
  get count(): number {
    return this.#count;
  }

  /** True when this was not known before. Both signatures have been checked by the caller. */
  add(fault: Evidence["fault"], first: PbftMessage, second: PbftMessage | null): boolean {
    const { sender: accused, view: term, sequence: index, type } = first;
    const key = `${fault} ${type} ${accused} ${term} ${index}`;
    if (this.#kept.has(key)) {
      return false;
    }
    if (this.#kept.size >= MAX_EVIDENCE) {
      const [oldest] = this.#kept.keys();
      this.#kept.delete(oldest as string);
    }
    this.#kept.set(key, { accused, fault, first, second });
    this.#count++;
    const text =
      second === null
        ? `signed a ${type} for view ${term} whose proofs do not hold`
        : `signed two different ${type} messages for view ${term}, sequence ${index}`;
    this.#replica.emit({ kind: "evidence", accused, fault, term, index, text });
    return true;
  }
}
