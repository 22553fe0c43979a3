/** A register: read, write, compare-and-set. */
import { assert } from "#main/kernel/assert.ts";
import { without } from "../operations.ts";
import { MAX_ALTERNATIVES } from "../limits.ts";
import type {
  Model,
  ObjectHistory,
  Operation,
  RawOperation,
  Value,
  ValueReader,
} from "../types.ts";
import type { RegisterCall } from "./calls.ts";
import { RegisterObject } from "./register-object.ts";
import { isAbsent, mustRepeat } from "./repeat.ts";

type RegisterHistory = ObjectHistory<RegisterCall, Value>;

export const registerModel: Model<RegisterCall, Value> = {
  functions: ["read", "write", "cas"],
  initial: (json, values, line) => values.value(json === undefined ? null : json, line),
  read: readCall,
  describe,
  describeState: (state) => state.text,
  split: (history) => [history],
  createObject: (operations, initial) => new RegisterObject(operations, initial),
  reduce,
  isPure: ({ kind }) => kind === "read" || kind === "refused",
  statesBetween,
  aspects: () => [],
  alternatives,
};

function readCall(raw: RawOperation, values: ValueReader): RegisterCall | undefined {
  const { f, argument, result, place } = raw;
  const { invokeLine, endLine = invokeLine, outcome } = place;
  if (f === "read") {
    if (!isAbsent(argument)) values.bad(invokeLine, "a read is invoked without a value");
    if (outcome === "unknown") return undefined;
    if (result === undefined) values.bad(endLine, "the ok of a read needs the value that was read");
    return { kind: "read", value: values.value(result, endLine) };
  }
  if (argument === undefined) values.bad(invokeLine, `a ${f} needs a value`);
  if (f === "write") {
    mustRepeat(raw, values);
    return { kind: "write", value: values.value(argument, invokeLine) };
  }
  assert(f === "cas", `not a function of registers: ${f}`);
  if (!Array.isArray(argument) || argument.length !== 2) {
    values.bad(invokeLine, "the value of a cas is a pair: [expected, new]");
  }
  const [from, to] = argument.map((one) => values.value(one, invokeLine));
  assert(from !== undefined && to !== undefined, "a pair has two members");
  if (outcome === "ok" && result === false) return { kind: "refused", from, to };
  if (outcome === "unknown" || result !== true) mustRepeat(raw, values);
  return { kind: "swap", from, to };
}

function describe(call: RegisterCall): string {
  switch (call.kind) {
    case "read":
      return `read → ${call.value.text}`;
    case "write":
      return `write ${call.value.text}`;
    case "swap":
      return `cas ${call.from.text} → ${call.to.text}`;
    case "refused":
      return `cas ${call.from.text} → ${call.to.text}: refused`;
  }
}

/** The value an operation must find, or could use. */
function neededBy(call: RegisterCall): Value | undefined {
  if (call.kind === "read") return call.value;
  return call.kind === "swap" ? call.from : undefined;
}

function broughtBy(call: RegisterCall): Value | undefined {
  if (call.kind === "write") return call.value;
  return call.kind === "swap" ? call.to : undefined;
}

/**
 * Reads can always go: what is left keeps its order. An operation that brings a value can go when
 * nothing left needs or could use that value: the value before it lasts longer, and nobody looks.
 * A refused compare-and-set would look.
 */
function reduce(
  history: RegisterHistory,
  unwanted: ReadonlySet<Operation<RegisterCall>>,
): RegisterHistory {
  const pure = (one: Operation<RegisterCall>): boolean => registerModel.isPure(one.call);
  let left = without(history, (one) => unwanted.has(one) && pure(one));
  if (left.operations.some(({ call }) => call.kind === "refused")) return left;
  for (;;) {
    const needed = new Set(left.operations.map(({ call }) => neededBy(call)));
    const smaller = without(left, (one) => {
      const brought = broughtBy(one.call);
      if (!unwanted.has(one) || brought === undefined) return false;
      return !needed.has(brought) || neededBy(one.call) === brought;
    });
    if (smaller === left) return left;
    left = smaller;
  }
}

/** Values that were there or under way before, as far as what follows can tell them apart. */
function statesBetween(
  before: RegisterHistory,
  after: readonly Operation<RegisterCall>[],
): readonly Value[] {
  const seen = new Set<Value>();
  for (const { call } of after) {
    const needed = call.kind === "refused" ? call.from : neededBy(call);
    if (needed !== undefined) seen.add(needed);
  }
  const possible = new Set(before.initials);
  for (const { call } of before.operations) {
    const brought = broughtBy(call);
    if (brought !== undefined) possible.add(brought);
  }
  return [...[...possible].filter((value) => seen.has(value)), ANY_OTHER];
}

/** Stands for every value that no operation of a window names. */
const ANY_OTHER: Value = { text: "something else" };

/** Values that may have been there: brought by an operation that no other one followed for sure. */
function alternatives(
  history: RegisterHistory,
  { call, begin }: Operation<RegisterCall>,
): readonly RegisterCall[] {
  const before = history.operations.filter(({ end }) => end < begin);
  const last = before
    .filter((one) => broughtBy(one.call) !== undefined)
    .reduce((latest, one) => Math.max(latest, one.begin), -Infinity);
  const values = new Set(last === -Infinity ? history.initials : []);
  for (const { call: other, end } of history.operations) {
    const brought = broughtBy(other);
    if (brought !== undefined && end >= last) values.add(brought);
  }
  if (call.kind === "read") values.delete(call.value);
  else if (call.kind !== "write") values.delete(call.from);
  if (values.size > MAX_ALTERNATIVES) return [];
  return [...values].map((value) => ({ kind: "read", value }));
}
