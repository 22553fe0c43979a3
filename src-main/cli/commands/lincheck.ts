/** `meshdeck lincheck`: is a recorded history linearizable, and if not, what is wrong with it? */
import { isUtf8 } from "node:buffer";
import { addAbortSignal, type Readable } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { MeshError } from "#shared/contract/errors.ts";
import { readTextFile } from "#main/host/scenario-file.ts";
import { HistoryCheck, type Report } from "#main/lincheck/check.ts";
import { type History, parseHistory, parseModelName } from "#main/lincheck/history.ts";
import { DEFAULT_MAX_STEPS, MAX_HISTORY_BYTES } from "#main/lincheck/limits.ts";
import { MODEL_NAMES, type ModelName } from "#main/lincheck/types.ts";
import type { CliContext } from "../context.ts";
import { EXIT_FAILED } from "../exit.ts";
import { parseInteger } from "../numbers.ts";
import { writeJson, writeLine } from "../terminal.ts";
import { describeReport, type Ending, reportToJson } from "./lincheck-report.ts";

export interface LincheckOptions {
  readonly model?: string;
  readonly maxSteps?: string;
  readonly timeoutMs?: string;
  readonly json?: boolean;
}

/** No verdict: the budget is spent, or something went wrong on the way. Never "not linearizable". */
const EXIT_GAVE_UP = 3;
const MAX_STEPS = 1_000_000_000_000;
const MAX_TIMEOUT_MS = 24 * 60 * 60 * 1_000;

interface Limits {
  readonly model: ModelName | undefined;
  readonly maxSteps: number;
  readonly timeoutMs: number;
}

export async function lincheck(
  file: string,
  options: LincheckOptions,
  context: CliContext,
): Promise<void> {
  const limits = readLimits(options);
  const deadline = performance.now() + limits.timeoutMs;
  const name = file === "-" ? "standard input" : file;
  try {
    const text = file === "-" ? await readInput(process.stdin, context.signal) : readFile(file);
    const check = new HistoryCheck(readHistory(text, name, limits.model), limits);
    const ending = await drive(check, deadline, context.signal);
    print(check.report(), { name, ending, json: options.json === true }, context);
  } catch (error) {
    if (error instanceof MeshError && error.code === "bad-recording") throw error;
    // Whatever else ends a check must not be taken for a verdict.
    const why = error instanceof MeshError ? error.message : describeBug(error);
    writeLine(context.terminal.err, `meshdeck: ${why}`);
    context.exit(EXIT_GAVE_UP);
  }
}

function readLimits({ model, maxSteps, timeoutMs }: LincheckOptions): Limits {
  const known = parseModelName(model);
  if (model !== undefined && known === undefined) {
    throw new MeshError("bad-options", `--model takes ${MODEL_NAMES.join(", ")}, not "${model}".`);
  }
  const steps = { min: 1, max: MAX_STEPS };
  const time = { min: 1, max: MAX_TIMEOUT_MS };
  return {
    model: known,
    maxSteps:
      maxSteps === undefined ? DEFAULT_MAX_STEPS : parseInteger("--max-steps", maxSteps, steps),
    timeoutMs: timeoutMs === undefined ? Infinity : parseInteger("--timeout-ms", timeoutMs, time),
  };
}

function readFile(path: string): string {
  return readTextFile(path, MAX_HISTORY_BYTES, "bad-recording");
}

async function readInput(input: Readable, signal: AbortSignal): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of addAbortSignal(signal, input)) {
      const bytes = Buffer.from(chunk);
      length += bytes.length;
      if (length > MAX_HISTORY_BYTES) {
        const limit = `at most ${MAX_HISTORY_BYTES} bytes are read`;
        throw new MeshError("bad-recording", `standard input is too large: ${limit}.`);
      }
      chunks.push(bytes);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new MeshError("closed", "Ended before the history was read.", { cause: error });
  }
  const bytes = Buffer.concat(chunks);
  if (isUtf8(bytes)) return bytes.toString("utf8");
  throw new MeshError("bad-recording", "standard input cannot be read: it is not UTF-8 text.");
}

function readHistory(text: string, name: string, model: ModelName | undefined): History {
  if (text.trim() === "") {
    throw new MeshError("bad-recording", `${name}: the history is empty: nothing to check.`);
  }
  try {
    return parseHistory(text, model === undefined ? {} : { model });
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    throw new MeshError(error.code, `${name}: ${error.message}`, { cause: error });
  }
}

/** Runs the check until it ends, the time is over, or the person has had enough. */
async function drive(check: HistoryCheck, deadline: number, signal: AbortSignal): Promise<Ending> {
  while (check.advance()) {
    await setImmediate();
    if (signal.aborted) return "interrupted";
    if (performance.now() >= deadline) return "time";
  }
  return "done";
}

function print(
  report: Report,
  how: { readonly name: string; readonly ending: Ending; readonly json: boolean },
  context: CliContext,
): void {
  const { out } = context.terminal;
  if (how.json) writeJson(out, { result: reportToJson(report, how.ending) });
  else for (const line of describeReport(report, how)) writeLine(out, line);
  if (report.verdict === "not-linearizable") context.exit(EXIT_FAILED);
  else if (report.verdict === "unknown") context.exit(EXIT_GAVE_UP);
}

function describeBug(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
