import { describe, expect, it } from "vitest";
import { meshFactory } from "../mesh-factory.ts";
import { brokenPromise, judgeChaos, judgeHistory } from "./judge.ts";
import { chaosPlan } from "./plan.ts";

function history(...events: readonly object[]): string {
  const lines = [{ model: "register" }, ...events].map((one) => JSON.stringify(one));
  return `${lines.join("\n")}\n`;
}

const write = { process: "p1", f: "write", key: "x", value: "v1" };
const read = { process: "p2", f: "read", key: "x", value: null };
const done = [
  { type: "invoke", ...write },
  { type: "ok", ...write },
  { type: "invoke", ...read },
];

describe("what the clients saw", () => {
  it("is no failure where it can be explained", () => {
    const judged = judgeHistory(history(...done, { type: "ok", ...read, value: "v1" }));
    expect(judged).toEqual({ broken: [], decided: true });
  });

  it("is a failure where a read misses a write that was answered before", () => {
    const { broken, decided } = judgeHistory(history(...done, { type: "ok", ...read }));
    expect(broken).toEqual([expect.stringMatching(/^linearizability: key "x": no order .* read/)]);
    expect(decided).toBe(true);
  });

  it("is nothing where nobody asked anything", () => {
    expect(judgeHistory(history())).toEqual({ broken: [], decided: true });
  });
});

describe("what broke", () => {
  it.each([
    ["12.5 s: election-safety: A and B both lead in term 3", "election-safety"],
    ["liveness: only 2 of 5 requests were carried out", "liveness"],
    ['linearizability: key "x"', "linearizability"],
    ["something", "something"],
  ])("of %s", (text, promise) => {
    expect(brokenPromise(text)).toBe(promise);
  });
});

it("a run without faults and requests keeps all promises", () => {
  const plan = { ...chaosPlan(1, { kind: "raft", nodes: 3 }), steps: [] };
  expect(judgeChaos(plan, meshFactory)).toMatchObject({ broken: [], decided: true });
});
