/** One line of a history file: the header, an event, or nothing that matters. */
import { MeshError } from "#shared/contract/errors.ts";
import { MAX_LINE_CHARS, MAX_NAME_CHARS } from "./limits.ts";
import { canonicalText, problemOf } from "./values.ts";

const EVENT_TYPES = ["invoke", "ok", "fail", "info"] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** What a file says about itself in its first line. */
export interface Header {
  readonly kind: "header";
  readonly model: unknown;
  readonly initial: unknown;
}

export interface Event {
  readonly kind: "event";
  readonly type: EventType;
  /** Canonical JSON of the name. */
  readonly process: string;
  readonly f: string | undefined;
  /** Canonical JSON; `undefined` for the object without a name. */
  readonly key: string | undefined;
  readonly value: unknown;
  readonly time: number | undefined;
  readonly index: number | undefined;
}

/** Jepsen's name for what disturbs the system; its events are no operations. */
const NEMESIS = new Set(["nemesis", ":nemesis"]);
const SHOWN_CHARS = 60;

/** Why a history is refused: `MeshError` "bad-recording". */
export function badLine(line: number, what: string): never {
  throw new MeshError("bad-recording", `line ${line}: ${what}.`);
}

/** `undefined` for a line that says nothing about operations: blank, or of the nemesis. */
export function parseLine(text: string, line: number): Header | Event | undefined {
  if (text.length > MAX_LINE_CHARS) {
    badLine(line, `longer than ${MAX_LINE_CHARS} characters`);
  }
  if (text.trim() === "") return undefined;
  return readEvent(parseJson(text, line), line);
}

function parseJson(text: string, line: number): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const edn = /^\s*#?[\w.]*\{:/.test(text);
    const hint = edn ? "; this looks like EDN: write the history as JSON lines" : "";
    return badLine(line, `not JSON${hint}`);
  }
}

/** The same for a line that was parsed already. */
export function readEvent(json: unknown, line: number): Header | Event | undefined {
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    return badLine(line, 'not an object like {"type":"invoke","process":0,"f":"read"}');
  }
  const fields = new Map<string, unknown>(Object.entries(json));
  const type = fields.get("type");
  if (type === undefined && (fields.has("model") || fields.has("initial"))) {
    return { kind: "header", model: fields.get("model"), initial: fields.get("initial") };
  }
  const process = fields.get("process");
  if (typeof process === "string" && NEMESIS.has(process)) return undefined;
  const known = EVENT_TYPES.find((one) => one === type);
  if (known === undefined) {
    badLine(line, `type must be invoke, ok, fail or info, not ${show(type)}`);
  }
  const key = fields.get("key");
  const f = fields.get("f");
  if (f !== undefined && typeof f !== "string") badLine(line, `f must be text, not ${show(f)}`);
  const value = fields.get("value");
  const problem = problemOf(value);
  if (problem !== undefined) badLine(line, problem);
  return {
    kind: "event",
    type: known,
    process: name(process, "process", line),
    f,
    key: key === undefined || key === null ? undefined : name(key, "key", line),
    value,
    time: number(fields.get("time"), "time", line),
    index: number(fields.get("index"), "index", line),
  };
}

function name(json: unknown, field: string, line: number): string {
  const whole = typeof json === "number" && Number.isSafeInteger(json);
  const text = typeof json === "string" && json !== "" && json.length <= MAX_NAME_CHARS;
  if (whole || text) return canonicalText(json);
  const limits = `a whole number or text of 1 to ${MAX_NAME_CHARS} characters`;
  return badLine(line, `${field} must be ${limits}, not ${show(json)}`);
}

function number(json: unknown, field: string, line: number): number | undefined {
  if (json === undefined || json === null) return undefined;
  const problem = problemOf(json);
  if (typeof json === "number" && problem === undefined) return json;
  return badLine(line, problem ?? `${field} must be a number, not ${show(json)}`);
}

/** A value of the file inside a message. */
export function show(json: unknown): string {
  const text = json === undefined ? "missing" : (JSON.stringify(json) ?? "missing");
  return text.length > SHOWN_CHARS ? `${text.slice(0, SHOWN_CHARS - 1)}…` : text;
}
