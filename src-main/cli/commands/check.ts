/** `meshdeck check`: one scenario, or chaos of a kind, with many seeds. */
import { writeFileSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { MeshError } from "#shared/contract/errors.ts";
import { CHAOS_KINDS, type ChaosKind, ChaosSeeds } from "#main/host/chaos-seeds.ts";
import { readScenarioText, scenarioFromYaml, yamlWithSteps } from "#main/host/scenario-file.ts";
import { ScenarioSeeds } from "#main/host/scenario-seeds.ts";
import type { SeedRun, SeedSubject, SmallerRun } from "#main/host/seeds.ts";
import { EXIT_FAILED } from "../exit.ts";
import { parseInteger, parseSeeds } from "../numbers.ts";
import type { CliContext } from "../context.ts";
import { writeJson, writeLine } from "../terminal.ts";

export interface CheckOptions {
  readonly seeds: string;
  readonly json?: boolean;
  readonly chaos?: string;
  readonly steps?: string;
  /** False: failing runs are not made smaller. */
  readonly shrink: boolean;
  readonly shrinkRuns: string;
  readonly saveFailing?: string;
}

interface Checked {
  readonly subject: SeedSubject;
  /** Runs a seed again, with these steps alone. */
  replay(seed: number, places?: readonly number[]): string;
  /** The smaller scenario as a file; absent where there is none. */
  yaml?(seed: number, places: readonly number[] | undefined): string;
}

interface Sum {
  readonly passed: number;
  readonly failed: readonly SeedRun[];
  /** A seed that did not fail, if any. */
  readonly control: number | undefined;
}

/** Different failures that are made smaller: the first seed of each. */
const MAX_SHRUNK = 3;
/** Broken promises shown of one seed; JSON has them all. */
const MAX_WHYS = 4;
const MAX_SHRINK_RUNS = 100_000;
const MAX_STEP = 100_000;

export async function check(
  file: string | undefined,
  options: CheckOptions,
  context: CliContext,
): Promise<void> {
  const { min, max } = parseSeeds(options.seeds);
  const range = { min: 1, max: MAX_SHRINK_RUNS };
  const maxRuns = parseInteger("--shrink-runs", options.shrinkRuns, range);
  const checked = options.chaos === undefined ? ofFile(file, options) : ofChaos(file, options);
  const sum = await runSeeds(checked, { min, max }, options, context);
  const { passed, failed } = sum;
  if (passed + failed.length <= max - min) {
    const counts = `${passed} passed, ${failed.length} failed`;
    const done = passed + failed.length;
    throw new MeshError("closed", `Ended after ${done} of the seeds: ${counts}.`);
  }
  await tellSmaller(checked, sum, { ...options, maxRuns }, context);
  const { out } = context.terminal;
  const mark = failed.length === 0 ? "ok  " : "FAIL";
  if (options.json === true) writeJson(out, { result: { passed, failed: failed.length } });
  else writeLine(out, `${mark}  ${passed} seeds passed, ${failed.length} failed`);
  if (failed.length > 0) context.exit(EXIT_FAILED);
}

function ofFile(file: string | undefined, { steps }: CheckOptions): Checked {
  if (file === undefined) {
    throw new MeshError("bad-options", "Give a scenario file, or --chaos.");
  }
  if (steps !== undefined) {
    throw new MeshError("bad-options", "--steps is for --chaos; of a scenario edit the file.");
  }
  const text = readScenarioText(file);
  const scenario = scenarioFromYaml(text, file);
  return {
    subject: new ScenarioSeeds(scenario),
    replay: (seed) => `meshdeck run --seed ${seed} ${file}`,
    yaml: (seed, places) =>
      yamlWithSteps(text, places ?? scenario.steps.map((_, index) => index + 1), seed),
  };
}

function ofChaos(file: string | undefined, options: CheckOptions): Checked {
  const kind = CHAOS_KINDS.find((one) => one === options.chaos);
  if (kind === undefined) {
    const kinds = CHAOS_KINDS.join(" or ");
    throw new MeshError("bad-options", `--chaos takes ${kinds}, not "${options.chaos ?? ""}".`);
  }
  if (file !== undefined) {
    throw new MeshError("bad-options", "--chaos draws what happens: give no scenario file.");
  }
  if (options.saveFailing !== undefined) {
    const message = "--save-failing is for scenarios; chaos prints the command that replays it.";
    throw new MeshError("bad-options", message);
  }
  const places = options.steps === undefined ? undefined : parseSteps(options.steps);
  return {
    subject: new ChaosSeeds(kind, places),
    replay: (seed, some = places) => chaosCommand(kind, seed, some),
  };
}

function chaosCommand(
  kind: ChaosKind,
  seed: number,
  places: readonly number[] | undefined,
): string {
  const steps = places === undefined ? "" : ` --steps ${places.join(",") || "none"}`;
  return `meshdeck check --chaos ${kind} --seeds ${seed}${steps}`;
}

function parseSteps(text: string): readonly number[] {
  if (text === "none") return [];
  return text.split(",").map((one) => parseInteger("--steps", one, { min: 1, max: MAX_STEP }));
}

async function runSeeds(
  { subject, replay }: Checked,
  { min, max }: { readonly min: number; readonly max: number },
  { json }: CheckOptions,
  { terminal, signal }: CliContext,
): Promise<Sum> {
  const { out } = terminal;
  const failed: SeedRun[] = [];
  let passed = 0;
  let control: number | undefined;
  for (let seed = min; seed <= max && !signal.aborted; seed += 1) {
    const run = subject.run(seed);
    const { ok, hash, whys, note } = run;
    if (ok) {
      passed += 1;
      control ??= seed;
    } else failed.push(run);
    if (json === true) {
      writeJson(out, { seed, ok, hash, whys, ...(note === undefined ? {} : { note }) });
    } else if (!ok) {
      writeLine(out, `FAIL  seed ${seed}: ${brief(whys)}`);
      writeLine(out, `      ${replay(seed)}`);
    }
    if (json !== true && note !== undefined) writeLine(out, `?     seed ${seed}: ${note}`);
    await setImmediate();
  }
  return { passed, failed, control };
}

/** What breaks first is what matters; the rest often follows from it. */
function brief(whys: readonly string[]): string {
  const shown = whys.slice(0, MAX_WHYS).join("; ");
  return whys.length > MAX_WHYS ? `${shown}; and ${whys.length - MAX_WHYS} more` : shown;
}

/** Of each way to fail the first seed, with the fewest steps found that still fail so. */
async function tellSmaller(
  checked: Checked,
  { failed, control }: Sum,
  options: CheckOptions & { readonly maxRuns: number },
  { terminal, signal }: CliContext,
): Promise<void> {
  const { shrink, saveFailing, maxRuns } = options;
  const first = new Map<string, SeedRun>();
  for (const run of failed) if (!first.has(run.failure)) first.set(run.failure, run);
  let toSave = saveFailing;
  for (const run of [...first.values()].slice(0, MAX_SHRUNK)) {
    const goOn = async (): Promise<boolean> => {
      await setImmediate();
      return !signal.aborted;
    };
    const limits = { maxRuns, goOn };
    const smaller = shrink ? await checked.subject.shrink(run, control, limits) : undefined;
    if (smaller !== undefined) {
      tell(run.seed, smaller, { json: options.json === true, checked, out: terminal.out });
    }
    if (toSave !== undefined && checked.yaml !== undefined) {
      const places = smaller?.steps.map(({ place }) => place);
      save(toSave, checked.yaml(run.seed, places));
      if (options.json !== true) writeLine(terminal.out, `      meshdeck run ${toSave}`);
      toSave = undefined;
    }
  }
}

function tell(
  seed: number,
  smaller: SmallerRun,
  to: {
    readonly json: boolean;
    readonly checked: Checked;
    readonly out: CliContext["terminal"]["out"];
  },
): void {
  const { out, checked } = to;
  const { steps, of, runs } = smaller;
  if (to.json) {
    writeJson(out, { seed, smaller });
    return;
  }
  writeLine(out, `seed ${seed} still fails so with ${steps.length} of ${of} steps (${runs} runs):`);
  for (const { place, when, what } of steps) writeLine(out, `  ${place}. ${when}: ${what}`);
  const places = steps.map(({ place }) => place);
  if (checked.yaml === undefined) writeLine(out, `      ${checked.replay(seed, places)}`);
}

function save(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new MeshError("bad-options", `${path} cannot be written: ${why}.`, { cause });
  }
}
