/** Histories in a short hand: one operation a line, with the times of its invocation and return. */
import { type History, HistoryReader, type HistoryOptions } from "../history.ts";

/**
 * `[process, from, to, f, argument, result]`. `to` may be "?" (ends as info at once), "fail@T"
 * or "open" (the file ends first).
 */
export type Line = readonly [
  process: number | string,
  from: number,
  to: number | string,
  f: string,
  argument?: unknown,
  result?: unknown,
];

/** The events of the lines in the order of their times; all on the object without a name. */
export function eventsOf(lines: readonly Line[]): readonly object[] {
  const events: { readonly time: number; readonly event: object }[] = [];
  for (const [process, from, to, f, value, result] of lines) {
    events.push({ time: from, event: { type: "invoke", process, f, value, time: from } });
    const [kind, at] = String(to).split("@");
    const time = typeof to === "number" ? to : Number(at ?? from);
    const type = typeof to === "number" ? "ok" : kind === "fail" ? "fail" : "info";
    if (to !== "open") events.push({ time, event: { type, process, f, value: result, time } });
  }
  return events.sort((a, b) => a.time - b.time).map(({ event }) => event);
}

export function historyOf(lines: readonly Line[], options: HistoryOptions = {}): History {
  const reader = new HistoryReader(options);
  for (const event of eventsOf(lines)) reader.addEvent(event);
  return reader.finish();
}
