import type { LogLine } from "#shared/view/model.ts";
import { describe, expect, it } from "vitest";
import { compileFilter, exportText, type LogFilter, type LogRow, rowsOf } from "./rows.ts";

const line = (seq: number, part: Partial<LogLine> = {}): LogLine => ({
  seq,
  at: seq * 1_000,
  node: "A",
  level: "info",
  topic: "swim",
  text: `line ${seq}`,
  ...part,
});

const ALL: LogFilter = { level: "debug", node: undefined, text: "", regex: false };

function matching(filter: Partial<LogFilter>, lines: readonly LogLine[]): number[] {
  const compiled = compileFilter({ ...ALL, ...filter });
  if (!compiled.ok) throw new Error(compiled.message);
  return lines.filter(compiled.matches).map(({ seq }) => seq);
}

const brief = (rows: readonly LogRow[]) =>
  rows.map((row) => (row.kind === "gap" ? `gap ${row.gap.skipped}` : row.line.seq));

describe("compileFilter", () => {
  const lines = [
    line(1, { level: "debug" }),
    line(2, { level: "warn", node: "B" }),
    line(3, { level: "error", text: "No ACK from E" }),
  ];

  it("shows a level and everything worse", () => {
    expect(matching({ level: "warn" }, lines)).toEqual([2, 3]);
    expect(matching({ level: "error" }, lines)).toEqual([3]);
  });

  it("combines node and text, ignoring case, and searches the topic", () => {
    expect(matching({ node: "B" }, lines)).toEqual([2]);
    expect(matching({ text: "no ack" }, lines)).toEqual([3]);
    expect(matching({ text: "SWIM", node: "A" }, lines)).toEqual([1, 3]);
  });

  it("takes plain text literally and a regular expression as one", () => {
    expect(matching({ text: "line ." }, lines)).toEqual([]);
    expect(matching({ text: "line .", regex: true }, lines)).toEqual([1, 2]);
  });

  it("says what is wrong with a regular expression", () => {
    const compiled = compileFilter({ ...ALL, text: "(", regex: true });
    expect(compiled.ok).toBe(false);
  });
});

describe("rowsOf", () => {
  const every = () => true;

  it("puts a gap where the lines are missing", () => {
    const rows = rowsOf([line(1), line(10)], [{ fromSeq: 2, toSeq: 9, skipped: 8 }], every, 100);
    expect(brief(rows)).toEqual([1, "gap 8", 10]);
  });

  it("shows a gap at the end and one in front of every line", () => {
    const gaps = [
      { fromSeq: 1, toSeq: 4, skipped: 4 },
      { fromSeq: 6, toSeq: 7, skipped: 2 },
    ];
    expect(brief(rowsOf([line(5)], gaps, every, 100))).toEqual(["gap 4", 5, "gap 2"]);
  });

  it("keeps the newest lines and drops the gaps before them", () => {
    const gaps = [
      { fromSeq: 2, toSeq: 3, skipped: 2 },
      { fromSeq: 6, toSeq: 6, skipped: 1 },
    ];
    const lines = [line(1), line(4), line(5), line(7)];
    expect(brief(rowsOf(lines, gaps, every, 2))).toEqual([5, "gap 1", 7]);
  });

  it("shows a gap even when the filter hides every line", () => {
    expect(
      brief(rowsOf([line(1)], [{ fromSeq: 2, toSeq: 3, skipped: 2 }], () => false, 9)),
    ).toEqual(["gap 2"]);
  });
});

it("exports one line of text a row", () => {
  const rows = rowsOf(
    [line(1, { text: "two\nlines", node: undefined })],
    [{ fromSeq: 2, toSeq: 413, skipped: 412 }],
    () => true,
    10,
  );
  const text = exportText(
    rows,
    (at) => `${at}us`,
    (skipped) => `${skipped} lines skipped`,
  );
  expect(text).toBe("1000us INFO  - swim two\\nlines\n--- 412 lines skipped ---\n");
});
