import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { MeshError } from "#shared/contract/errors.ts";
import { readScenario, scenarioFromYaml, yamlWithSteps } from "./scenario-file.ts";

const root = mkdtempSync(join(tmpdir(), "meshdeck-scenario-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const GOOD = `
name: kill-a-node
about: Kill E.
steps:
  - at: 5s
    do: { type: node.kill, nodes: [E] }
`;

function problemOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof MeshError && error.code === "bad-scenario") return error.message;
    throw error;
  }
  return "no problem";
}

describe("a scenario file", () => {
  it("is read", () => {
    const scenario = scenarioFromYaml(GOOD, "good.yaml");
    expect(scenario.steps[0]).toMatchObject({ at: 5_000_000, command: { type: "node.kill" } });
  });

  it.each([
    ["an unknown key", `${GOOD}colour: red\n`, /^bad\.yaml: .*colour/],
    ["a bad duration", GOOD.replace("5s", "5 parsecs"), /line 5, steps\[0\]\.at: .*no duration/],
    ["a bad command", GOOD.replace("node.kill", "node.hug"), /line 6, steps\[0\]\.do/],
    ["broken YAML", `${GOOD}  - {`, /^bad\.yaml:\d+:\d+: /],
    ["a key twice", `${GOOD}name: again\n`, /^bad\.yaml:7:1: /],
    ["nothing", "", /^bad\.yaml: the file is empty/],
    ["comments only", "# later\n", /^bad\.yaml: the file is empty/],
    ["a second document", `${GOOD}---\n${GOOD}`, /^bad\.yaml:7:1: a second document begins$/],
    ["lists without end", `x: ${"[".repeat(9_000)}`, /^bad\.yaml:1:\d+: .*nested too deep$/],
    ["a contradiction", `${GOOD}mesh: { maxNodes: 3 }\n`, /line 7, mesh\.maxNodes: /],
    ["an unknown node", GOOD.replace("[E]", "[Q]"), /line 6, steps\[0\]\.do\.nodes\[0\]: Q is no/],
    ["a list", "- a\n- b\n", /^bad\.yaml: /],
  ])("with %s names path and line", (_what, text, pattern) => {
    expect(problemOf(() => scenarioFromYaml(text, "bad.yaml"))).toMatch(pattern);
  });

  it("that refers to itself too often is refused", () => {
    const laugh = ["a: &a [x,x,x,x,x,x,x,x,x]"];
    for (let level = 1; level < 9; level += 1) {
      const [name, below] = ["abcdefghij"[level], "abcdefghij"[level - 1]];
      laugh.push(`${name}: &${name} [${`*${below},`.repeat(9)}]`);
    }
    expect(problemOf(() => scenarioFromYaml(laugh.join("\n"), "l.yaml"))).toMatch(/too often/);
  });

  it("that is missing, a folder, too large or no text says so", () => {
    expect(problemOf(() => readScenario(join(root, "none.yaml")))).toMatch(/there is no such file/);
    expect(problemOf(() => readScenario(root))).toMatch(/it is a folder/);
    const path = join(root, "odd.yaml");
    writeFileSync(path, "#".repeat(1024 * 1024 + 1));
    expect(problemOf(() => readScenario(path))).toMatch(/too large/);
    expect(problemOf(() => readScenario("/dev/zero"))).toMatch(/no file but a pipe or device/);
    writeFileSync(path, new Uint8Array([0xff, 0xfe, 0x00]));
    expect(problemOf(() => readScenario(path))).toMatch(/not UTF-8/);
  });

  it("of any content is read or refused, never anything else", () => {
    const mangled = fc
      .tuple(fc.nat(GOOD.length), fc.nat(8), fc.string({ maxLength: 8 }))
      .map(([start, length, text]) => GOOD.slice(0, start) + text + GOOD.slice(start + length));
    fc.assert(
      fc.property(fc.oneof(fc.string(), mangled), (text) => {
        problemOf(() => scenarioFromYaml(text, "x.yaml"));
      }),
      { numRuns: 500 },
    );
  });
});

describe("a smaller scenario", () => {
  const text = `# a comment
name: two-kills
about: Kill C and E.
seed: 3
steps:
  - at: 5s
    do: &kill { type: node.kill, nodes: [C] }
  - { id: last, at: 250ms, do: { type: node.kill, nodes: [E] } }
  - { at: 9s, do: *kill }
expect:
  - { event: { type: node.stopped }, within: 60s }
`;

  it("keeps what the file says, but for the steps that are left out and the seed", () => {
    const smaller = yamlWithSteps(text, [3], 9);
    const { steps, seed, expect: promises } = scenarioFromYaml(smaller, "smaller.yaml");
    expect(seed).toBe(9);
    expect(steps).toMatchObject([{ at: 9_000_000, command: { type: "node.kill", nodes: ["C"] } }]);
    expect(promises).toHaveLength(1);
    expect(smaller).not.toMatch(/[&*]/);
  });

  it("may have no step at all", () => {
    expect(scenarioFromYaml(yamlWithSteps(text, [], 9), "smaller.yaml").steps).toEqual([]);
    expect(yamlWithSteps("name: no-steps\nabout: x\n", [], 2)).toContain("steps: []");
  });
});
