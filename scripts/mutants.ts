/**
 * `npm run mutants`: plants every bug of the catalogue in a copy of the sources, one at a time, and
 * runs the tests that have to notice. Ends with 1 when a bug survives or cannot be tried.
 */
import { parseArgs } from "node:util";
import { MUTANTS } from "./mutants/catalogue.ts";
import { SourceCopy } from "./mutants/copy.ts";
import { writePage } from "./mutants/doc.ts";
import type { Mutant } from "./mutants/mutant.ts";
import { runTests, type Trial } from "./mutants/trial.ts";

const LIMIT_MS = 60_000;
/** All test files of the catalogue at once, without a bug. */
const BASELINE_LIMIT_MS = 600_000;

const HELP = `npm run mutants -- [options]

  --only ID   only this bug; may be given several times
  --json      one JSON line a bug, and one for the sum
  --list      print the catalogue
  --doc       renew the tables in docs/mutants.md
`;

type Verdict = "caught" | "survived" | "error";

interface Result {
  readonly id: string;
  readonly verdict: Verdict;
  readonly seconds: number;
  /** A test that failed, or what went wrong. */
  readonly by: string;
}

function chosen(ids: readonly string[]): readonly Mutant[] {
  const unknown = ids.filter((id) => !MUTANTS.some((mutant) => mutant.id === id));
  if (unknown.length > 0) {
    process.stderr.write(`no such bug: ${unknown.join(", ")}; see --list\n`);
    process.exit(2);
  }
  return ids.length === 0 ? MUTANTS : MUTANTS.filter(({ id }) => ids.includes(id));
}

/** Tests that fail without any bug cannot tell anything about one. */
async function failingBefore(copy: SourceCopy, mutants: readonly Mutant[]): Promise<Trial> {
  const tests = [...new Set(mutants.flatMap((mutant) => mutant.tests))];
  return runTests({ folder: copy.folder, tests, limitMs: BASELINE_LIMIT_MS, bail: false });
}

async function tryMutant(copy: SourceCopy, mutant: Mutant): Promise<Omit<Result, "seconds">> {
  const { id, tests } = mutant;
  const trial = await copy.withMutant(mutant, () =>
    runTests({ folder: copy.folder, tests, limitMs: LIMIT_MS, bail: true }),
  );
  if (trial === null) {
    return { id, verdict: "error", by: "the old text is not in the file exactly once" };
  }
  const by = trial.details[0] ?? "";
  switch (trial.outcome) {
    case "failed":
      return { id, verdict: "caught", by };
    case "passed":
      return { id, verdict: "survived", by };
    case "broken":
      return { id, verdict: "error", by };
  }
}

function print(result: Result, json: boolean): void {
  const { id, verdict, seconds, by } = result;
  const width = Math.max(...MUTANTS.map((mutant) => mutant.id.length));
  const line = json
    ? JSON.stringify(result)
    : `${verdict.padEnd(8)} ${id.padEnd(width)} ${seconds.toFixed(1).padStart(5)} s  ${by}`;
  process.stdout.write(`${line}\n`);
}

async function runAll(mutants: readonly Mutant[], json: boolean): Promise<boolean> {
  const started = performance.now();
  const copy = new SourceCopy();
  const count = { caught: 0, survived: 0, error: 0 };
  try {
    const before = await failingBefore(copy, mutants);
    if (before.outcome !== "passed") {
      const what = [...before.files, ...before.details].slice(0, 10).join("\n  ");
      process.stderr.write(`these fail without any bug:\n  ${what}\n`);
      return false;
    }
    for (const mutant of mutants) {
      const began = performance.now();
      const tried = await tryMutant(copy, mutant);
      count[tried.verdict]++;
      print({ ...tried, seconds: Math.round((performance.now() - began) / 100) / 10 }, json);
    }
  } finally {
    copy.remove();
  }
  const seconds = Math.round((performance.now() - started) / 1_000);
  const { caught, survived, error } = count;
  const sum = `${caught} caught, ${survived} survived, ${error} could not be tried, ${seconds} s`;
  process.stdout.write(
    `${json ? JSON.stringify({ result: { ...count, seconds } }) : `\n${sum}`}\n`,
  );
  return survived + error === 0;
}

function list(): void {
  for (const { id, title, file } of MUTANTS) process.stdout.write(`${id}  ${file}\n    ${title}\n`);
}

const { values } = parseArgs({
  options: {
    only: { type: "string", multiple: true },
    json: { type: "boolean" },
    list: { type: "boolean" },
    doc: { type: "boolean" },
    help: { type: "boolean", short: "h" },
  },
});
if (values.help === true) process.stdout.write(HELP);
else if (values.list === true) list();
else if (values.doc === true) writePage();
else process.exitCode = (await runAll(chosen(values.only ?? []), values.json === true)) ? 0 : 1;
