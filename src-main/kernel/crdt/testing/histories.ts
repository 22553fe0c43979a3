/**
 * Reachable states of every replicated type, for laws that hold of those only: three replicas
 * that write, send deltas and merge whole states as a list of numbers says.
 */
import { type Actor, actorOf, nodeOfActor } from "../actor.ts";
import { sortedKeys } from "../canonical.ts";
import {
  count,
  type GCounter,
  gCounter,
  increment,
  type PnCounter,
  pnCounter,
} from "../counters.ts";
import type { Crdt } from "../crdt.ts";
import { dvvContext, dvvDiscard, dvvWrite } from "../dvv-set.ts";
import { type LwwMap, lwwMap, type LwwRegister, lwwRegister, writeKey } from "../lww.ts";
import { type MvRegister, mvRegister } from "../mv-register.ts";
import { addElement, type OrSet, orSet, removeElement } from "../or-set.ts";
import { stampWrite } from "../stamp.ts";

export const REPLICAS: readonly Actor[] = [actorOf("a", 0), actorOf("b", 3), actorOf("c", 12)];

export interface Subject<State> {
  readonly crdt: Crdt<State, unknown>;
  /** The delta of some write that `draw` stands for. */
  write(state: State, actor: Actor, draw: number): State;
}

export const gCounterSubject: Subject<GCounter> = {
  crdt: gCounter,
  write: (state, actor, draw) => increment(state, actor, 1 + (draw % 3)),
};

export const pnCounterSubject: Subject<PnCounter> = {
  crdt: pnCounter,
  write: (state, actor, draw) => count(state, actor, draw % 2 === 0 ? 1 + (draw % 5) : -1),
};

/** Clocks stand nearly still, so that stamps of several nodes often have the same time. */
export const lwwRegisterSubject: Subject<LwwRegister> = {
  crdt: lwwRegister,
  write: (state, actor, draw) => ({
    stamp: stampWrite({ node: nodeOfActor(actor), now: draw % 3, seen: state?.stamp }),
    value: draw % 4 === 0 ? null : Uint8Array.of(draw & 0xff),
  }),
};

export const lwwMapSubject: Subject<LwwMap> = {
  crdt: lwwMap,
  write(state, actor, draw) {
    const key = `k${draw % 4}`;
    const seen = state.get(key)?.stamp;
    const stamp = stampWrite({ node: nodeOfActor(actor), now: draw % 3, seen });
    return writeKey(key, { stamp, value: draw % 5 === 0 ? null : Uint8Array.of(draw & 0xff) });
  },
};

export const orSetSubject: Subject<OrSet> = {
  crdt: orSet,
  write(state, actor, draw) {
    const element = `e${draw % 5}`;
    return draw % 3 === 0 ? removeElement(state, element) : addElement(state, actor, element);
  },
};

export const mvRegisterSubject: Subject<MvRegister> = {
  crdt: mvRegister,
  write(state, actor, draw) {
    const context = draw % 3 === 0 ? new Map<Actor, number>() : dvvContext(state);
    return draw % 7 === 0
      ? dvvDiscard(context)
      : dvvWrite(state, { actor, context, value: Uint8Array.of(draw & 0xff) });
  },
};

export interface History<State> {
  /** The replicas' states at the end. */
  readonly states: readonly State[];
  /** Every delta, in the order of writing. */
  readonly deltas: readonly State[];
}

/** Each number is one step: a write at a replica, a delta late or twice, or a merge of two. */
export function runHistory<State>(
  subject: Subject<State>,
  draws: readonly number[],
): History<State> {
  const { crdt } = subject;
  const states = REPLICAS.map(() => crdt.bottom);
  const deltas: State[] = [];
  for (const draw of draws) {
    const who = draw % REPLICAS.length;
    const rest = Math.floor(draw / (REPLICAS.length * 4));
    const mine = states[who] ?? crdt.bottom;
    switch (Math.floor(draw / REPLICAS.length) % 4) {
      case 0:
        states[who] = crdt.merge(mine, states[rest % REPLICAS.length] ?? crdt.bottom);
        break;
      case 1:
        states[who] = crdt.merge(mine, deltas[rest % Math.max(1, deltas.length)] ?? crdt.bottom);
        break;
      default: {
        const delta = subject.write(mine, REPLICAS[who] ?? "", rest);
        deltas.push(delta);
        states[who] = crdt.merge(mine, delta);
      }
    }
  }
  return { states, deltas };
}

/** The names in a map, for expectations. */
export function keysOf(map: ReadonlyMap<string, unknown>): string {
  return sortedKeys(map).join(" ");
}
