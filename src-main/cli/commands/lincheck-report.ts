/** The result of `meshdeck lincheck`, for people and for programs. */
import type { KeyReport, Report, Verdict } from "#main/lincheck/check.ts";
import type { Window, WindowOperation } from "#main/lincheck/explain.ts";
import { formatTable } from "../table.ts";
import { safeText } from "../terminal.ts";

/** How the check ended; the budget of steps is part of "done". */
export type Ending = "done" | "time" | "interrupted";

/** Keys, operations and states shown to people; programs get all. */
const MAX_KEYS = 20;
const MAX_SHOWN = 60;
const MAX_STATES = 8;

const WORDS: Readonly<Record<Verdict, string>> = {
  linearizable: "linearizable",
  "not-linearizable": "NOT linearizable",
  unknown: "not decided",
};
const MARKS: Readonly<Record<Verdict, string>> = {
  linearizable: "ok  ",
  "not-linearizable": "FAIL",
  unknown: "??  ",
};

/** JSON of a report; keys, processes and values are as in the file. */
export function reportToJson(report: Report, ending: Ending): object {
  const { verdict, model, counts, steps, states } = report;
  const gaveUp = verdict === "unknown" ? { gaveUp: ending === "done" ? "steps" : ending } : {};
  const keys = report.keys.map(({ key, window, ...rest }) => ({
    key: key === undefined ? null : (JSON.parse(key) as unknown),
    ...rest,
    ...(window === undefined ? {} : { window: windowToJson(window) }),
  }));
  return { verdict, ...gaveUp, model, ...counts, steps, states, keys };
}

function windowToJson({ operations, ...rest }: Window): object {
  return {
    ...rest,
    misfit: operations.findIndex(({ role }) => role === "misfit"),
    operations: operations.map(({ what, role, place }) => {
      const { process, ...where } = place;
      return { what, role, process: JSON.parse(process) as unknown, ...where };
    }),
  };
}

export function describeReport(
  report: Report,
  { name, ending }: { readonly name: string; readonly ending: Ending },
): readonly string[] {
  const { verdict, model, counts, keys, steps, states } = report;
  const kinds = `${counts.ok} ok, ${counts.failed} failed, ${counts.unknown} unknown`;
  const onKeys = keys.length === 1 ? "1 key" : `${keys.length} keys`;
  const size = `${counts.operations} operations (${kinds}) on ${onKeys}`;
  const effort = `${steps} steps, ${states} states`;
  const lines = [
    `${MARKS[verdict]}  ${safeText(name)}: ${WORDS[verdict]} (${model}; ${size}; ${effort})`,
  ];
  if (verdict === "unknown") lines.push(`      ${describeEnding(ending)}`);
  if (keys.length > 1) lines.push("", ...describeKeys(keys));
  for (const key of keys) {
    if (key.window !== undefined) lines.push("", ...describeWindow(key, key.window));
  }
  return lines;
}

function describeEnding(ending: Ending): string {
  if (ending === "time") return "Gave up when the time was over: see --timeout-ms.";
  if (ending === "interrupted") return "Gave up: it was interrupted.";
  return "Gave up when all steps were spent: see --max-steps.";
}

/** Those that are wrong first, then those that are not decided. */
function describeKeys(keys: readonly KeyReport[]): readonly string[] {
  const order: readonly Verdict[] = ["not-linearizable", "unknown", "linearizable"];
  const sorted = order.flatMap((verdict) => keys.filter((key) => key.verdict === verdict));
  const rows = sorted
    .slice(0, MAX_KEYS)
    .map(({ key, verdict, operations, unknown, steps, states }) => [
      keyName(key),
      WORDS[verdict],
      ...[operations, unknown, steps, states].map(String),
    ]);
  const more = keys.length - rows.length;
  const headers = ["key", "verdict", "operations", "unknown", "steps", "states"];
  const table = formatTable(headers, rows).map((line) => `  ${line}`);
  return more > 0 ? [...table, `  and ${more} more keys; --json shows all`] : table;
}

function keyName(key: string | undefined): string {
  return key === undefined ? "(none)" : safeText(key, 40);
}

function describeWindow({ key }: KeyReport, window: Window): readonly string[] {
  const of = key === undefined ? "" : ` of key ${keyName(key)}`;
  const size = window.minimal
    ? "Smallest window that no order explains"
    : "Window that no order explains (perhaps not the smallest)";
  const states = window.from.slice(0, MAX_STATES).map((state) => safeText(state, 60));
  const list = `${states.join(" or ")}${window.from.length > MAX_STATES ? " or …" : ""}`;
  const from =
    window.from.length > 1 ? `whatever it held before (${list})` : `when it begins with ${list}`;
  const rows = window.operations.slice(0, MAX_SHOWN).map(describeOperation);
  const more = window.operations.length - rows.length;
  return [
    `${size}${of}, ${from}:`,
    ...formatTable(["lines", "time", "process", "operation", ""], rows).map((line) => `  ${line}`),
    ...(more > 0 ? [`  and ${more} more; --json shows all`] : []),
    ...describeWhy(window),
  ];
}

function describeOperation({ what, place, role }: WindowOperation): readonly string[] {
  const { invokeLine, endLine, invokeTime, endTime, outcome, process } = place;
  const times = invokeTime === undefined ? "" : `${invokeTime}–${endTime ?? ""}`;
  const notes = {
    misfit: "← has no place",
    open: outcome === "ok" ? "may be outside the window" : "outcome unknown",
    placed: "",
  };
  const lines = `${invokeLine}–${endLine ?? ""}`;
  return [lines, times, safeText(process, 20), safeText(what, 80), notes[role]];
}

function describeWhy({ operations, order, couldHave }: Window): readonly string[] {
  const misfit = operations.find(({ role }) => role === "misfit");
  if (misfit === undefined) return [];
  const named = order.slice(0, MAX_SHOWN).map((index) => operations[index]?.what ?? "");
  const placed = named.map((what) => safeText(what, 80)).join("; ");
  const more = order.length > named.length ? "; …" : "";
  const could = couldHave.slice(0, MAX_STATES).map((what) => safeText(what, 80));
  const others = couldHave.length > could.length ? " or …" : "";
  return [
    named.length === 0
      ? "  Nothing before it in the window needs an order."
      : `  The others can be ordered: ${placed}${more}.`,
    `  Then there is no place for: ${safeText(misfit.what, 80)}.`,
    ...(could.length > 0 ? [`  Possible were only: ${could.join(" or ")}${others}.`] : []),
  ];
}
