/** A sum of what all nodes added. */
import { sortedKeys } from "#main/kernel/crdt/canonical.ts";
import { count, type GCounter, type PnCounter, pnCounter } from "#main/kernel/crdt/counters.ts";
import { MAX_COUNT_PER_ACTOR } from "#main/kernel/crdt/limits.ts";
import type { Stamp } from "#main/kernel/crdt/stamp.ts";
import { beginActor, newestStamp, ownActor, stampOfActor, survives } from "../contributor.ts";
import { type CellType, refused } from "./cell-type.ts";
import { versionText } from "./version.ts";

const INTEGER = /^[+-]?\d{1,15}$/;

export const counterCell: CellType<PnCounter> = {
  crdt: pnCounter,

  write(state, { value, stamp, ...contributor }) {
    const by = INTEGER.test(value) ? Number(value) : Number.NaN;
    if (!Number.isSafeInteger(by) || by === 0) {
      return refused("bad-request", "a counter takes an integer other than 0, which is added");
    }
    const actor =
      ownActor(contributor, actorsOf(state).keys()) ?? beginActor(contributor, stamp.at);
    const own = (by > 0 ? state.up : state.down).get(actor) ?? 0;
    if (own + Math.abs(by) > MAX_COUNT_PER_ACTOR) {
      return refused("too-large", `one node counts up to ${MAX_COUNT_PER_ACTOR} either way`);
    }
    return { delta: count(state, actor, by) };
  },

  prune: (state, floor) => ({ up: pruned(state.up, floor), down: pruned(state.down, floor) }),
  newest: (state) => newestStamp([...actorsOf(state).keys()].map(stampOfActor)),
  values: (state) => [String(pnCounter.value(state))],
  version: (state) =>
    versionText(
      sortedKeys(actorsOf(state)).map((actor) => {
        return `${actor}:+${state.up.get(actor) ?? 0}-${state.down.get(actor) ?? 0}`;
      }),
    ),
  keepsExpiry: true,
};

function actorsOf({ up, down }: PnCounter): GCounter {
  return new Map([...up, ...down]);
}

function pruned(counts: GCounter, floor: Stamp): GCounter {
  return new Map([...counts].filter(([actor]) => survives(stampOfActor(actor), floor)));
}
