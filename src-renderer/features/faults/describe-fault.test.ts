import type { FaultView } from "#shared/view/model.ts";
import { expect, it } from "vitest";
import { describeFault } from "./describe-fault.ts";

const t = (key: string, params?: Readonly<Record<string, unknown>>) =>
  params === undefined ? key : `${key.split(".").at(-1)}=${Object.values(params).join("/")}`;

it.each<[FaultView["spec"], string]>([
  [{ kind: "partition", groups: [["A", "B"], ["C"]] }, "A, B | C"],
  [{ kind: "partition", groups: [[..."ABCDE"], ["F"]] }, "more=A, B, C/2 | F"],
  [{ kind: "cut", from: ["A"], to: ["B"], oneWay: true }, "A → B"],
  [{ kind: "cut", from: ["A"], to: ["B"], oneWay: false }, "A ↔ B"],
  [
    { kind: "conditions", scope: { kind: "mesh" }, conditions: { loss: 0.07, bandwidth: 2_048 } },
    "faults:spec.mesh: loss=7, bandwidth=2",
  ],
  [
    {
      kind: "conditions",
      scope: { kind: "between", from: ["A"], to: ["B"], oneWay: true },
      conditions: { latencyMs: 0 },
    },
    "A → B: latency=0",
  ],
  [{ kind: "slow", node: "E", delayMs: 50 }, "slow=E/50"],
  [{ kind: "clock", node: "E", driftPpm: -3, offsetMs: 9 }, "clock=E/-3/9"],
])("%j", (spec, text) => expect(describeFault(t, spec)).toBe(text));

it("shows names of a mesh without their direction controls", () => {
  const spec = { kind: "cut" as const, from: ["A\u202eX"], to: ["B"], oneWay: true };
  expect(describeFault(t, spec)).toBe("AX → B");
});
