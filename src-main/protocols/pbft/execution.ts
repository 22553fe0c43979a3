/** Decided batches are executed in the order of their numbers, without gaps, and answered. */
import { assert } from "#main/kernel/assert.ts";
import { shortDigest } from "./digest.ts";
import type { Replica } from "./replica.ts";
import type { Executed } from "./state.ts";
import type { CommitCertificate, Digest } from "./types.ts";

export class Execution {
  readonly #replica: Replica;
  readonly #onExecuted: (executed: Executed) => void;

  constructor(replica: Replica, onExecuted: (executed: Executed) => void) {
    this.#replica = replica;
    this.#onExecuted = onExecuted;
  }

  /** Executes the next sequence number if it can. */
  next(): boolean {
    const { state, out } = this.#replica;
    const slot = this.#replica.findSlot(state.sequence + 1);
    const decided = slot?.decided ?? null;
    const batch = decided === null ? undefined : slot?.batches.get(decided.digest);
    if (decided === null || batch === undefined) {
      return false;
    }
    const { view: term, sequence: index, digest } = decided;
    const executed = state.execute(batch, digest);
    assert(state.sequence === index, "execution goes by sequence numbers");
    out.emit({ kind: "committed", term, index });
    const noted = { term, index, digest: shortDigest(digest) };
    out.emit({ kind: "applied", ...noted, state: state.hash });
    out.emit({ kind: "round", ...noted, phase: "applied" });
    for (const one of executed) {
      this.#onExecuted(one);
    }
    return true;
  }

  /** A batch that must be asked for: it was agreed on by its digest alone. */
  missing(): Digest[] {
    const { view, active } = this.#replica;
    const digests: Digest[] = [];
    for (const { decided, accepted, batches } of this.#replica.slots()) {
      const digest =
        decided?.digest ?? (active && accepted?.view === view ? accepted.digest : null);
      if (digest !== null && !batches.has(digest)) {
        digests.push(digest);
      }
    }
    return digests;
  }

  /** A certificate and its batch, both verified by the caller. */
  learn(certificate: CommitCertificate): void {
    const slot = this.#replica.slot(certificate.sequence);
    if (slot.decided === null) {
      slot.decided = certificate;
      const { view: term, sequence: index, digest } = certificate;
      const phase = "committed";
      this.#replica.emit({ kind: "round", term, index, phase, digest: shortDigest(digest) });
    }
  }
}
