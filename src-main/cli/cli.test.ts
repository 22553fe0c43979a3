/** The command line in this process; `e2e/daemon` runs it as one of its own. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterAll, describe, expect, it } from "vitest";
import { runCli } from "./cli.ts";

const root = mkdtempSync(join(tmpdir(), "meshdeck-cli-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const path = join(root, name);
  writeFileSync(path, text);
  return path;
}

interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function meshdeck(...args: readonly string[]): Promise<Outcome> {
  return meshdeckUntil(new AbortController().signal, ...args);
}

async function meshdeckUntil(signal: AbortSignal, ...args: readonly string[]): Promise<Outcome> {
  const [out, err] = [new PassThrough(), new PassThrough()];
  const texts = { out: "", err: "" };
  out.on("data", (part) => (texts.out += String(part)));
  err.on("data", (part) => (texts.err += String(part)));
  let code = 0;
  const exit = (value: number): void => {
    code = value;
  };
  await runCli(args, { terminal: { out, err, interactive: false }, signal, exit });
  return { code, ...texts };
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
  it("ends with 1 when a promise breaks, and shows what happened around", async () => {
    const { code, out } = await meshdeck("run", BREAKS, "--junit", join(root, "j.xml"));
    expect(code).toBe(1);
    expect(out).toMatch(/^FAIL {2}kill-e: 1 broken/);
    expect(out).toMatch(/member\.confirmed member=E within 1ms of step kill did not come/);
    expect(out).toMatch(/5\.000s node\.stopped \[E\] reason=killed/);
    expect(readFileSync(join(root, "j.xml"), "utf8")).toMatch(/failures="1"/);
  });

  it.each([
    ["no such file", ["run", "/nowhere.yaml"], /nowhere\.yaml cannot be read: there is no such/],
    ["no number", ["run", HOLDS, "--seed", "x"], /--seed takes a whole number/],
    ["no ratio", ["run", HOLDS, "--speed", "warp"], /--speed takes max or a ratio/],
    ["a folder to write to", ["run", HOLDS, "--record", "/"], /\/ cannot be written/],
    ["an unknown option", ["run", HOLDS, "--sped", "1"], /unknown option '--sped'/],
    ["no file", ["run"], /missing required argument 'file'/],
    ["seeds backwards", ["check", "--seeds", "9..1", HOLDS], /--seeds takes a seed or a range/],
    ["no recording", ["replay", HOLDS], /line 1: not JSON/],
    ["an empty folder name", ["token", "--data", ""], /argument '' is invalid\. It is empty/],
    ["no address", ["attach", "ftp://x", "--once"], /is no address of a host/],
    ["no token", ["attach", "ws://127.0.0.1:1", "--once"], /wants a token/],
    ["no JSON", ["mesh", "command", "demo", "{"], /The command is not JSON/],
    ["no command", ["mesh", "command", "demo", '{"type":"x"}'], /not one that exists: type/],
    ["a limit of 0", ["audit", "--limit", "0"], /--limit takes a whole number from 1 to 1000/],
  ])("ends with 2 for %s, in one sentence", async (_what, args, message) => {
    const { code, out, err } = await meshdeck(...args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(message);
    expect(err).not.toMatch(/\n\s+at /);
  });

  it("names path and line of what is wrong in a file", async () => {
    const bad = file("bad.yaml", readFileSync(HOLDS, "utf8").replace("node.kill", "node.hug"));
    const { code, err } = await meshdeck("run", bad);
    expect(code).toBe(2);
    expect(err).toMatch(/bad\.yaml: .*line 4, steps\[0\]\.do/);
  });

  it("prints the event stream as JSON lines, numbered without gaps, the result last", async () => {
    const { code, out } = await meshdeck("run", "--json", HOLDS);
    expect(code).toBe(0);
    const lines = out
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { seq?: number });
    const { result } = lines.pop() as { result?: { ok: boolean; events: number } };
    expect(result).toMatchObject({ ok: true, events: lines.length });
    expect(lines.map(({ seq }) => seq)).toEqual(lines.map((_line, index) => index + 1));
  });

  it("paces mesh time when asked to", async () => {
    const short = file("short.yaml", "name: short\nabout: x\nsettle: 2s\n");
    const began = performance.now();
    await meshdeck("run", "--speed", "4", short);
    expect(performance.now() - began).toBeGreaterThanOrEqual(499);
  });
});

describe("meshdeck replay", () => {
  it("does it all again, and tells whether the same happened", async () => {
    const path = join(root, "run.meshdeck");
    await meshdeck("run", "--record", path, HOLDS);
    const same = await meshdeck("replay", path);
    expect(same.code).toBe(0);
    expect(same.out).toMatch(/^ok {4}the same happened again/);
    const text = readFileSync(path, "utf8");
    const other = file("other", text.replace(/"hash":"\w{16}"/, '"hash":"0123456789abcdef"'));
    const changed = await meshdeck("replay", other);
    expect(changed.code).toBe(1);
    expect(changed.out).toMatch(/^FAIL {2}something else happened than was recorded/);
    const edited = file("edited", text.replace(/"rttMs":[\d.]+/, '"rttMs":99.5'));
    const { seq } = JSON.parse(
      text.split("\n").find((line) => line.includes('"rttMs":')) ?? "",
    ).event;
    const unlike = await meshdeck("replay", edited);
    expect(unlike.code).toBe(1);
    expect(unlike.out).toMatch(new RegExp(`than was recorded, from event ${seq} on`));
    const refused = await meshdeck("replay", file("cut", text.slice(0, text.length / 2)));
    expect(refused.code).toBe(2);
    expect(refused.err).toMatch(/cut: line \d+: .*cut off/);
  });
});

describe("meshdeck check", () => {
  it("does not call it well when it was ended before all seeds had run", async () => {
    const { code, out, err } = await meshdeckUntil(AbortSignal.abort(), "check", HOLDS);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(err).toMatch(/Ended after 0 of the seeds: 0 passed, 0 failed/);
  });

  it("runs many seeds and names the command for each that fails", async () => {
    const good = await meshdeck("check", "--seeds", "1..3", HOLDS);
    expect(good).toMatchObject({ code: 0, out: "ok    3 seeds passed, 0 failed\n" });
    const bad = await meshdeck("check", "--seeds", "4..5", BREAKS);
    expect(bad.code).toBe(1);
    expect(bad.out).toContain(`meshdeck run --seed 4 ${BREAKS}`);
    expect(bad.out).toMatch(/FAIL {2}0 seeds passed, 2 failed\n$/);
  });

  const late = "  - { at: 6s, do: { type: node.kill, nodes: [B] } }\nexpect:";
  const LONGER = file("longer.yaml", readFileSync(BREAKS, "utf8").replace("expect:", late));
  const check = (...args: readonly string[]) => meshdeck("check", "--seeds", "4..5", ...args);

  it("tells with how few steps it still fails, and writes them to a file", async () => {
    const small = join(root, "small.yaml");
    const { code, out } = await check("--save-failing", small, LONGER);
    expect(code).toBe(1);
    expect(out).toMatch(
      /\nseed 4 still fails so with 1 of 2 steps \(\d runs\):\n {2}1\. at 5s: \{/,
    );
    expect(out).toContain(`meshdeck run ${small}\n`);
    expect(out.match(/still fails/g)).toHaveLength(1);
    const again = await meshdeck("run", small);
    expect(again).toMatchObject({ code: 1, out: expect.stringMatching(/1 broken .*seed 4/) });
    expect(readFileSync(small, "utf8")).not.toContain("[B]");
  });

  it("does not look for fewer steps when told so, and not longer than told", async () => {
    expect((await check("--no-shrink", LONGER)).out).not.toContain("still fails");
    expect((await check("--shrink-runs", "1", LONGER)).out).toMatch(/steps \(1 runs\)/);
    const json = (await check("--json", LONGER)).out.trim().split("\n");
    expect(json.map((line) => Object.keys(JSON.parse(line) as object).join())).toEqual([
      "seed,ok,hash,whys",
      "seed,ok,hash,whys",
      "seed,smaller",
      "result",
    ]);
  });

  it("runs chaos, and steps of it alone", async () => {
    const chaos = await meshdeck("check", "--chaos", "raft", "--seeds", "1");
    expect(chaos).toMatchObject({ code: 0, out: "ok    1 seeds passed, 0 failed\n" });
    const few = await meshdeck("check", "--chaos", "raft", "--seeds", "1", "--steps", "2,5");
    expect(few).toMatchObject({ code: 0, out: "ok    1 seeds passed, 0 failed\n" });
  });

  it.each([
    ["neither file nor chaos", [], /Give a scenario file, or --chaos/],
    ["both", ["--chaos", "raft", HOLDS], /give no scenario file/],
    ["chaos of a kind that is none", ["--chaos", "swim"], /--chaos takes raft or pbft/],
    ["steps of a scenario", ["--steps", "1", HOLDS], /--steps is for --chaos/],
    ["steps that are none", ["--chaos", "raft", "--steps", "a"], /--steps takes a whole number/],
    ["steps that chaos has not", ["--chaos", "raft", "--steps", "99999"], /and no 99999/],
    ["chaos as a file", ["--chaos", "raft", "--save-failing", "x"], /is for scenarios/],
    ["no runs", ["--shrink-runs", "0", HOLDS], /--shrink-runs takes a whole number from 1/],
    ["a folder to write to", ["--save-failing", "/", BREAKS], /\/ cannot be written/],
  ])("ends with 2 for %s", async (_what, args, message) => {
    const { code, err } = await check(...args);
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });
});

describe("after a host was killed", () => {
  const data = mkdtempSync(join(root, "killed-"));
  // What SQLite takes for a database that nothing was written to yet.
  writeFileSync(join(data, "journal.db"), "");
  writeFileSync(join(data, "host.json"), '{"pid":1,"url":"http://127.0.0.1:1"}');

  it("audit reads the journal itself", async () => {
    const { code, out } = await meshdeck("audit", "--data", data);
    expect({ code, out: out.trim() }).toEqual({
      code: 0,
      out: "id  time  who  role  mesh  outcome  what",
    });
  });

  it("mesh list says that no host runs there", async () => {
    const { code, err } = await meshdeck("mesh", "list", "--data", data);
    expect(code).toBe(1);
    expect(err).toMatch(/^meshdeck: No host runs with the data folder /);
  });
});

describe("meshdeck token", () => {
  it("prints a role's token, the same until renewed", async () => {
    const data = join(root, "data");
    const first = await meshdeck("token", "viewer", "--data", data);
    expect(first.out).toMatch(/^[\w-]{43}\n$/);
    expect((await meshdeck("token", "viewer", "--data", data)).out).toBe(first.out);
    expect((await meshdeck("token", "--data", data)).out).not.toBe(first.out);
    const renewed = await meshdeck("token", "viewer", "--renew", "--data", data);
    expect(renewed.out).not.toBe(first.out);
  });
});

it("the help ends with 0, an unknown command with 2", async () => {
  expect((await meshdeck("--help")).code).toBe(0);
  expect((await meshdeck("run", "--help")).code).toBe(0);
  expect(await meshdeck("fly")).toMatchObject({ code: 2, out: "" });
});
