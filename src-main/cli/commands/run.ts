/** `meshdeck run`: one scenario, its promises checked. */
import { once } from "node:events";
import { closeSync, constants, existsSync, openSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { MeshError } from "#shared/contract/errors.ts";
import type { MeshEvent } from "#shared/contract/events.ts";
import {
  recordRun,
  type ScenarioResult,
  type ScenarioRun,
  startScenario,
} from "#main/host/runs.ts";
import { readScenario } from "#main/host/scenario-file.ts";
import { describeEvent, describeTime } from "../describe-event.ts";
import { EXIT_FAILED } from "../exit.ts";
import { formatJunit } from "../junit.ts";
import { parseInteger, parseSpeed } from "../numbers.ts";
import type { CliContext } from "../context.ts";
import { writeJson, writeLine } from "../terminal.ts";

export interface RunOptions {
  readonly seed?: string;
  readonly speed: string;
  readonly json?: boolean;
  readonly record?: string;
  readonly junit?: string;
}

const MICROS_PER_SECOND = 1_000_000;
/** Mesh time between two looks at the clock, the reader and Ctrl-C. */
const SLICE_US = MICROS_PER_SECOND;
const TICK_MS = 20;

export async function run(file: string, options: RunOptions, context: CliContext): Promise<void> {
  const scenario = readScenario(file);
  const { seed: seedText } = options;
  const range = { min: 0, max: Number.MAX_SAFE_INTEGER };
  const seed = seedText === undefined ? undefined : parseInteger("--seed", seedText, range);
  const ratio = parseSpeed(options.speed);
  for (const path of [options.record, options.junit]) requireWritable(path);
  const { out } = context.terminal;
  const events: MeshEvent[] = [];
  const started = performance.now();
  const scenarioRun = startScenario(scenario, seed, (event) => {
    if (options.json === true) writeJson(out, event);
    if (options.record !== undefined) events.push(event);
  });
  await drive(scenarioRun, ratio, context);
  const result = scenarioRun.result();
  const seconds = (performance.now() - started) / 1_000;
  const { name, seed: usedSeed } = scenarioRun.scenario.mesh;
  if (options.record !== undefined) writeOut(options.record, recordRun(scenarioRun, events));
  const report = { name, seed: usedSeed, seconds, result };
  if (options.junit !== undefined) writeOut(options.junit, formatJunit(report));
  if (options.json === true) {
    writeJson(out, { result: { ...result, failures: result.failures.map(withoutAround) } });
  } else {
    for (const line of summary(report)) writeLine(out, line);
  }
  if (!result.ok) context.exit(EXIT_FAILED);
}

async function drive(
  scenarioRun: ScenarioRun,
  ratio: number | undefined,
  context: CliContext,
): Promise<void> {
  const { out } = context.terminal;
  const startedMs = performance.now();
  let over = false;
  while (!over) {
    if (context.signal.aborted) {
      throw new MeshError("closed", "The run was ended before it was over; nothing was judged.");
    }
    const reached = (performance.now() - startedMs) * 1_000 * (ratio ?? 0);
    const limit = ratio === undefined ? scenarioRun.mesh.now + SLICE_US : Math.floor(reached);
    over = scenarioRun.advanceTo(limit);
    if (out.writableNeedDrain) await once(out, "drain");
    await sleep(ratio === undefined || over ? 0 : TICK_MS);
  }
}

/** Before a long run, not after it. Leaves no file behind that was not there. */
function requireWritable(path: string | undefined): void {
  if (path === undefined) return;
  const isNew = !existsSync(path);
  attempt(path, () =>
    closeSync(openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_NONBLOCK)),
  );
  if (isNew) rmSync(path, { force: true });
}

function writeOut(path: string, text: string): void {
  attempt(path, () => writeFileSync(path, text));
}

function attempt(path: string, work: () => void): void {
  try {
    work();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new MeshError("bad-options", `${path} cannot be written: ${why}.`, { cause });
  }
}

function withoutAround({ why, at }: ScenarioResult["failures"][number]): object {
  return { why, at };
}

export interface RunReport {
  readonly name: string;
  readonly seed: number;
  readonly seconds: number;
  readonly result: ScenarioResult;
}

export function summary({ name, seed, seconds, result }: RunReport): readonly string[] {
  const { at, events, delivered, checked, failures } = result;
  const counts = `${events} events, ${delivered} messages, seed ${seed}`;
  const took = `${describeTime(at, "virtual")} of mesh time in ${seconds.toFixed(2)} s`;
  if (result.ok) return [`ok    ${name}: ${checked} promises held (${took}, ${counts})`];
  const lines = [`FAIL  ${name}: ${failures.length} broken (${took}, ${counts})`];
  for (const failure of failures) {
    lines.push("", `  at ${describeTime(failure.at, "virtual")}: ${failure.why}`);
    for (const event of failure.around) lines.push(`    ${describeEvent(event, "virtual")}`);
  }
  return lines;
}
