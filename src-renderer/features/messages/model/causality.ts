/**
 * Happened-before (Lamport 1978) without clocks: an event is before another when it comes earlier
 * on the same node, or when a chain of messages leads from it to the other. One walk over the
 * messages by falling arrival gives the past, one by rising departure the future.
 */
import type { MessageStore } from "./message-store.ts";

/** Messages that are looked at on each side of the chosen moment. */
export const MAX_CAUSAL = 100_000;

/** A point on a node's line. */
export interface Moment {
  /** Number of the node in the store. */
  readonly node: number;
  readonly at: number;
}

export const PAST = 1;
export const FUTURE = 2;

export interface Cone {
  /** By row of the store: `PAST`, `FUTURE`, or 0 for neither. Rows beyond its length: 0. */
  readonly sides: Uint8Array;
  /** By node: up to when all of its events are in the past; -Infinity: none is. */
  readonly pastUntil: Float64Array;
  /** By node: from when all of its events are in the future; Infinity: none is. */
  readonly futureFrom: Float64Array;
  readonly past: number;
  readonly future: number;
  /** Mesh time between which messages were looked at. */
  readonly from: number;
  readonly to: number;
  /** Whether messages that are held lie outside of that. */
  readonly cut: boolean;
}

/**
 * What may have led to `cause` and what `effect` may have led to. For an event both are the same
 * moment; for a message, where it left and where it arrived (no arrival: it led to nothing). Two
 * events of one node in the same microsecond count as in the order past, moment, future.
 */
export function coneOf(store: MessageStore, cause: Moment, effect: Moment | undefined): Cone {
  const begin = Math.max(0, store.firstSince(cause.at) - MAX_CAUSAL);
  const end = Math.min(store.count, store.firstSince((effect ?? cause).at) + MAX_CAUSAL);
  const sides = new Uint8Array(end);
  const nodes = store.nodes.words.length;
  const pastUntil = new Float64Array(nodes).fill(Number.NEGATIVE_INFINITY);
  const futureFrom = new Float64Array(nodes).fill(Number.POSITIVE_INFINITY);
  pastUntil[cause.node] = cause.at;
  const past = markPast(store, { begin, end }, pastUntil, sides);
  let future = 0;
  if (effect !== undefined) {
    futureFrom[effect.node] = effect.at;
    future = markFuture(store, { begin, end }, futureFrom, sides);
  }
  const { sentAt } = store.columns;
  return {
    sides,
    pastUntil,
    futureFrom,
    past,
    future,
    from: sentAt[begin] ?? cause.at,
    to: sentAt[end - 1] ?? cause.at,
    cut: begin > 0 || end < store.count,
  };
}

interface Range {
  readonly begin: number;
  readonly end: number;
}

function markPast(
  store: MessageStore,
  { begin, end }: Range,
  until: Float64Array,
  sides: Uint8Array,
): number {
  const { sentAt, arrivedAt, from, to } = store.columns;
  const latest = until.reduce((most, at) => Math.max(most, at), Number.NEGATIVE_INFINITY);
  let found = 0;
  for (const row of byFallingArrival(store, { begin, end }, latest)) {
    const arrived = arrivedAt[row] ?? -1;
    if (arrived > (until[to[row] ?? 0] ?? Number.NEGATIVE_INFINITY)) continue;
    sides[row] = PAST;
    found += 1;
    const sender = from[row] ?? 0;
    until[sender] = Math.max(until[sender] ?? Number.NEGATIVE_INFINITY, sentAt[row] ?? 0);
  }
  return found;
}

/** Messages that arrived at or before `latest`, the last first; ties by the order of sending. */
function byFallingArrival(store: MessageStore, range: Range, latest: number): Uint32Array {
  const { arrivedAt } = store.columns;
  const rows = new Uint32Array(range.end - range.begin);
  let count = 0;
  for (let row = range.begin; row < range.end; row += 1) {
    const arrived = arrivedAt[row] ?? -1;
    if (arrived >= 0 && arrived <= latest) rows[count++] = row;
  }
  return rows.subarray(0, count).sort((a, b) => (arrivedAt[b] ?? 0) - (arrivedAt[a] ?? 0) || b - a);
}

/** Rows are in the order of sending already. */
function markFuture(
  store: MessageStore,
  { begin, end }: Range,
  since: Float64Array,
  sides: Uint8Array,
): number {
  const { sentAt, arrivedAt, from, to } = store.columns;
  let found = 0;
  for (let row = begin; row < end; row += 1) {
    const sent = sentAt[row] ?? 0;
    if (sent < (since[from[row] ?? 0] ?? Number.POSITIVE_INFINITY) || sides[row] === PAST) continue;
    sides[row] = FUTURE;
    found += 1;
    const arrived = arrivedAt[row] ?? -1;
    const receiver = to[row] ?? 0;
    if (arrived >= 0) {
      since[receiver] = Math.min(since[receiver] ?? Number.POSITIVE_INFINITY, arrived);
    }
  }
  return found;
}
