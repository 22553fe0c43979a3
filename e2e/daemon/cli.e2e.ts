import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { meshdeck, start, temporaryFolder } from "./cli-process.ts";

const folder = temporaryFolder();
afterAll(folder.remove);

function file(name: string, text: string): string {
  const path = join(folder.path, name);
  writeFileSync(path, text);
  return path;
}

const HOLDS = file(
  "holds.yaml",
  `name: kill-e
about: Kill E.
steps:
  - { id: kill, at: 5s, do: { type: node.kill, nodes: [E] } }
expect:
  - { event: { type: member.confirmed, member: E }, after: kill, within: 60s }
`,
);
const BREAKS = file(
  "breaks.yaml",
  readFileSync(HOLDS, "utf8").replace("within: 60s", "within: 1ms"),
);

describe("meshdeck run", () => {
  it("ends with 0 when all holds, and says so in a line", async () => {
    const { code, out, err } = await meshdeck(["run", HOLDS]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/^ok {4}kill-e: 2 promises held \(65\.000s of mesh time in .* seed 1\)\n$/);
  });

  it("ends with 1 when a promise breaks, and shows what happened around", async () => {
    const { code, out } = await meshdeck(["run", BREAKS, "--junit", join(folder.path, "j.xml")]);
    expect(code).toBe(1);
    expect(out).toMatch(/^FAIL {2}kill-e: 1 broken/);
    expect(out).toMatch(/member\.confirmed member=E within 1ms of step kill did not come/);
    expect(out).toMatch(/5\.000s node\.stopped \[E\] reason=killed/);
    expect(readFileSync(join(folder.path, "j.xml"), "utf8")).toMatch(/failures="1"/);
  });

  it.each([
    ["no such file", ["run", "/nowhere.yaml"], /nowhere\.yaml cannot be read: there is no such/],
    ["no number", ["run", HOLDS, "--seed", "x"], /--seed takes a whole number/],
    ["no ratio", ["run", HOLDS, "--speed", "warp"], /--speed takes max or a ratio/],
    ["a folder to write to", ["run", HOLDS, "--record", "/"], /\/ cannot be written/],
    ["an unknown option", ["run", HOLDS, "--sped", "1"], /unknown option '--sped'/],
    ["no file", ["run"], /missing required argument 'file'/],
  ])("ends with 2 for %s, in one sentence", async (_what, args, message) => {
    const { code, out, err } = await meshdeck(args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(message);
    expect(err).not.toMatch(/\n\s+at /);
  });

  it("names path and line of what is wrong in a file", async () => {
    const bad = file("bad.yaml", readFileSync(HOLDS, "utf8").replace("node.kill", "node.hug"));
    const { code, err } = await meshdeck(["run", bad]);
    expect(code).toBe(2);
    expect(err).toMatch(/bad\.yaml: .*line 4, steps\[0\]\.do/);
  });

  it("prints the event stream as JSON lines, numbered without gaps, the result last", async () => {
    const { code, out } = await meshdeck(["run", "--json", HOLDS]);
    expect(code).toBe(0);
    const lines = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { seq?: number });
    const { result } = lines.pop() as { result?: { ok: boolean; events: number } };
    expect(result).toMatchObject({ ok: true, events: lines.length });
    expect(lines.map(({ seq }) => seq)).toEqual(lines.map((_line, index) => index + 1));
  });

  it("is the same twice and in another process, and differs with another seed", async () => {
    const hash = async (seed: string): Promise<string> => {
      const { out } = await meshdeck(["run", "--json", "--seed", seed, HOLDS]);
      return /"hash":"(\w+)"/.exec(out)?.[1] ?? "";
    };
    const [one, again, other] = [await hash("3"), await hash("3"), await hash("4")];
    expect(one).toMatch(/^[0-9a-f]{16}$/);
    expect(again).toBe(one);
    expect(other).not.toBe(one);
  });

  it("paces mesh time when asked to", async () => {
    const short = file("short.yaml", "name: short\nabout: x\nsettle: 2s\n");
    const began = performance.now();
    await meshdeck(["run", "--speed", "2", short]);
    expect(performance.now() - began).toBeGreaterThan(1_000);
  });

  it("ends without a verdict when interrupted", async () => {
    const running = start(["run", "--speed", "0.01", HOLDS]);
    await new Promise((resolve) => setTimeout(resolve, 800));
    const { code, err } = await running.end("SIGINT");
    expect(code).toBe(1);
    expect(err).toMatch(/ended before it was over/);
  });
});

describe("meshdeck replay", () => {
  it("does it all again and finds the same", async () => {
    const path = join(folder.path, "run.meshdeck");
    await meshdeck(["run", "--record", path, HOLDS]);
    const { code, out } = await meshdeck(["replay", path]);
    expect(code).toBe(0);
    expect(out).toMatch(/^ok {4}the same happened again/);
    const text = readFileSync(path, "utf8");
    const other = file("other.meshdeck", text.replace('"seed":1', '"seed":2'));
    const changed = await meshdeck(["replay", other]);
    expect(changed.code).toBe(1);
    expect(changed.out).toMatch(/^FAIL {2}something else happened than was recorded/);
    const cut = file("cut.meshdeck", text.slice(0, text.length / 2));
    const refused = await meshdeck(["replay", cut]);
    expect(refused.code).toBe(2);
    expect(refused.err).toMatch(/line \d+: not JSON; the file is damaged or was cut off/);
  });
});

describe("meshdeck check", () => {
  it("runs many seeds and names the command for each that fails", async () => {
    const good = await meshdeck(["check", "--seeds", "1..3", HOLDS]);
    expect(good).toMatchObject({ code: 0, out: "ok    3 seeds passed, 0 failed\n" });
    const bad = await meshdeck(["check", "--seeds", "4..5", BREAKS]);
    expect(bad.code).toBe(1);
    expect(bad.out).toContain(`meshdeck run --seed 4 ${BREAKS}`);
    expect((await meshdeck(["check", "--seeds", "9..1", HOLDS])).code).toBe(2);
  });
});

describe("the help", () => {
  it("lists what there is, and an unknown command ends with 2", async () => {
    expect((await meshdeck(["--help"])).out).toMatch(/serve .*\n[^]*attach .*\n[^]*token /);
    expect((await meshdeck(["run", "--help"])).code).toBe(0);
    expect(await meshdeck(["fly"])).toMatchObject({ code: 2, out: "" });
  });
});
