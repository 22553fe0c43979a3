import { readFileSync } from "node:fs";
import { checkSources } from "../layers/check.ts";
import { PLANTED, type Planted } from "../layers/planted.ts";
import { filesBelow, ROOT } from "../lib/files.ts";
import { type Step, type StepResult, sum } from "./step.ts";

function checkPlanted(planted: Planted): StepResult {
  const expected = planted.rules.join(" ");
  const reported = checkSources(planted.files)
    .map((problem) => problem.rule)
    .join(" ");
  if (reported === expected) return { passed: 1, failed: 0, output: "" };
  const output = `self-test "${planted.title}": expected [${expected}], reported [${reported}]`;
  return { passed: 0, failed: 1, output };
}

function checkTree(): StepResult {
  const paths = ["src-shared", "src-main", "src-renderer"].flatMap((folder) =>
    filesBelow(folder, /\.tsx?$/).filter((path) => !path.endsWith(".d.ts")),
  );
  const problems = checkSources(
    paths.map((path) => ({ path, text: readFileSync(ROOT + path, "utf8") })),
  );
  const output = problems
    .map(({ path, line, rule, message }) => `${path}:${line} [${rule}] ${message}`)
    .join("\n");
  return problems.length === 0
    ? { passed: 1, failed: 0, output: `${paths.length} files` }
    : { passed: 0, failed: 1, output };
}

export const layersStep: Step = {
  name: "layers",
  about: "who imports whom, no cycles, nothing impure in the core; with its self-test",
  run: () => Promise.resolve(sum([...PLANTED.map(checkPlanted), checkTree()])),
};
