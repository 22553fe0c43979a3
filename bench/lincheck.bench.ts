// Histories as clients record them, checked: 10,000 operations on 5 keys, and one key with 60
// clients at a time. Beside it two floors: applying the same operations one after the other, which
// is what a checker that knew the order would do, and the plain search by Wing and Gong without
// memory or reductions, on as much of a history as it can do within its steps.
import { createRandom } from "../src-main/kernel/prng.ts";
import { checkHistory } from "../src-main/lincheck/check.ts";
import { type History, HistoryReader } from "../src-main/lincheck/history.ts";
import { clientHistory, type ClientsPlan } from "../src-main/lincheck/testing/clients.ts";
import type { Operation, Value } from "../src-main/lincheck/types.ts";
import type { RegisterCall } from "../src-main/lincheck/models/calls.ts";
import { stepRegister } from "../src-main/lincheck/testing/brute-force.ts";
import { print, round, time } from "./lib/sim-bench.ts";

const GOAL_SECONDS = 10;
const BASE: Omit<ClientsPlan, "random" | "model"> = {
  operations: 10_000,
  clients: 15,
  keys: 5,
  values: 5,
  info: 0.02,
  fail: 0.02,
  wrong: 0,
};
const PLAIN_STEPS = 5_000_000;

const CASES: Readonly<Record<string, Partial<ClientsPlan> & Pick<ClientsPlan, "model">>> = {
  "cas-register": { model: "cas-register" },
  "register, each value once": { model: "register", values: 0 },
  "register, a wrong read": { model: "register", values: 0, wrong: 0.0003 },
  "register, 10 % unknown": { model: "cas-register", info: 0.1 },
  "counter by one": { model: "counter", values: 0 },
  "counter by one to five": { model: "counter" },
  "set of few elements": { model: "set", values: 20 },
  "set, each element once": { model: "set", values: 0 },
  "one register, 60 clients": { model: "cas-register", clients: 60, keys: 1, operations: 2_000 },
  "one counter by one, 60 clients": {
    model: "counter",
    clients: 60,
    keys: 1,
    operations: 2_000,
    values: 0,
  },
};

function readHistory(plan: ClientsPlan): { readonly history: History; readonly seconds: number } {
  const lines = clientHistory(plan).map((event) => JSON.stringify(event));
  const reader = new HistoryReader();
  let history: History | undefined;
  const seconds = time(() => {
    for (const line of lines) reader.addLine(line);
    history = reader.finish();
  });
  if (history === undefined) throw new Error("there is no history");
  return { history, seconds };
}

function measure(name: string, plan: ClientsPlan) {
  const { history, seconds: readSeconds } = readHistory(plan);
  let report: ReturnType<typeof checkHistory> | undefined;
  const seconds = time(() => {
    report = checkHistory(history);
  });
  const { counts } = history;
  const windows = report?.keys.flatMap(({ window }) => (window === undefined ? [] : [window]));
  return {
    name,
    operations: counts.operations,
    unknown: counts.unknown,
    verdict: report?.verdict,
    readSeconds: round(readSeconds, 3),
    seconds: round(seconds, 3),
    steps: report?.steps,
    states: report?.states,
    ...(windows?.length ? { windows: windows.map(({ operations }) => operations.length) } : {}),
    mostOpen: mostOpen(history),
  };
}

/** The most operations of one key that are under way or of unknown outcome at once. */
function mostOpen({ objects }: History): number {
  let most = 0;
  for (const { operations } of objects.keys) {
    const changes = operations.flatMap(({ begin, end }) => [
      { at: begin, by: 1 },
      { at: end, by: -1 },
    ]);
    let open = 0;
    for (const { by } of changes.sort((a, b) => a.at - b.at)) {
      open += by;
      most = Math.max(most, open);
    }
  }
  return most;
}

/** Seconds to apply all operations one after the other, in the order of their returns. */
function replaySeconds({ objects }: History): number {
  if (objects.kind !== "register") throw new Error("the floor is a register's");
  return time(() => {
    for (const { operations, initials } of objects.keys) {
      let [state] = initials;
      for (const { call } of operations) {
        if (state !== undefined) state = stepRegister(state, call) ?? state;
      }
    }
  });
}

/** Operations of a prefix of the first key that the plain search decides within its steps. */
function plainReach({ objects }: History) {
  if (objects.kind !== "register") throw new Error("the floor is a register's");
  const [{ initials, operations } = { initials: [], operations: [] }] = objects.keys;
  const [initial] = initials;
  if (initial === undefined) throw new Error("an object begins in some state");
  let reached = 0;
  const seconds = time(() => {
    for (let size = 8; size <= operations.length; size *= 2) {
      if (!plainSearch(operations.slice(0, size), initial)) break;
      reached = size;
    }
  });
  return { operations: reached, of: operations.length, seconds: round(seconds, 3) };
}

/** `false` when the steps are spent. Depth first, the operations in the order of invocation. */
function plainSearch(all: readonly Operation<RegisterCall>[], initial: Value): boolean {
  let steps = 0;
  const descend = (state: Value, left: readonly Operation<RegisterCall>[]): boolean => {
    if (left.every(({ end }) => end === Infinity)) return true;
    const firstEnd = left.reduce((least, { end }) => Math.min(least, end), Infinity);
    for (const next of left) {
      if (next.begin > firstEnd || steps > PLAIN_STEPS) break;
      steps += 1;
      const after = stepRegister(state, next.call);
      if (
        after !== undefined &&
        descend(
          after,
          left.filter((one) => one !== next),
        )
      )
        return true;
    }
    return false;
  };
  return descend(initial, all);
}

const cases = Object.entries(CASES).map(([name, change], seed) =>
  measure(name, { ...BASE, random: createRandom(seed + 1), ...change }),
);
const { history } = readHistory({ ...BASE, model: "cas-register", random: createRandom(1) });
print({
  bench: "lincheck",
  goalSeconds: GOAL_SECONDS,
  reached: cases.every(({ seconds, verdict }) => seconds < GOAL_SECONDS && verdict !== "unknown"),
  cases,
  floor: {
    replaySeconds: round(replaySeconds(history), 4),
    plainSearch: plainReach(history),
  },
  rssMb: round(process.memoryUsage().rss / 1e6, 0),
});
