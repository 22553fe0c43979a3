import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MeshError } from "../contract/errors.ts";
import type { MeshEvent } from "../contract/events.ts";
import { formatDuration, parseDuration } from "./duration.ts";
import { describePattern, eventPatternSchema, matchesEvent } from "./pattern.ts";
import { parseScenario, type ScenarioProblem } from "./scenario.ts";

const GOOD = {
  name: "kill-a-node",
  about: { en: "A node dies.", zh: "一个节点停止。" },
  seed: 7,
  mesh: { nodes: 9 },
  steps: [
    { id: "kill", at: "5s", do: { type: "node.kill", nodes: ["E"] }, explain: "E is killed." },
    {
      after: { event: { type: "member.confirmed", member: "E" }, wait: "250ms" },
      do: { type: "node.restart", nodes: ["E"], disk: "keep" },
    },
  ],
  expect: [
    { event: { type: "member.confirmed", member: "E" }, after: "kill", within: "30s" },
    { never: { type: "invariant.violated" } },
    { final: { nodes: ["E"], health: "healthy" } },
    { final: { links: { atLeast: 3, atMost: 5 } } },
    { metric: "connectivity", atLeast: 100 },
  ],
};

function problemsOf(change: object): readonly ScenarioProblem[] {
  try {
    parseScenario({ ...GOOD, ...change });
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    expect(error.code).toBe("bad-scenario");
    return error.details?.["problems"] as readonly ScenarioProblem[];
  }
  return [];
}

describe("a scenario", () => {
  it("is read with its durations in microseconds and its defaults filled in", () => {
    const scenario = parseScenario(GOOD);
    expect(scenario.mesh).toMatchObject({ name: "kill-a-node", seed: 7, nodes: 9 });
    expect(scenario.settle).toBe(60_000_000);
    expect(scenario.steps).toMatchObject([
      { id: "kill", at: 5_000_000, explain: { en: "E is killed." } },
      { after: { wait: 250_000, within: 120_000_000 }, command: { type: "node.restart" } },
    ]);
    expect(scenario.expect[0]).toEqual({
      kind: "event",
      event: { type: "member.confirmed", fields: { member: "E" } },
      after: "kill",
      within: 30_000_000,
      atLeast: 1,
    });
    expect(scenario.expect[3]).toMatchObject({ final: { kind: "links", of: "running" } });
  });

  const kill = GOOD.steps[0];
  it.each<[string, object, string]>([
    ["an unknown key", { sceed: 1 }, "the file"],
    ["a seed of its own in mesh", { mesh: { seed: 1 } }, "mesh"],
    ["a number as duration", { settle: 5 }, "settle"],
    ["an unknown command", { steps: [{ at: "1s", do: { type: "node.zap" } }] }, "steps[0].do.type"],
    ["at and after", { steps: [{ ...kill, after: GOOD.steps[1]?.after }] }, "steps[0]"],
    ["neither at nor after", { steps: [{ do: kill?.do }] }, "steps[0]"],
    ["a step that says and does nothing", { steps: [{ at: "1s" }] }, "steps[0]"],
    [
      "a refusal of nothing",
      { steps: [{ at: "1s", explain: "x", refused: "read-only" }] },
      "steps[0].refused",
    ],
    ["two steps of one id", { steps: [kill, kill] }, "steps[1].id"],
    ["time that runs backwards", { steps: [kill, { at: "4s", explain: "x" }] }, "steps[1].at"],
    ["an unknown step", { expect: [{ never: { type: "log" }, until: "nope" }] }, "expect[0].until"],
    ["an unknown event", { expect: [{ never: { type: "nope" } }] }, "expect[0].never.type"],
    [
      "a field that the event has not",
      { expect: [{ never: { type: "log", member: "E" } }] },
      "expect[0].never.member",
    ],
    [
      "two kinds in one",
      { expect: [{ never: { type: "log" }, metric: "latencyMs" }] },
      "expect[0]",
    ],
    ["a metric without a bound", { expect: [{ metric: "latencyMs" }] }, "expect[0]"],
    ["links without a bound", { expect: [{ final: { links: {} } }] }, "expect[0].final.links"],
    [
      "a value the field never has",
      { expect: [{ never: { type: "member.state", state: "deadd" } }] },
      "expect[0].never.state",
    ],
    [
      "a text where a number is",
      { expect: [{ never: { type: "member.confirmed", of: "9" } }] },
      "expect[0].never.of",
    ],
    [
      "one impossible value of several",
      { expect: [{ never: { type: "member.state", state: { any: ["dead", "gone"] } } }] },
      "expect[0].never.state",
    ],
    [
      "bounds of a name",
      { expect: [{ never: { type: "member.confirmed", member: { atLeast: 1 } } }] },
      "expect[0].never.member",
    ],
    [
      "bounds that cross",
      { expect: [{ final: { links: { atLeast: 4, atMost: 3 } } }] },
      "expect[0].final.links.atMost",
    ],
    [
      "more events than may come",
      { expect: [{ event: { type: "log" }, within: "1s", atLeast: 2, atMost: 1 }] },
      "expect[0].atMost",
    ],
    [
      "an end that comes first",
      {
        steps: [kill, { id: "late", at: "9s", explain: "x" }],
        expect: [{ never: { type: "log" }, from: "late", until: "kill" }],
      },
      "expect[0].until",
    ],
    ["contradictory options of the mesh", { mesh: { nodes: 9, maxNodes: 3 } }, "mesh.maxNodes"],
    [
      "a command about nobody",
      { steps: [{ at: "1s", do: { type: "node.kill", nodes: ["E", "Q"] } }] },
      "steps[0].do.nodes[1]",
    ],
    [
      "a partition of nobody",
      { steps: [{ at: "1s", do: { type: "network.partition", groups: [["A"], ["B", "Q"]] } }] },
      "steps[0].do.groups[1][1]",
    ],
    [
      "conditions around nobody",
      {
        steps: [
          {
            at: "1s",
            do: {
              type: "network.conditions",
              scope: { kind: "around", nodes: ["Q"] },
              conditions: { loss: 1 },
            },
          },
        ],
      },
      "steps[0].do.scope.nodes[0]",
    ],
    [
      "a wait for nobody",
      { steps: [{ after: { event: { type: "member.confirmed", member: "Q" } }, explain: "x" }] },
      "steps[0].after.event.member",
    ],
    [
      "a promise about nobody",
      { expect: [{ never: { type: "member.confirmed", member: { any: ["E", "Q"] } } }] },
      "expect[0].never.member.any[1]",
    ],
    ["nobody's absence", { expect: [{ final: { absent: ["Q"] } }] }, "expect[0].final.absent[0]"],
    [
      "a command for an attached engine",
      { steps: [{ at: "1s", do: { type: "user.event", name: "x", payload: "" } }] },
      "steps[0].do.type",
    ],
    ["nodes of which nothing holds", { expect: [{ final: { nodes: "all" } }] }, "expect[0].final"],
  ])("with %s is refused, and the place is named", (_, change, path) => {
    expect(problemsOf(change).map((problem) => problem.path)).toContain(path);
  });

  it.each<[string, object]>([
    [
      "a node that is added later",
      {
        steps: [{ at: "1s", do: { type: "node.add", node: "new" } }],
        expect: [{ final: { nodes: ["new"], health: "healthy" } }],
      },
    ],
    [
      "a node that gets its name later",
      {
        steps: [{ at: "1s", do: { type: "node.add" } }],
        expect: [{ final: { nodes: ["J"], health: "healthy" } }],
      },
    ],
    [
      "a refused command about nobody",
      {
        steps: [{ at: "1s", do: { type: "node.kill", nodes: ["Q"] }, refused: "unknown-node" }],
        expect: [],
      },
    ],
    ["bounds that leave one number", { expect: [{ final: { links: { atLeast: 3, atMost: 3 } } }] }],
  ])("with %s is read", (_, change) => {
    expect(problemsOf({ ...change, ...("expect" in change ? {} : { expect: [] }) })).toEqual([]);
  });

  it.each<[object, string]>([
    [{ seed: "x" }, 'seed: takes a number, not "x"'],
    [{ mesh: { nodez: 3 } }, 'mesh: has no "nodez"'],
    [{ settle: 5 }, "settle: 5 is no duration"],
    [{ name: undefined }, "name: is missing (a text)"],
    [{ mesh: { nodes: 10_001 } }, "mesh.nodes: takes at most 10000"],
    [{ mesh: { network: { loss: 2 } } }, "mesh.network.loss: takes at most 1"],
    [
      { mesh: { topology: { kind: "tree" } } },
      '"tree" is none of grid, ring, star, full, random-regular',
    ],
    [{ expect: [{ never: { type: "nope" } }] }, 'type: "nope" is none of mesh.started'],
    [{ steps: [{ at: "1s", do: { type: "node.zap" } }] }, 'there is no type "node.zap"'],
  ])("says what is wrong with %j", (change, text) => {
    expect(() => parseScenario({ ...GOOD, ...change })).toThrow(text);
  });

  it("names all problems at once, with lines where the caller knows them", () => {
    const bad = { ...GOOD, seed: -1, settle: "soon", extra: true };
    const locate = (path: readonly (string | number)[]) => (path[0] === "seed" ? 4 : undefined);
    expect(() => parseScenario(bad, locate)).toThrow(/line 4, seed: .*; settle: .*; the file: /);
  });

  it("throws nothing but its own error, whatever it is given", () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (all, part) => {
        for (const value of [all, { ...GOOD, steps: part }, { ...GOOD, expect: [part] }]) {
          try {
            parseScenario(value);
          } catch (error) {
            expect(error).toBeInstanceOf(MeshError);
          }
        }
      }),
    );
  });
});

describe("durations", () => {
  it.each([
    ["10s", 10_000_000],
    ["250ms", 250_000],
    ["1.5m", 90_000_000],
    ["7us", 7],
    ["24h", 86_400_000_000],
  ])("%s is %i microseconds", (text, micros) => expect(parseDuration(text)).toBe(micros));

  it.each(["", "10", "s", "-1s", "1 s", "1e3s", "25h", "1d", "10sec"])("%j is none", (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  it("are written so that they read back", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 86_400_000_000 }), (micros) => {
        expect(parseDuration(formatDuration(micros))).toBe(micros);
      }),
    );
    expect([0, 1_500_000, 120_000_000].map(formatDuration)).toEqual(["0us", "1500ms", "2m"]);
  });
});

describe("event patterns", () => {
  const event: MeshEvent = {
    seq: 1,
    at: 1,
    type: "member.confirmed",
    node: "A",
    member: "E",
    incarnation: 2,
    observers: ["A", "B"],
    needed: 2,
    of: 9,
  };
  const matches = (fields: object) =>
    matchesEvent(eventPatternSchema.parse({ type: "member.confirmed", ...fields }), event);

  it.each<[object, boolean]>([
    [{}, true],
    [{ member: "E" }, true],
    [{ member: "F" }, false],
    [{ member: { any: ["F", "E"] } }, true],
    [{ member: { any: ["F"] } }, false],
    [{ of: { atLeast: 9 } }, true],
    [{ of: { atLeast: 10 } }, false],
    [{ of: { atMost: 9 } }, true],
    [{ of: { atMost: 8 } }, false],
    [{ observers: "B" }, true],
    [{ observers: "C" }, false],
    [{ member: "E", incarnation: 3 }, false],
  ])("%j: %s", (fields, expected) => expect(matches(fields)).toBe(expected));

  it("match their own type only", () => {
    expect(matchesEvent(eventPatternSchema.parse({ type: "log" }), event)).toBe(false);
  });

  it("are described in a line", () => {
    const pattern = { type: "member.confirmed", member: { any: ["E", "F"] }, of: { atLeast: 3 } };
    expect(describePattern(eventPatternSchema.parse(pattern))).toBe(
      "member.confirmed member=E|F of>=3",
    );
  });
});
