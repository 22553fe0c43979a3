/**
 * `npm test [-- STEP… --bail]`: runs the steps in order, one line each, and ends with the sum of
 * all tests and checks as `N passed, N failed`.
 */
import { parseArgs } from "node:util";
import { layersStep } from "./steps/layers.ts";
import { RUNNER_STEPS } from "./steps/runners.ts";
import { STATIC_STEPS } from "./steps/static.ts";
import type { Step, StepResult } from "./steps/step.ts";

const STEPS: readonly Step[] = [...STATIC_STEPS, layersStep, ...RUNNER_STEPS];

function usage(): string {
  const width = Math.max(...STEPS.map((step) => step.name.length));
  const lines = STEPS.map((step) => `  ${step.name.padEnd(width)}  ${step.about}`);
  return `npm test [-- STEP... --bail]\n\n${lines.join("\n")}\n`;
}

function chosen(names: readonly string[]): readonly Step[] {
  const unknown = names.filter((name) => !STEPS.some((step) => step.name === name));
  if (unknown.length > 0) {
    process.stderr.write(`no such step: ${unknown.join(", ")}\n\n${usage()}`);
    process.exit(2);
  }
  return names.length === 0 ? STEPS : STEPS.filter((step) => names.includes(step.name));
}

async function runStep(step: Step): Promise<StepResult> {
  const started = performance.now();
  const result = await settle(step);
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  const counts = `${result.passed} passed, ${result.failed} failed`;
  const text = result.unavailable ?? counts;
  if (result.failed > 0) process.stdout.write(`${result.output.trimEnd()}\n`);
  const mark = result.failed > 0 ? "FAIL" : result.unavailable === undefined ? "ok  " : "--  ";
  process.stdout.write(`${mark} ${step.name.padEnd(9)} ${seconds.padStart(6)} s  ${text}\n`);
  return result;
}

/** A step that throws, or cannot run where it must, has failed. */
async function settle(step: Step): Promise<StepResult> {
  try {
    const result = await step.run();
    if (result.unavailable === undefined || !process.env["CI"]) return result;
    return { ...result, failed: result.failed + 1, output: result.unavailable };
  } catch (error) {
    const output = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { passed: 0, failed: 1, output };
  }
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { bail: { type: "boolean" }, help: { type: "boolean", short: "h" } },
});
if (values.help === true) {
  process.stdout.write(usage());
} else {
  let [passed, failed] = [0, 0];
  for (const step of chosen(positionals)) {
    const result = await runStep(step);
    passed += result.passed;
    failed += result.failed;
    if (failed > 0 && values.bail === true) break;
  }
  process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
  process.exitCode = failed > 0 ? 1 : 0;
}
