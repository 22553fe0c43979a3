/** A set: add, remove, contains, read of all. */
import { assert } from "#main/kernel/assert.ts";
import { without } from "../operations.ts";
import type {
  Model,
  ObjectHistory,
  Operation,
  RawOperation,
  Value,
  ValueReader,
} from "../types.ts";
import type { SetCall } from "./calls.ts";
import { isAbsent, mustRepeat } from "./repeat.ts";
import { SetObject } from "./set-object.ts";

type Elements = ReadonlySet<Value>;
type SetHistory = ObjectHistory<SetCall, Elements>;
type SetOperation = Operation<SetCall>;

/** Elements whose every combination is tried as the state at a cut, or as what was read. */
const MAX_COMBINED = 4;
/** Parts of the elements that are left out in turn. */
const MAX_PARTS = 16;
const MAX_SHOWN = 8;

export const setModel: Model<SetCall, Elements> = {
  functions: ["add", "remove", "contains", "read"],
  initial: (json, values, line) =>
    json === undefined ? new Set() : elementsOf(json, values, { line, what: "the initial value" }),
  read: readCall,
  describe,
  describeState: (state) => `{${shown(state)}}`,
  split,
  createObject: (operations, initial) => new SetObject(operations, initial),
  reduce,
  isPure: ({ kind }) => kind === "contains" || kind === "read",
  statesBetween: (_before, after) => {
    const universe = universeOf(after);
    return universe.length > MAX_COMBINED ? undefined : combinations(universe);
  },
  aspects,
  alternatives,
};

function elementsOf(
  json: unknown,
  values: ValueReader,
  { line, what }: { readonly line: number; readonly what: string },
): Elements {
  if (!Array.isArray(json)) return values.bad(line, `${what} of a set must be a list`);
  const elements = new Set(json.map((one) => values.value(one, line)));
  if (elements.size < json.length) values.bad(line, `${what} of a set holds an element twice`);
  return elements;
}

function readCall(raw: RawOperation, values: ValueReader): SetCall | undefined {
  const { f, argument, result, place } = raw;
  const { invokeLine, endLine = invokeLine, outcome } = place;
  if (f === "read") {
    if (!isAbsent(argument)) values.bad(invokeLine, "a read is invoked without a value");
    if (outcome === "unknown") return undefined;
    const elements = elementsOf(result, values, { line: endLine, what: "what a read saw" });
    return { kind: "read", elements };
  }
  if (isAbsent(argument)) values.bad(invokeLine, `${f} needs an element as its value`);
  const element = values.value(argument, invokeLine);
  if (f === "contains") {
    if (outcome === "unknown") return undefined;
    if (typeof result === "boolean") return { kind: "contains", element, found: result };
    values.bad(endLine, "the value of the ok of contains is true or false");
  }
  mustRepeat(raw, values);
  assert(f === "add" || f === "remove", `not a function of sets: ${f}`);
  return { kind: f, element };
}

function describe(call: SetCall): string {
  if (call.kind === "contains") return `contains ${call.element.text} → ${call.found}`;
  if (call.kind !== "read") return `${call.kind} ${call.element.text}`;
  if (call.looked === undefined) return `read → {${shown(call.elements)}}`;
  const missing = new Set([...call.looked].filter((one) => !call.elements.has(one)));
  const parts = [
    ...(call.elements.size > 0 ? [`with ${shown(call.elements)}`] : []),
    ...(missing.size > 0 ? [`without ${shown(missing)}`] : []),
  ];
  return `read → ${parts.join(", ")}`;
}

function shown(elements: Elements): string {
  const texts = [...elements].map(({ text }) => text);
  const more = texts.length - MAX_SHOWN;
  const list = texts.slice(0, MAX_SHOWN).join(", ");
  return more > 0 ? `${list} and ${more} more` : list;
}

/** Without reads of all, each element is a small object of its own. */
function split(history: SetHistory): readonly SetHistory[] {
  if (history.operations.some(({ call }) => call.kind === "read")) return [history];
  const byElement = new Map<Value, SetOperation[]>();
  for (const operation of history.operations) {
    assert(operation.call.kind !== "read", "reads were looked for above");
    const list = byElement.get(operation.call.element);
    if (list === undefined) byElement.set(operation.call.element, [operation]);
    else list.push(operation);
  }
  return [...byElement].map(([element, operations]) => ({
    initials: history.initials.map((initial) => only(initial, new Set([element]))),
    operations,
  }));
}

function only(elements: Elements, looked: Elements): Elements {
  return new Set([...elements].filter((element) => looked.has(element)));
}

/**
 * Observers can always go. An addition can go when nobody left sees the element in: until the
 * next addition or removal the element is then as it was before, and nobody looks. A removal
 * likewise when nobody left sees it out.
 */
function reduce(history: SetHistory, unwanted: ReadonlySet<SetOperation>): SetHistory {
  const left = without(history, (one) => unwanted.has(one) && setModel.isPure(one.call));
  const [seenIn, seenOut] = [new Set<Value>(), new Set<Value>()];
  const universe = universeOf(left.operations);
  for (const { call } of left.operations) {
    if (call.kind === "contains") (call.found ? seenIn : seenOut).add(call.element);
    if (call.kind !== "read") continue;
    for (const element of call.looked ?? universe) {
      (call.elements.has(element) ? seenIn : seenOut).add(element);
    }
  }
  return without(left, (one) => {
    if (!unwanted.has(one)) return false;
    if (one.call.kind === "add") return !seenIn.has(one.call.element);
    return one.call.kind === "remove" && !seenOut.has(one.call.element);
  });
}

function universeOf(operations: readonly SetOperation[]): readonly Value[] {
  const universe = new Set<Value>();
  for (const { call } of operations) {
    if (call.kind !== "read") universe.add(call.element);
    else for (const element of [...call.elements, ...(call.looked ?? [])]) universe.add(element);
  }
  return [...universe];
}

function combinations(universe: readonly Value[]): readonly Elements[] {
  return Array.from({ length: 2 ** universe.length }, (_none, bits) => {
    return new Set(universe.filter((_element, index) => ((bits >>> index) & 1) === 1));
  });
}

/** The set seen through some of its elements only: the halves, then all but a part. */
function* aspects(history: SetHistory): Generator<SetHistory, void> {
  const initial = history.initials.flatMap((elements) => [...elements]);
  const universe = [...new Set([...universeOf(history.operations), ...initial])];
  for (let parts = 2; parts <= MAX_PARTS; parts *= 2) {
    if (universe.length < 2 || parts >= universe.length * 2) return;
    const size = Math.ceil(universe.length / parts);
    for (let start = 0; start < universe.length; start += size) {
      const part = universe.slice(start, start + size);
      const looked = parts === 2 ? part : universe.filter((element) => !part.includes(element));
      yield project(history, new Set(looked));
    }
  }
}

function project(history: SetHistory, looked: Elements): SetHistory {
  return {
    initials: history.initials.map((initial) => only(initial, looked)),
    operations: history.operations.flatMap((operation): readonly SetOperation[] => {
      const { call } = operation;
      if (call.kind !== "read") return looked.has(call.element) ? [operation] : [];
      const elements = only(call.elements, looked);
      return [{ ...operation, call: { kind: "read", elements, looked } }];
    }),
  };
}

function alternatives(history: SetHistory, { call }: SetOperation): readonly SetCall[] {
  if (call.kind === "contains") return [{ ...call, found: !call.found }];
  if (call.kind !== "read") return [];
  const initial = history.initials.flatMap((elements) => [...elements]);
  const all = new Set([...universeOf(history.operations), ...initial]);
  const universe = [...(call.looked ?? all)];
  if (universe.length > MAX_COMBINED) return [];
  return combinations(universe)
    .filter(
      (elements) => elements.size !== call.elements.size || !isSubset(elements, call.elements),
    )
    .map((elements) => ({ ...call, elements }));
}

function isSubset(a: Elements, b: Elements): boolean {
  return [...a].every((element) => b.has(element));
}
