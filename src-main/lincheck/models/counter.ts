/** A counter: inc, dec, add, read. */
import { assert } from "#main/kernel/assert.ts";
import { MAX_ALTERNATIVES } from "../limits.ts";
import { without } from "../operations.ts";
import type { Model, ObjectHistory, Operation, RawOperation, ValueReader } from "../types.ts";
import type { CounterCall } from "./calls.ts";
import { CounterObject } from "./counter-object.ts";
import { isAbsent, mustRepeat } from "./repeat.ts";

type CounterHistory = ObjectHistory<CounterCall, number>;

export const counterModel: Model<CounterCall, number> = {
  functions: ["read", "inc", "dec", "add"],
  initial: (json, values, line) =>
    json === undefined ? 0 : wholeNumber(json, values, { line, what: "the initial value" }),
  read: readCall,
  describe: (call) => (call.kind === "read" ? `read → ${call.value}` : `add ${call.by}`),
  describeState: String,
  split: (history) => [history],
  createObject: (operations, initial) => new CounterObject(operations, initial),
  reduce,
  isPure: (call) => call.kind === "read" || call.by === 0,
  statesBetween: () => undefined,
  aspects: () => [],
  alternatives,
};

function wholeNumber(
  json: unknown,
  values: ValueReader,
  { line, what }: { readonly line: number; readonly what: string },
): number {
  if (typeof json === "number" && Number.isSafeInteger(json)) return json;
  return values.bad(line, `${what} of a counter must be a whole number within ±(2^53 - 1)`);
}

function readCall(raw: RawOperation, values: ValueReader): CounterCall | undefined {
  const { f, argument, result, place } = raw;
  const { invokeLine, endLine = invokeLine, outcome } = place;
  if (f === "read") {
    if (!isAbsent(argument)) values.bad(invokeLine, "a read is invoked without a value");
    if (outcome === "unknown") return undefined;
    const value = wholeNumber(result, values, { line: endLine, what: "what a read saw" });
    return { kind: "read", value };
  }
  const one = isAbsent(argument) && f !== "add" ? 1 : argument;
  const amount = wholeNumber(one, values, { line: invokeLine, what: `the value of ${f}` });
  mustRepeat({ ...raw, argument: one }, values);
  assert(f === "inc" || f === "dec" || f === "add", `not a function of counters: ${f}`);
  // No negative zero: it would print as another amount than zero.
  return { kind: "add", by: f === "dec" && amount !== 0 ? -amount : amount };
}

/**
 * Reads can always go. An addition that returned before any read left began counts for all of
 * them: it moves into the initial value. One that began after the last read returned counts for
 * none.
 */
function reduce(
  history: CounterHistory,
  unwanted: ReadonlySet<Operation<CounterCall>>,
): CounterHistory {
  let left = without(history, (one) => unwanted.has(one) && counterModel.isPure(one.call));
  const reads = left.operations.filter(({ call }) => call.kind === "read");
  const firstBegin = reads.reduce((least, { begin }) => Math.min(least, begin), Infinity);
  const lastEnd = reads.reduce((most, { end }) => Math.max(most, end), -Infinity);
  let counted = 0;
  left = without(left, (one) => {
    if (!unwanted.has(one) || one.call.kind === "read") return false;
    if (one.end < firstBegin) counted += one.call.by;
    return one.end < firstBegin || one.begin > lastEnd;
  });
  return { ...left, initials: left.initials.map((initial) => initial + counted) };
}

/** What surely came before counts; of all else any part may. */
function alternatives(
  history: CounterHistory,
  { call, begin }: Operation<CounterCall>,
): readonly CounterCall[] {
  if (call.kind !== "read") return [];
  const [initial = 0] = history.initials;
  let [low, high] = [initial, initial];
  for (const { call: other, end } of history.operations) {
    if (other.kind === "read") continue;
    const sure = end < begin;
    low += sure ? other.by : Math.min(0, other.by);
    high += sure ? other.by : Math.max(0, other.by);
  }
  if (high - low >= MAX_ALTERNATIVES) return [];
  const values = Array.from({ length: high - low + 1 }, (_value, index) => low + index);
  return values.filter((value) => value !== call.value).map((value) => ({ kind: "read", value }));
}
