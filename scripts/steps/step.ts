import { type CommandOptions, runCommand } from "../lib/command.ts";

export interface StepResult {
  readonly passed: number;
  readonly failed: number;
  /** Shown when something failed, or when the step could not run. */
  readonly output: string;
  /** Why the step did not run; counts as a failure where CI is set. */
  readonly unavailable?: string;
}

export interface Step {
  readonly name: string;
  /** One line for `--help`. */
  readonly about: string;
  run(): Promise<StepResult>;
}

/** A static check: one program, one verdict. */
export async function verdict(
  program: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<StepResult> {
  const { code, output } = await runCommand(program, args, options);
  return code === 0 ? { passed: 1, failed: 0, output } : { passed: 0, failed: 1, output };
}

export function sum(results: readonly StepResult[]): StepResult {
  return {
    passed: results.reduce((total, result) => total + result.passed, 0),
    failed: results.reduce((total, result) => total + result.failed, 0),
    output: results
      .filter((result) => result.failed > 0)
      .map((result) => result.output)
      .join("\n"),
  };
}

export interface RunnerCounts {
  readonly passed: number;
  readonly failed: number;
  /** The runner's exit code. */
  readonly code: number;
}

/** A runner's verdict: its own failures, or one when it failed otherwise or ran no test at all. */
export function counted({ passed, failed, code }: RunnerCounts, output: string): StepResult {
  const silent = failed === 0 && (code !== 0 || passed === 0);
  return { passed, failed: silent ? 1 : failed, output };
}
