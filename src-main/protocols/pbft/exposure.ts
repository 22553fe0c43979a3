/**
 * A backup that votes for one thing here and for another there is not found out by counting: each
 * replica sees one of its votes. So a vote that does not fit the proposal is passed on, and whoever
 * got another one from the same voter holds the proof.
 */
import type { NodeId } from "#main/kernel/machine.ts";
import { MAX_EXPOSED_VOTES } from "./limits.ts";
import type { Replica } from "./replica.ts";
import type { Commit, Prepare } from "./types.ts";

export class Exposure {
  readonly #replica: Replica;
  /** Votes passed on in this view, by voter. */
  readonly #passed = new Map<NodeId, number>();

  constructor(replica: Replica) {
    this.#replica = replica;
  }

  /** Another view: voters may have to be exposed anew. */
  reset(): void {
    this.#passed.clear();
  }

  /** `vote` is well signed, and the first of its kind that came from its voter. */
  pass(vote: Prepare | Commit): void {
    const { others } = this.#replica;
    const passed = this.#passed.get(vote.sender) ?? 0;
    if (passed >= MAX_EXPOSED_VOTES) {
      return;
    }
    this.#passed.set(vote.sender, passed + 1);
    for (const member of others) {
      if (member !== vote.sender) {
        this.#replica.send(member, vote);
      }
    }
  }
}
