/**
 * Makes the part of a history that cannot be ordered small. Every step keeps this promise: if the
 * whole history were linearizable, so would be what is left. What is shown is therefore a reason,
 * and not an artefact of leaving operations out (a read without its write, for example).
 */
import { type Decider, upTo } from "./decide.ts";
import { without } from "./operations.ts";
import type { ObjectHistory, Operation } from "./types.ts";

/** Yields after each trial, with the smallest history so far; the last one is not made smaller. */
export function* shrink<Call, State>(
  decider: Decider<Call, State>,
  history: ObjectHistory<Call, State>,
): Generator<ObjectHistory<Call, State>, ObjectHistory<Call, State>> {
  let left = yield* shortestPrefix(decider, history);
  left = yield* fewestAspects(decider, left);
  left = yield* latestStart(decider, left);
  return yield* fewestOperations(decider, left);
}

/** Ends with the first return that no order explains; all that is still open may have happened. */
function* shortestPrefix<Call, State>(
  decider: Decider<Call, State>,
  history: ObjectHistory<Call, State>,
): Generator<ObjectHistory<Call, State>, ObjectHistory<Call, State>> {
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
    yield best;
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
): Generator<ObjectHistory<Call, State>, ObjectHistory<Call, State>> {
  let left = history;
  for (let found = true; found; ) {
    found = false;
    for (const aspect of decider.model.aspects(left)) {
      found = decider.refutes(aspect);
      if (found) left = aspect;
      yield left;
      if (found) break;
    }
  }
  return left;
}

/**
 * Begins as late as it can: what returned before is gone, what was under way may have happened
 * or not, and the object may have been in any state that the operations before could leave.
 */
function* latestStart<Call, State>(
  decider: Decider<Call, State>,
  history: ObjectHistory<Call, State>,
): Generator<ObjectHistory<Call, State>, ObjectHistory<Call, State>> {
  const begins = history.operations.map(({ begin }) => begin);
  let [bad, good] = [0, begins.length];
  let best = history;
  while (good - bad > 1) {
    const middle = (bad + good) >>> 1;
    const suffix = from(decider, history, begins[middle] ?? 0);
    if (suffix !== undefined && decider.refutes(suffix)) {
      bad = middle;
      best = suffix;
    } else {
      good = middle;
    }
    yield best;
  }
  return best;
}

function from<Call, State>(
  { model }: Decider<Call, State>,
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
): Generator<ObjectHistory<Call, State>, ObjectHistory<Call, State>> {
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
      yield left;
    }
  }
  return left;
}
