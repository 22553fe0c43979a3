/** A whole history: read from lines, given a model, split by key. */
import { MeshError } from "#shared/contract/errors.ts";
import { badLine, type Header, parseLine, readEvent, show } from "./events.ts";
import { inferModel } from "./infer.ts";
import type { CounterCall, RegisterCall, SetCall } from "./models/calls.ts";
import { counterModel } from "./models/counter.ts";
import { registerModel } from "./models/register.ts";
import { setModel } from "./models/set.ts";
import { type Keyed, Pairing, ValueTable } from "./pairing.ts";
import {
  type Model,
  MODEL_NAMES,
  type ModelName,
  type ObjectHistory,
  type Operation,
  type Value,
  type ValueReader,
} from "./types.ts";

export interface KeyHistory<Call, State> extends ObjectHistory<Call, State> {
  /** Canonical JSON; `undefined` for the object without a name. */
  readonly key: string | undefined;
}

/** A model and what happened to objects of that kind. */
export interface ModelHistory<Call, State> {
  readonly model: Model<Call, State>;
  readonly keys: ReadonlyArray<KeyHistory<Call, State>>;
}

export type Objects =
  | ({ readonly kind: "register" } & ModelHistory<RegisterCall, Value>)
  | ({ readonly kind: "counter" } & ModelHistory<CounterCall, number>)
  | ({ readonly kind: "set" } & ModelHistory<SetCall, ReadonlySet<Value>>);

export interface History {
  readonly model: ModelName;
  readonly objects: Objects;
  readonly counts: HistoryCounts;
}

export interface HistoryCounts {
  /** All invocations. */
  readonly operations: number;
  readonly ok: number;
  readonly failed: number;
  readonly unknown: number;
}

export interface HistoryOptions {
  /** Counts more than the header's. */
  readonly model?: ModelName;
}

/**
 * Takes the lines of a history in order. Throws `MeshError` "bad-recording", with the line where
 * there is one, for all that is not a history.
 */
export class HistoryReader {
  readonly #options: HistoryOptions;
  readonly #pairing = new Pairing();
  #header: { readonly header: Header; readonly line: number } | undefined;
  #line = 0;
  #events = 0;

  constructor(options: HistoryOptions = {}) {
    this.#options = options;
  }

  /** One line of a file, without its end. */
  addLine(text: string): void {
    this.#line += 1;
    this.#add(parseLine(text, this.#line));
  }

  /** One line that is an object already. */
  addEvent(json: unknown): void {
    this.#line += 1;
    this.#add(readEvent(json, this.#line));
  }

  finish(): History {
    const operations = this.#pairing.finish();
    const invoked = operations.length + this.#pairing.failed;
    if (this.#line === 0 || invoked === 0) {
      throw new MeshError("bad-recording", "The history holds no operation: nothing to check.");
    }
    const { header, line = 1 } = this.#header ?? {};
    const model = this.#options.model ?? modelOf(header, line) ?? inferModel(operations);
    const unknown = operations.filter(({ raw }) => raw.place.outcome === "unknown").length;
    const counts = {
      operations: invoked,
      ok: operations.length - unknown,
      failed: this.#pairing.failed,
      unknown,
    };
    const initial = { json: header?.initial, line };
    return { model, objects: objectsOf(model, operations, initial), counts };
  }

  #add(read: ReturnType<typeof parseLine>): void {
    if (read === undefined) return;
    if (read.kind === "event") {
      this.#events += 1;
      this.#pairing.add(read, this.#line);
    } else {
      if (this.#header !== undefined) badLine(this.#line, "a second header");
      if (this.#events > 0) badLine(this.#line, "the header comes before all events");
      this.#header = { header: read, line: this.#line };
      modelOf(read, this.#line);
    }
  }
}

/** A whole text: lines end with LF or CR LF; a byte order mark is skipped. */
export function parseHistory(text: string, options: HistoryOptions = {}): History {
  const reader = new HistoryReader(options);
  const body = text.startsWith("\uFEFF") ? text.slice(1) : text;
  let start = 0;
  while (start < body.length) {
    const found = body.indexOf("\n", start);
    const end = found < 0 ? body.length : found;
    const line = body.slice(start, end);
    reader.addLine(line.endsWith("\r") ? line.slice(0, -1) : line);
    start = end + 1;
  }
  return reader.finish();
}

export function parseModelName(text: unknown): ModelName | undefined {
  return MODEL_NAMES.find((name) => name === text);
}

function modelOf(header: Header | undefined, line: number): ModelName | undefined {
  if (header?.model === undefined) return undefined;
  const known = `model must be ${MODEL_NAMES.join(", ")}`;
  return parseModelName(header.model) ?? badLine(line, `${known}, not ${show(header.model)}`);
}

interface Initial {
  readonly json: unknown;
  readonly line: number;
}

function objectsOf(name: ModelName, operations: readonly Keyed[], initial: Initial): Objects {
  switch (name) {
    case "register":
    case "cas-register":
      return { kind: "register", ...keysOf(name, registerModel, operations, initial) };
    case "counter": {
      const history = keysOf(name, counterModel, operations, initial);
      history.keys.forEach(checkSums);
      return { kind: "counter", ...history };
    }
    case "set":
      return { kind: "set", ...keysOf(name, setModel, operations, initial) };
  }
}

function keysOf<Call, State>(
  name: ModelName,
  model: Model<Call, State>,
  operations: readonly Keyed[],
  { json, line }: Initial,
): ModelHistory<Call, State> {
  const table = new ValueTable();
  const values: ValueReader = { value: (one) => table.value(one), bad: badLine };
  const state = model.initial(json, values, line);
  const byKey = new Map<string | undefined, Operation<Call>[]>();
  for (const { key, raw } of operations) {
    if (!model.functions.includes(raw.f)) {
      const known = model.functions.join(", ");
      badLine(raw.place.invokeLine, `a ${name} has no ${show(raw.f)}: it knows ${known}`);
    }
    const list = byKey.get(key) ?? [];
    byKey.set(key, list);
    const call = model.read(raw, values);
    if (call === undefined) continue;
    list.push({ call, begin: raw.begin, end: raw.end, place: raw.place });
  }
  const keys = [...byKey].map(([key, list]) => ({ key, initials: [state], operations: list }));
  return { model, keys };
}

/** Sums beyond what a number holds exactly would be compared wrongly. */
function checkSums({ initials, operations }: KeyHistory<CounterCall, number>): void {
  let most = Math.abs(initials[0] ?? 0);
  for (const { call, place } of operations) {
    most += call.kind === "add" ? Math.abs(call.by) : 0;
    if (most > Number.MAX_SAFE_INTEGER) {
      badLine(place.invokeLine, "the counter could leave the range ±(2^53 - 1)");
    }
  }
}
