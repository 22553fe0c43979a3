/**
 * Makes the part of a history that cannot be ordered small. Every step keeps this promise: if the
 * whole history were linearizable, so would be what is left. What is shown is therefore a reason,
 * and not an artefact of leaving operations out (a read without its write, for example).
 */
import { type Decider, upTo } from "./decide.ts";
import { without } from "./operations.ts";
import type { Model, ObjectHistory, Operation } from "./types.ts";

/** Operations by which a window with a definite beginning may be longer than one without. */
const MAX_MORE = 4;

export interface Shrunk<Call, State> {
  /** Everything, as far as it concerns what is wrong, up to the first return without a place. */
  readonly whole: ObjectHistory<Call, State>;
  readonly window: ObjectHistory<Call, State>;
}

/** Yields after each trial. */
export function* shrink<Call, State>(
  decider: Decider<Call, State>,
  history: ObjectHistory<Call, State>,
): Generator<unknown, Shrunk<Call, State>> {
  const prefix = yield* shortestPrefix(decider, history);
  const whole = yield* fewestAspects(decider, prefix);
  const left = yield* fewestOperations(decider, yield* latestStart(decider, whole));
  const definite = withDefiniteStart(decider, whole, left);
  const window = definite === undefined ? left : yield* fewestOperations(decider, definite);
  return { whole, window };
}

/**
 * The operations of a window and what they need from before it, beginning with the state that is
 * known: a few operations more are easier to follow than "whatever it held before".
 */
function withDefiniteStart<Call, State>(
  decider: Decider<Call, State>,
  whole: ObjectHistory<Call, State>,
  window: ObjectHistory<Call, State>,
): ObjectHistory<Call, State> | undefined {
  const kept = new Set(window.operations.map(({ begin }) => begin));
  const others = whole.operations.filter(({ begin }) => !kept.has(begin));
  const definite = decider.model.reduce(whole, new Set(others));
  const more = definite.operations.length - window.operations.length;
  return more <= MAX_MORE && decider.refutes(definite) ? definite : undefined;
}

/** Ends with the first return that no order explains; all that is still open may have happened. */
function* shortestPrefix<Call, State>(
  decider: Decider<Call, State>,
  history: ObjectHistory<Call, State>,
): Generator<unknown, ObjectHistory<Call, State>> {
  const ends = returnsOf(history);
  let [good, bad] = [-1, ends.length - 1];
  let best = upTo(history, ends[bad] ?? Infinity);
  while (bad - good > 1) {
    const middle = (good + bad) >>> 1;
    const prefix = upTo(history, ends[middle] ?? 0);
    if (decider.refutes(prefix)) {
      bad = middle;
      best = prefix;
    } else {
      good = middle;
    }
    yield undefined;
  }
  return best;
}

function returnsOf<Call, State>(history: ObjectHistory<Call, State>): readonly number[] {
  const ends = history.operations.map(({ end }) => end).filter((end) => end !== Infinity);
  return ends.sort((a, b) => a - b);
}

function* fewestAspects<Call, State>(
  decider: Decider<Call, State>,
  history: ObjectHistory<Call, State>,
): Generator<unknown, ObjectHistory<Call, State>> {
  let left = history;
  for (let found = true; found; ) {
    found = false;
    for (const aspect of decider.model.aspects(left)) {
      found = decider.refutes(aspect);
      if (found) left = aspect;
      yield undefined;
      if (found) break;
    }
  }
  return left;
}

/** Begins as late as it can. */
function* latestStart<Call, State>(
  decider: Decider<Call, State>,
  history: ObjectHistory<Call, State>,
): Generator<unknown, ObjectHistory<Call, State>> {
  const begins = history.operations.map(({ begin }) => begin);
  let [bad, good] = [0, begins.length];
  let best = history;
  while (good - bad > 1) {
    const middle = (bad + good) >>> 1;
    const suffix = cutBefore(decider.model, history, begins[middle] ?? 0);
    if (suffix !== undefined && decider.refutes(suffix)) {
      bad = middle;
      best = suffix;
    } else {
      good = middle;
    }
    yield undefined;
  }
  return best;
}

/**
 * What begins at the event `start` or later: what returned before is gone, what was under way may
 * have happened or not, and the object may have been in any state that the operations before could
 * leave. `undefined` when there are too many such states.
 */
export function cutBefore<Call, State>(
  model: Model<Call, State>,
  history: ObjectHistory<Call, State>,
  start: number,
): ObjectHistory<Call, State> | undefined {
  const operations = history.operations
    .filter(({ end }) => end > start)
    .map((operation) => (operation.begin < start ? { ...operation, end: Infinity } : operation))
    .filter(({ call, end }) => end !== Infinity || !model.isPure(call));
  const before = without(history, ({ begin }) => begin >= start);
  const initials = model.statesBetween(before, operations);
  return initials === undefined ? undefined : { initials, operations };
}

/** Leaves out ever smaller groups of operations, until none can go any more. */
function* fewestOperations<Call, State>(
  decider: Decider<Call, State>,
  history: ObjectHistory<Call, State>,
): Generator<unknown, ObjectHistory<Call, State>> {
  let left = history;
  let size = Math.max(1, left.operations.length >>> 1);
  for (let changed = true; changed || size > 1; ) {
    if (!changed || size > left.operations.length) size = Math.max(1, size >>> 1);
    changed = false;
    for (let start = 0; start < left.operations.length; ) {
      const group = new Set<Operation<Call>>(left.operations.slice(start, start + size));
      const smaller = decider.model.reduce(left, group);
      const goes = smaller.operations.length < left.operations.length && decider.refutes(smaller);
      if (goes) left = smaller;
      else start += size;
      changed ||= goes;
      yield undefined;
    }
  }
  return left;
}
