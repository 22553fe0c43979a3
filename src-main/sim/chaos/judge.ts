/**
 * A chaos run with everything that is known about right and wrong: the invariants and the liveness
 * that the run itself watches, and whether what the clients saw is linearizable.
 */
import { checkHistory, type KeyReport } from "#main/lincheck/check.ts";
import { parseHistory } from "#main/lincheck/history.ts";
import type { MeshFactory } from "../types.ts";
import { runChaos } from "./chaos.ts";
import type { ChaosPlan } from "./types.ts";

export interface ChaosVerdict {
  /** Empty when all promises were kept. */
  readonly broken: readonly string[];
  /** False: the checker gave up on the clients' history. */
  readonly decided: boolean;
  readonly requests: number;
  readonly answeredOk: number;
  readonly hash: string;
}

/** Search steps; a history of one run takes some hundreds. */
const MAX_SEARCH_STEPS = 2_000_000;

export function judgeChaos(plan: ChaosPlan, factory: MeshFactory): ChaosVerdict {
  const { history, broken, ...counts } = runChaos(plan, factory);
  const seen = judgeHistory(history);
  return { ...counts, broken: [...broken, ...seen.broken], decided: seen.decided };
}

/** Which promise it is that broke: what has to stay the same while a plan is made smaller. */
export function brokenPromise(text: string): string {
  const untimed = text.replace(/^[\d.]+ s: /, "");
  const end = untimed.indexOf(":");
  return end < 0 ? untimed : untimed.slice(0, end);
}

/** Exported for its test. */
export function judgeHistory(history: string): Pick<ChaosVerdict, "broken" | "decided"> {
  // Nobody asked anything of the memory, so there is nothing to be wrong.
  if (!history.includes('"invoke"')) {
    return { broken: [], decided: true };
  }
  const report = checkHistory(parseHistory(history), { maxSteps: MAX_SEARCH_STEPS });
  const wrong = report.keys.filter(({ verdict }) => verdict === "not-linearizable");
  return { broken: wrong.map(describe), decided: report.verdict !== "unknown" };
}

function describe({ key, window }: KeyReport): string {
  const misfit = window?.operations.find(({ role }) => role === "misfit");
  const what = misfit === undefined ? "" : `: no order of the requests explains ${misfit.what}`;
  return `linearizability: key ${key ?? "without a name"}${what}`;
}
