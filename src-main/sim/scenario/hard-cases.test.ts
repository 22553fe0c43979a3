/** Sequences of faults that went wrong once, and others a mesh has to come back from. */
import { describe, expect, test } from "vitest";
import { DETECTORS } from "#shared/contract/primitives.ts";
import { parseScenario } from "#shared/scenario/scenario.ts";
import { meshFactory } from "../mesh-factory.ts";
import { runScenario } from "./runner.ts";

const ALL = [..."ABCDEFGHI"];
const MINORITY = ["G", "H", "I"];
const WHOLE_AGAIN = [
  { final: { nodes: "all", health: "healthy", mode: "read-write" } },
  { final: { agreement: true } },
];

function failuresOf(scenario: object): readonly string[] {
  const about = "A hard case.";
  const parsed = parseScenario({ name: "hard-case", about, ...scenario });
  const ports = { factory: meshFactory, sink: () => undefined };
  return runScenario(parsed, ports).failures.map(({ at, why }) => `${at / 1e6} s: ${why}`);
}

describe.each(DETECTORS)("nine nodes with the detector %s", (detector) => {
  const mesh = { membership: { detector } };

  test("are all killed and all restarted with their disks: the mesh is whole again", () => {
    const failures = failuresOf({
      seed: 130,
      mesh,
      steps: [
        { at: "20s", do: { type: "node.kill", nodes: ALL } },
        { at: "100s", do: { type: "node.restart", nodes: ALL, disk: "keep" } },
      ],
      settle: "240s",
      expect: [{ never: { type: "member.confirmed" } }, ...WHOLE_AGAIN],
    });
    expect(failures).toEqual([]);
  });

  test.each(["60s", "120s"])("are cut in three until %s: nobody is buried after that", (heal) => {
    const groups = [["A", "B", "C"], ["D", "E", "F"], MINORITY];
    const failures = failuresOf({
      seed: 1,
      mesh,
      steps: [
        { id: "cut", at: "20s", do: { type: "network.partition", groups } },
        { at: heal, do: { type: "fault.clearAll" } },
      ],
      settle: "140s",
      expect: [{ never: { type: "member.confirmed" } }, ...WHOLE_AGAIN],
    });
    expect(failures).toEqual([]);
  });

  test("lose a majority: the rest buries nobody and turns read-only until it is back", () => {
    const majority = ["A", "B", "C", "D", "E", "F"];
    const failures = failuresOf({
      seed: 3,
      mesh,
      steps: [
        { id: "kill", at: "20s", do: { type: "node.kill", nodes: majority } },
        {
          id: "write",
          at: "100s",
          do: { type: "rumour.publish", node: "G", topic: "t", payload: "x" },
          refused: "read-only",
        },
        { at: "160s", do: { type: "node.restart", nodes: majority, disk: "keep" } },
      ],
      settle: "180s",
      expect: [
        { never: { type: "member.confirmed" } },
        {
          event: { type: "partition.mode", mode: "read-only", node: { any: MINORITY } },
          after: "kill",
          within: "80s",
          atLeast: 3,
        },
        ...WHOLE_AGAIN,
      ],
    });
    expect(failures).toEqual([]);
  });
});
