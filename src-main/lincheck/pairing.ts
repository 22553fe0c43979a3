/** Pairs invocations with completions, process by process. */
import { badLine, type Event, show } from "./events.ts";
import { MAX_OPERATIONS } from "./limits.ts";
import type { RawOperation } from "./types.ts";
import { canonicalText } from "./values.ts";

export interface Keyed {
  /** Canonical JSON; `undefined` for the object without a name. */
  readonly key: string | undefined;
  readonly raw: RawOperation;
}

interface Invocation {
  readonly event: Event & { readonly f: string };
  readonly order: number;
  readonly line: number;
}

/** Takes events in the order of the file. The order of the lines is the order of time. */
export class Pairing {
  /** Invocations that failed: they did not happen. */
  failed = 0;
  readonly #open = new Map<string, Invocation>();
  readonly #operations: Keyed[] = [];
  #invoked = 0;
  #order = 0;
  readonly #last = {
    time: undefined as { readonly at: number; readonly line: number } | undefined,
    index: undefined as { readonly at: number; readonly line: number } | undefined,
  };

  add(event: Event, line: number): void {
    this.#checkOrder("time", event.time, line);
    this.#checkOrder("index", event.index, line);
    const order = this.#order++;
    if (event.type === "invoke") this.#invoke(event, order, line);
    else this.#complete(event, order, line);
  }

  /** All that happened or may have, in the order of the invocations. */
  finish(): readonly Keyed[] {
    for (const invocation of this.#open.values()) this.#keep(invocation, undefined);
    this.#open.clear();
    return this.#operations.sort((a, b) => a.raw.begin - b.raw.begin);
  }

  #invoke(event: Event, order: number, line: number): void {
    const { process, f } = event;
    const before = this.#open.get(process);
    if (before !== undefined) {
      const since = `since line ${before.line}`;
      badLine(line, `process ${shorten(process)} has an operation under way already, ${since}`);
    }
    if (f === undefined) badLine(line, "an invocation needs f, the name of the operation");
    this.#invoked += 1;
    if (this.#invoked > MAX_OPERATIONS) {
      badLine(line, `more than ${MAX_OPERATIONS} operations are not checked`);
    }
    this.#open.set(process, { event: { ...event, f }, order, line });
  }

  #complete(event: Event, order: number, line: number): void {
    const { process, type, f, key } = event;
    const invocation = this.#open.get(process);
    if (invocation === undefined) {
      badLine(line, `${type} without an invocation of process ${shorten(process)} under way`);
    }
    const { event: invoked, line: since } = invocation;
    if (f !== undefined && f !== invoked.f) {
      badLine(line, `${type} of ${show(f)}, but line ${since} invoked ${show(invoked.f)}`);
    }
    if (key !== undefined && key !== invoked.key) {
      const other = invoked.key === undefined ? "no key" : `key ${shorten(invoked.key)}`;
      badLine(line, `${type} for key ${shorten(key)}, but line ${since} invoked it for ${other}`);
    }
    this.#open.delete(process);
    if (type === "fail") this.failed += 1;
    else this.#keep(invocation, { event, order, line });
  }

  #keep(
    { event, order, line }: Invocation,
    end: { readonly event: Event; readonly order: number; readonly line: number } | undefined,
  ): void {
    const ok = end?.event.type === "ok";
    const raw: RawOperation = {
      f: event.f,
      argument: event.value,
      result: ok ? end.event.value : undefined,
      begin: order,
      end: ok ? end.order : Infinity,
      place: {
        process: event.process,
        invokeLine: line,
        endLine: end?.line,
        invokeTime: event.time,
        endTime: end?.event.time,
        outcome: ok ? "ok" : "unknown",
      },
    };
    this.#operations.push({ key: event.key, raw });
  }

  #checkOrder(field: "time" | "index", at: number | undefined, line: number): void {
    if (at === undefined) return;
    const last = this.#last[field];
    if (last !== undefined && (at < last.at || (field === "index" && at === last.at))) {
      const problem = `${field} ${at} comes after ${field} ${last.at} of line ${last.line}`;
      badLine(line, `${problem}; the lines must be in the order of time`);
    }
    this.#last[field] = { at, line };
  }
}

function shorten(canonical: string): string {
  return show(JSON.parse(canonical));
}

/** Equal JSON values become one object. */
export class ValueTable {
  readonly #values = new Map<string, { readonly text: string }>();

  value(json: unknown): { readonly text: string } {
    const text = canonicalText(json);
    const known = this.#values.get(text);
    if (known !== undefined) return known;
    const value = { text };
    this.#values.set(text, value);
    return value;
  }
}
