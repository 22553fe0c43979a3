import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ROOT } from "../lib/files.ts";
import { MUTANTS } from "./catalogue.ts";
import { readPage, withTables } from "./doc.ts";
import { planted } from "./mutant.ts";
import { judge } from "./trial.ts";

it("docs/mutants.md lists the catalogue; if not, run npm run mutants -- --doc", () => {
  expect(readPage()).toBe(withTables(readPage()));
});

it("there are bugs in every part, each with an id of its own", () => {
  expect(MUTANTS.length).toBeGreaterThanOrEqual(30);
  expect(new Set(MUTANTS.map(({ id }) => id)).size).toBe(MUTANTS.length);
  for (const { id } of MUTANTS) expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)+$/);
});

describe("the catalogue fits the sources", () => {
  it.each(MUTANTS.map((mutant) => [mutant.id, mutant] as const))(
    "%s: the old text is in the file exactly once, the tests are there",
    (_id, mutant) => {
      const text = readFileSync(ROOT + mutant.file, "utf8");
      const changed = planted(text, mutant);
      expect(changed, `update scripts/mutants: ${mutant.file} has changed`).not.toBeNull();
      expect(changed).not.toBe(text);
      expect(mutant.tests.length).toBeGreaterThan(0);
      for (const test of mutant.tests) expect(existsSync(ROOT + test), test).toBe(true);
    },
  );
});

describe("planted", () => {
  const mutant = { id: "x", title: "x", file: "x", old: "aa", new: "b", tests: [] };

  it("replaces a text that is there once", () => {
    expect(planted("c aa c", mutant)).toBe("c b c");
  });

  it.each(["c", "aa aa", "aaa"])("refuses %s, where the text is not there exactly once", (text) => {
    expect(planted(text, mutant)).toBeNull();
  });
});

describe("a run of tests", () => {
  const file = (status: string, ...results: readonly string[]) => ({
    name: "/copy/src-main/x.test.ts",
    status,
    message: "SyntaxError: x\n  at y",
    assertionResults: results.map((result) => ({ status: result, fullName: `t ${result}` })),
  });
  const files = ["src-main/x.test.ts"];

  it.each([
    ["failing tests notice the bug", file("failed", "passed", "failed"), "failed"],
    ["passing tests do not", file("passed", "passed"), "passed"],
    ["a file that does not load says nothing", file("failed"), "broken"],
    ["no tests say nothing", file("passed"), "broken"],
  ])("%s", (_title, result, outcome) => {
    const count = (status: string) =>
      result.assertionResults.filter((one) => one.status === status).length;
    const counts = { numPassedTests: count("passed"), numFailedTests: count("failed") };
    const trial = judge({ ...counts, testResults: [result] }, "/copy");
    expect(trial.outcome).toBe(outcome);
    expect(trial.files).toEqual(result.status === "failed" ? files : []);
  });

  it("names the tests that failed, or why the file did not load", () => {
    const failed = {
      numPassedTests: 0,
      numFailedTests: 1,
      testResults: [file("failed", "failed")],
    };
    expect(judge(failed, "/copy").details).toEqual(["t failed"]);
    const unread = { numPassedTests: 0, numFailedTests: 0, testResults: [file("failed")] };
    expect(judge(unread, "/copy").details).toEqual(["SyntaxError: x"]);
  });
});
