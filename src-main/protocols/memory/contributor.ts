/**
 * Under which name a node makes updates to one key. The name tells when the node began to
 * contribute, so that a delete, which is a stamp, takes away all contributions begun before it; and
 * the life it did so in, so that a life which forgot something never uses a name again.
 */
import { type Actor, actorOf, nodeOfActor } from "#main/kernel/crdt/actor.ts";
import { compareStamps, type Stamp } from "#main/kernel/crdt/stamp.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import { type Micros, MICROS_PER_MS } from "#main/kernel/time.ts";

/** Lives are told apart by the digits below a millisecond: after so many they begin anew. */
const LIVES = MICROS_PER_MS;

export interface Contributor {
  readonly self: NodeId;
  readonly life: number;
}

/** The beginning of the contribution that the actor stands for. */
export function stampOfActor(actor: Actor): Stamp {
  return { at: Number(actor.slice(actor.lastIndexOf("#") + 1)), node: nodeOfActor(actor) };
}

/** The name for a contribution that begins at `at` or up to 1 ms later. */
export function beginActor({ self, life }: Contributor, at: Micros): Actor {
  const digits = life % LIVES;
  const begun = Math.ceil(Math.max(0, at - digits) / LIVES) * LIVES + digits;
  return actorOf(self, begun);
}

/** The name that this life has among these already. */
export function ownActor({ self, life }: Contributor, actors: Iterable<Actor>): Actor | null {
  let own: Stamp | null = null;
  for (const actor of actors) {
    const stamp = stampOfActor(actor);
    const isMine = stamp.node === self && stamp.at % LIVES === life % LIVES;
    if (isMine && (own === null || stamp.at > own.at)) {
      own = stamp;
    }
  }
  return own === null ? null : actorOf(own.node, own.at);
}

export function newestStamp(stamps: Iterable<Stamp>): Stamp | null {
  let newest: Stamp | null = null;
  for (const stamp of stamps) {
    newest = laterStamp(newest, stamp);
  }
  return newest;
}

export function laterStamp(a: Stamp | null, b: Stamp | null): Stamp | null {
  if (a === null || b === null) {
    return a ?? b;
  }
  return compareStamps(a, b) >= 0 ? a : b;
}

/** Whether a delete with this stamp leaves it. */
export function survives(stamp: Stamp, floor: Stamp | null): boolean {
  return floor === null || compareStamps(stamp, floor) > 0;
}
