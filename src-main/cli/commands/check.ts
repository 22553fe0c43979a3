/** `meshdeck check`: one scenario, many seeds. */
import { setImmediate } from "node:timers/promises";
import { MeshError } from "#shared/contract/errors.ts";
import { startScenario } from "#main/host/runs.ts";
import { readScenario } from "#main/host/scenario-file.ts";
import { EXIT_FAILED } from "../exit.ts";
import { parseSeeds } from "../numbers.ts";
import type { CliContext } from "../context.ts";
import { writeJson, writeLine } from "../terminal.ts";

export interface CheckOptions {
  readonly seeds: string;
  readonly json?: boolean;
}

export async function check(
  file: string,
  options: CheckOptions,
  context: CliContext,
): Promise<void> {
  const scenario = readScenario(file);
  const { min, max } = parseSeeds(options.seeds);
  const { out } = context.terminal;
  let [passed, failed] = [0, 0];
  for (let seed = min; seed <= max && !context.signal.aborted; seed += 1) {
    const result = startScenario(scenario, seed, () => undefined).finish();
    passed += result.ok ? 1 : 0;
    failed += result.ok ? 0 : 1;
    const whys = result.failures.map((failure) => failure.why);
    if (options.json === true) writeJson(out, { seed, ok: result.ok, hash: result.hash, whys });
    else if (!result.ok) writeLine(out, `FAIL  seed ${seed}: ${whys.join("; ")}`);
    if (!result.ok && options.json !== true) {
      writeLine(out, `      meshdeck run --seed ${seed} ${file}`);
    }
    await setImmediate();
  }
  if (passed + failed <= max - min) {
    const counts = `${passed} passed, ${failed} failed`;
    throw new MeshError("closed", `Ended after ${passed + failed} of the seeds: ${counts}.`);
  }
  if (options.json === true) writeJson(out, { result: { passed, failed } });
  else
    writeLine(out, `${failed === 0 ? "ok  " : "FAIL"}  ${passed} seeds passed, ${failed} failed`);
  if (failed > 0) context.exit(EXIT_FAILED);
}
