/**
 * Votes for views that this replica has not entered: they overtake the NEW-VIEW. Each sender has
 * room of its own, so one that floods pushes out only its own votes.
 */
import { BoundedQueue } from "#main/kernel/bounded-queue.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import { MAX_EARLY_VOTES } from "./limits.ts";
import type { Commit, Prepare } from "./types.ts";

export class EarlyVotes {
  readonly #votes = new Map<NodeId, BoundedQueue<Prepare | Commit>>();

  get size(): number {
    return [...this.#votes.values()].reduce((sum, queue) => sum + queue.size, 0);
  }

  /** Well signed, by a member. */
  add(vote: Prepare | Commit): void {
    let queue = this.#votes.get(vote.sender);
    if (queue === undefined) {
      queue = new BoundedQueue({ capacity: MAX_EARLY_VOTES, onFull: "drop-oldest" });
      this.#votes.set(vote.sender, queue);
    }
    queue.push(vote);
  }

  /** Takes out the votes of the view that begins; those of earlier views go. */
  take(view: number): (Prepare | Commit)[] {
    const taken: (Prepare | Commit)[] = [];
    for (const queue of this.#votes.values()) {
      for (const vote of queue.drain()) {
        if (vote.view === view) {
          taken.push(vote);
        } else if (vote.view > view) {
          queue.push(vote);
        }
      }
    }
    return taken;
  }
}
