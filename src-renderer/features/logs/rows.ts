import type { LogLine } from "#shared/view/model.ts";

export const LEVELS = ["debug", "info", "warn", "error"] as const;
export type Level = (typeof LEVELS)[number];

export interface LogFilter {
  /** The least level that is shown. */
  readonly level: Level;
  readonly node: string | undefined;
  readonly text: string;
  readonly regex: boolean;
}

/** A stretch of lines that never arrived: `fromSeq <= seq <= toSeq`. */
export interface Gap {
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly skipped: number;
}

export type LogRow =
  | { readonly kind: "line"; readonly line: LogLine }
  | { readonly kind: "gap"; readonly gap: Gap };

export type Compiled =
  | { readonly ok: true; readonly matches: (line: LogLine) => boolean }
  /** The text is no regular expression; the message is the engine's own. */
  | { readonly ok: false; readonly message: string };

export function compileFilter(filter: LogFilter): Compiled {
  const text = compileText(filter);
  if (typeof text === "string") return { ok: false, message: text };
  const least = LEVELS.indexOf(filter.level);
  return {
    ok: true,
    matches: (line) =>
      LEVELS.indexOf(line.level) >= least &&
      (filter.node === undefined || line.node === filter.node) &&
      text(line),
  };
}

function compileText({ text, regex }: LogFilter): ((line: LogLine) => boolean) | string {
  if (text === "") return () => true;
  if (!regex) {
    const wanted = text.toLowerCase();
    return (line) =>
      line.text.toLowerCase().includes(wanted) || line.topic.toLowerCase().includes(wanted);
  }
  try {
    const pattern = new RegExp(text, "iu");
    return (line) => pattern.test(line.text) || pattern.test(line.topic);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * The newest `limit` matching lines, oldest first, with the gaps that lie between them. A gap is
 * shown whatever the filter says: nobody knows what was in it.
 */
export function rowsOf(
  lines: readonly LogLine[],
  gaps: readonly Gap[],
  matches: (line: LogLine) => boolean,
  limit: number,
): readonly LogRow[] {
  const matching = lines.filter(matches);
  const shown = matching.slice(-limit);
  const cutAt = matching.length > shown.length ? (shown[0]?.seq ?? 0) : 0;
  const rows: LogRow[] = [];
  const waiting = gaps.filter((gap) => gap.toSeq >= cutAt);
  let next = 0;
  for (const line of shown) {
    for (
      let gap = waiting[next];
      gap !== undefined && gap.fromSeq < line.seq;
      gap = waiting[next]
    ) {
      rows.push({ kind: "gap", gap });
      next += 1;
    }
    rows.push({ kind: "line", line });
  }
  for (const gap of waiting.slice(next)) rows.push({ kind: "gap", gap });
  return rows;
}

/** Rows as text, one line each, for the clipboard and for files. */
export function exportText(
  rows: readonly LogRow[],
  formatTime: (at: number) => string,
  formatGap: (skipped: number) => string,
): string {
  const lines = rows.map((row) =>
    row.kind === "gap"
      ? `--- ${formatGap(row.gap.skipped)} ---`
      : [
          formatTime(row.line.at),
          row.line.level.toUpperCase().padEnd(5),
          row.line.node ?? "-",
          row.line.topic,
          row.line.text.replaceAll("\n", "\\n"),
        ].join(" "),
  );
  return `${lines.join("\n")}\n`;
}
