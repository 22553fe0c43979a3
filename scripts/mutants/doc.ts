/** The tables of docs/mutants.md, made from the catalogue; what is around them is written by hand. */
import { readFileSync, writeFileSync } from "node:fs";
import { ROOT } from "../lib/files.ts";
import { CHAPTERS, MUTANTS } from "./catalogue.ts";
import type { Mutant } from "./mutant.ts";

export const MUTANTS_DOC = "docs/mutants.md";

const BEGIN = "<!-- catalogue: begin -->";
const END = "<!-- catalogue: end -->";

/** The page with its tables renewed. Throws when the marks around them are gone. */
export function withTables(page: string): string {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) {
    throw new Error(`${MUTANTS_DOC} needs the lines ${BEGIN} and ${END}`);
  }
  return `${page.slice(0, begin + BEGIN.length)}\n${tables()}${page.slice(end)}`;
}

export function readPage(): string {
  return readFileSync(ROOT + MUTANTS_DOC, "utf8");
}

export function writePage(): void {
  writeFileSync(ROOT + MUTANTS_DOC, withTables(readPage()));
}

function tables(): string {
  const chapters = CHAPTERS.map(({ title, mutants }) => {
    const head = ["| id | what goes wrong | where | caught by |", "|---|---|---|---|"];
    return [`### ${title}`, "", ...head, ...mutants.map(row), ""].join("\n");
  });
  return [`\n${MUTANTS.length} bugs.\n`, ...chapters].join("\n");
}

function row({ id, title, file, tests }: Mutant): string {
  const names = tests.map((test) => `\`${test.slice(test.lastIndexOf("/") + 1)}\``).join(", ");
  return `| \`${id}\` | ${title} | \`${file.replace("src-main/", "")}\` | ${names} |`;
}
