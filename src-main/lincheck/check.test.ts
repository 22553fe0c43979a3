/** Budgets, slices and many keys. */
import { describe, expect, it } from "vitest";
import { createRandom } from "#main/kernel/prng.ts";
import { checkHistory, HistoryCheck } from "./check.ts";
import { type History, HistoryReader } from "./history.ts";
import { MAX_WINDOWS } from "./limits.ts";
import { clientHistory, type ClientsPlan } from "./testing/clients.ts";

function read(events: readonly object[]): History {
  const reader = new HistoryReader();
  for (const event of events) reader.addEvent(event);
  return reader.finish();
}

function write(process: number, key: string, value: number): readonly object[] {
  const event = { process, f: "write", key, value };
  return [
    { type: "invoke", ...event },
    { type: "ok", ...event },
  ];
}

function readOf(process: number, key: string, value: unknown): readonly object[] {
  const event = { process, f: "read", key };
  return [
    { type: "invoke", ...event },
    { type: "ok", ...event, value },
  ];
}

const HARD: ClientsPlan = {
  random: createRandom(5),
  model: "counter",
  operations: 400,
  clients: 40,
  keys: 1,
  values: 9,
  info: 0.1,
  fail: 0,
  wrong: 0.01,
};

describe("a check", () => {
  it("judges each key alone", () => {
    const report = checkHistory(
      read([...write(0, "a", 1), ...write(0, "b", 2), ...readOf(1, "a", 2), ...readOf(1, "b", 2)]),
    );
    expect(report.verdict).toBe("not-linearizable");
    expect(report.keys.map(({ key, verdict }) => [key, verdict])).toEqual([
      ['"a"', "not-linearizable"],
      ['"b"', "linearizable"],
    ]);
  });

  it("says unknown when the steps do not suffice, never a verdict", () => {
    const report = checkHistory(read(clientHistory(HARD)), { maxSteps: 50 });
    expect(report.verdict).toBe("unknown");
    expect(report.steps).toBeLessThanOrEqual(50);
  });

  it("finds what is wrong with one key while another one is too hard", () => {
    const events = clientHistory({ ...HARD, random: createRandom(5) });
    const wrong = [...write(900, "z", 1), ...readOf(901, "z", 2)].map((event) =>
      "f" in event && event.f === "write" ? { ...event, f: "inc" } : event,
    );
    const report = checkHistory(read([...events, ...wrong]), { maxSteps: 60_000 });
    expect(report.keys.map(({ verdict }) => verdict)).toEqual(["unknown", "not-linearizable"]);
    expect(report.verdict).toBe("not-linearizable");
  });

  it("gives windows for a few keys and verdicts for all", () => {
    const keys = Array.from({ length: MAX_WINDOWS + 2 }, (_none, at) => `k${at}`);
    const report = checkHistory(
      read(keys.flatMap((key) => [...write(0, key, 1), ...readOf(1, key, 2)])),
    );
    expect(report.keys.every(({ verdict }) => verdict === "not-linearizable")).toBe(true);
    expect(report.keys.filter(({ window }) => window !== undefined)).toHaveLength(MAX_WINDOWS);
  });

  it("tells what it knows at any time", () => {
    const check = new HistoryCheck(read(clientHistory({ ...HARD, random: createRandom(5) })));
    expect(check.advance()).toBe(true);
    expect(check.report()).toMatchObject({ verdict: "unknown", keys: [{ window: undefined }] });
  });

  it("comes to the same result every time", () => {
    const plan = { ...HARD, operations: 60, clients: 5, wrong: 0.1 };
    const reports = [1, 2].map(() =>
      checkHistory(read(clientHistory({ ...plan, random: createRandom(7) }))),
    );
    expect(reports[0]).toEqual(reports[1]);
  });

  it.each([["register"], ["cas-register"], ["counter"], ["set"]] as const)(
    "decides a thousand operations of sixty clients on one %s",
    (model) => {
      const plan = { ...HARD, model, operations: 1_000, clients: 60, values: 0, info: 0.03 };
      const history = read(clientHistory({ ...plan, random: createRandom(2), wrong: 0 }));
      expect(checkHistory(history, { maxSteps: 200_000 }).verdict).toBe("linearizable");
    },
  );
});
