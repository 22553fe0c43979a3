import { describe, expect, it } from "vitest";
import { meshCommandSchema } from "#shared/contract/commands.ts";
import { draftCommands, EMPTY_DRAFT, type FaultDraft } from "./draft.ts";
import { PRESETS, presetDraft } from "./presets.ts";

const ALL = [..."ABCDE"];
const commandsOf = (draft: Partial<FaultDraft>) => {
  const result = draftCommands({ ...EMPTY_DRAFT, ...draft }, ALL);
  return result.ok ? result.commands : result.problems;
};

describe("a draft becomes a command", () => {
  it("partitions the picked nodes from the rest", () => {
    expect(commandsOf({ targets: ["D", "E"], numbers: { forSeconds: "1.5" } })).toEqual([
      {
        type: "network.partition",
        groups: [
          ["D", "E"],
          ["A", "B", "C"],
        ],
        forMs: 1_500,
      },
    ]);
  });

  it("partitions two picked groups", () => {
    expect(commandsOf({ targets: ["A"], others: ["B"] })).toEqual([
      { type: "network.partition", groups: [["A"], ["B"]] },
    ]);
  });

  it("cuts one way", () => {
    expect(commandsOf({ kind: "cut", targets: ["A"], others: ["B"], oneWay: true })).toEqual([
      { type: "network.cut", from: ["A"], to: ["B"], oneWay: true },
    ]);
  });

  it("turns percent into probabilities and KiB/s into bytes, and leaves the rest alone", () => {
    const numbers = { lossPercent: "2.5", bandwidthKiB: "16", reorderPercent: " " };
    expect(commandsOf({ kind: "conditions", numbers })).toEqual([
      {
        type: "network.conditions",
        scope: { kind: "mesh" },
        conditions: { loss: 0.025, bandwidth: 16_384 },
      },
    ]);
  });

  it("keeps an explicit zero: it sets the aspect to nothing", () => {
    const numbers = { latencyMs: "0" };
    expect(commandsOf({ kind: "conditions", numbers })).toMatchObject([
      { conditions: { latencyMs: 0 } },
    ]);
  });

  it.each([
    [{ scope: "around" as const }, { kind: "around", nodes: ["A"] }],
    [{ scope: "between" as const }, { kind: "between", from: ["A"], to: ["B", "C", "D", "E"] }],
    [
      { scope: "between" as const, oneWay: true, others: ["C"] },
      { kind: "between", from: ["A"], to: ["C"], oneWay: true },
    ],
  ])("scope %j", (draft, scope) => {
    const numbers = { latencyMs: "9" };
    expect(commandsOf({ kind: "conditions", targets: ["A"], numbers, ...draft })).toMatchObject([
      { scope },
    ]);
  });

  it("makes one command for each slow node and each clock", () => {
    expect(commandsOf({ kind: "slow", targets: ["A", "B"], numbers: { delayMs: "50" } })).toEqual([
      { type: "node.slow", node: "A", delayMs: 50 },
      { type: "node.slow", node: "B", delayMs: 50 },
    ]);
    expect(commandsOf({ kind: "clock", targets: ["A"], numbers: { offsetMs: "-20" } })).toEqual([
      { type: "clock.skew", node: "A", driftPpm: 0, offsetMs: -20 },
    ]);
  });
});

describe("a draft that cannot be applied says why", () => {
  it.each<[Partial<FaultDraft>, unknown]>([
    [{}, [{ field: "targets", code: "pick-nodes" }]],
    [{ targets: ALL }, [{ field: "targets", code: "pick-fewer" }]],
    [{ targets: ["A"], others: ["A", "B"] }, [{ field: "others", code: "overlap" }]],
    [{ kind: "slow", targets: ["A"] }, [{ field: "conditions", code: "set-something" }]],
    [{ kind: "conditions" }, [{ field: "conditions", code: "set-something" }]],
    [
      { kind: "conditions", numbers: { forSeconds: "5" } },
      [{ field: "conditions", code: "set-something" }],
    ],
    [
      { kind: "conditions", numbers: { lossPercent: "101" } },
      [{ field: "lossPercent", code: "range", min: 0, max: 100 }],
    ],
    [
      { kind: "conditions", numbers: { latencyMs: "fast" } },
      [{ field: "latencyMs", code: "number" }],
    ],
    [
      { kind: "slow", targets: ["A"], numbers: { delayMs: "0" } },
      [{ field: "delayMs", code: "range", min: 1, max: 600_000 }],
    ],
  ])("%j", (draft, problems) => expect(commandsOf(draft)).toEqual(problems));

  it("accepts the edges of the ranges", () => {
    expect(commandsOf({ kind: "conditions", numbers: { lossPercent: "100" } })).toMatchObject([
      { conditions: { loss: 1 } },
    ]);
  });

  it("reads only the numbers of its own kind", () => {
    const draft = { targets: ["A"], numbers: { latencyMs: "nonsense" } };
    expect(commandsOf(draft)).toMatchObject([{ type: "network.partition" }]);
  });
});

describe("presets", () => {
  it.each(PRESETS.flatMap((id) => [[id, []] as const, [id, ["B", "D"]] as const]))(
    "%s with %j picked is a valid command",
    (id, picked) => {
      const result = draftCommands(presetDraft(id, picked, ALL), ALL);
      if (!result.ok) throw new Error(JSON.stringify(result.problems));
      for (const command of result.commands) meshCommandSchema.parse(command);
      expect(result.commands).toHaveLength(1);
    },
  );

  it("split brain without a choice cuts off the smaller half", () => {
    expect(presetDraft("split-brain", [], ALL).targets).toEqual(["A", "B"]);
    expect(presetDraft("split-brain", ALL, ALL).targets).toEqual(["A", "B"]);
    expect(presetDraft("split-brain", ["E"], ALL).targets).toEqual(["E"]);
  });

  it("a one-way link goes from the first picked node to the second", () => {
    expect(presetDraft("one-way-link", ["D", "B"], ALL)).toMatchObject({
      targets: ["D"],
      others: ["B"],
      oneWay: true,
    });
  });
});
