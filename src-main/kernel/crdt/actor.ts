/**
 * Who makes updates. A node that lost its disk does not know which of its numbers it used; were it
 * to count from one again, two updates would carry one name, and replicas that know the first would
 * never take the second. So each life without memory of the one before is an actor of its own.
 */
import { assert } from "../assert.ts";
import { DecodeError, type WireReader, type WireWriter } from "../wire.ts";
import { MAX_ACTOR_BYTES } from "./limits.ts";

/** `node#life`. */
export type Actor = string;

const SEPARATOR = "#";

/**
 * `life`: a non-negative safe integer that this node never used before, unless it still has
 * everything that it knew then. A restored backup is a new life. The time of the start will do
 * where the clock is not set back between lives.
 */
export function actorOf(node: string, life: number): Actor {
  assert(node !== "", "an actor has a node");
  assert(Number.isSafeInteger(life) && life >= 0, `no life: ${life}`);
  return `${node}${SEPARATOR}${life}`;
}

export function nodeOfActor(actor: Actor): string {
  return actor.slice(0, actor.lastIndexOf(SEPARATOR));
}

/** One update: the `counter`-th of its actor, counted from 1. */
export interface Dot {
  readonly actor: Actor;
  readonly counter: number;
}

export function encodeDot(writer: WireWriter, dot: Dot): void {
  writer.string(dot.actor);
  writer.varint(dot.counter);
}

export function decodeDot(reader: WireReader): Dot {
  return { actor: decodeActor(reader), counter: decodeCounter(reader) };
}

export function decodeActor(reader: WireReader): Actor {
  return checkedActor(reader.string(MAX_ACTOR_BYTES));
}

/** Names that no node gives itself are refused, so that one actor has one name. */
export function checkedActor(actor: string): Actor {
  if (!ACTOR.test(actor)) {
    throw new DecodeError("not an actor");
  }
  return actor;
}

const ACTOR = /^.+#(?:0|[1-9]\d{0,15})$/su;

/** Updates count from 1; 0 stands for none at all and is never written. */
export function decodeCounter(reader: WireReader): number {
  const counter = reader.varint();
  if (counter === 0) {
    throw new DecodeError("updates count from 1");
  }
  return counter;
}
