/** The command line as processes; what needs none is tested beside it, in `src-main/cli`. */
import { expect, it } from "vitest";
import { meshdeck, start } from "./cli-process.ts";

const SCENARIO = "resources/scenarios/kill-a-node.yaml";

it("runs a scenario without a word on standard error", async () => {
  const { code, out, err } = await meshdeck(["run", SCENARIO]);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out).toMatch(/^ok {4}kill-a-node: \d+ promises held \(.* seed \d+\)\n$/);
});

it("ends with 2 for a bad file, in one sentence", async () => {
  const { code, out, err } = await meshdeck(["run", "package.json"]);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toMatch(/^meshdeck: package\.json: /);
  expect(err.trim().split("\n")).toHaveLength(1);
});

it("does the same in two processes, and something else with another seed", async () => {
  const hash = async (seed: string): Promise<string> => {
    const { out } = await meshdeck(["run", "--json", "--seed", seed, SCENARIO]);
    return /"hash":"(\w+)"/.exec(out)?.[1] ?? "";
  };
  const [one, again, other] = [await hash("3"), await hash("3"), await hash("4")];
  expect(one).toMatch(/^[0-9a-f]{16}$/);
  expect(again).toBe(one);
  expect(other).not.toBe(one);
});

it("ends without a verdict when interrupted", async () => {
  const running = start(["run", "--json", "--speed", "0.01", SCENARIO]);
  await running.printed(/mesh\.started/);
  const { code, err } = await running.end("SIGINT");
  expect(code).toBe(1);
  expect(err).toMatch(/ended before it was over/);
});
