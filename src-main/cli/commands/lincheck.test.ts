import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { MAX_HISTORY_BYTES } from "#main/lincheck/limits.ts";
import { runCli } from "../cli.ts";

const root = mkdtempSync(join(tmpdir(), "meshdeck-lincheck-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function file(name: string, text: string | Uint8Array): string {
  const path = join(root, name);
  writeFileSync(path, text);
  return path;
}

async function lincheckUntil(signal: AbortSignal, ...args: readonly string[]) {
  const [out, err] = [new PassThrough(), new PassThrough()];
  const texts = { out: "", err: "" };
  out.on("data", (part) => (texts.out += String(part)));
  err.on("data", (part) => (texts.err += String(part)));
  let code = 0;
  const exit = (value: number): void => {
    code = value;
  };
  const terminal = { out, err, interactive: false };
  await runCli(["lincheck", ...args], { terminal, signal, exit });
  return { code, ...texts };
}

function lincheck(...args: readonly string[]) {
  return lincheckUntil(new AbortController().signal, ...args);
}

const GOOD = `{"model":"register"}
{"type":"invoke","process":0,"f":"write","key":"x","value":1,"time":10}
{"type":"ok","process":0,"f":"write","key":"x","value":1,"time":20}
{"type":"invoke","process":1,"f":"read","key":"x","time":30}
{"type":"ok","process":1,"f":"read","key":"x","value":1,"time":40}
`;
const BAD = GOOD.replace(/("f":"read".*"value":)1/, "$12");
const good = file("good.jsonl", GOOD);
const bad = file("bad.jsonl", BAD);
/** Additions all at once, each of another even amount, and a read of an odd sum of some. */
const hard = file(
  "hard.jsonl",
  [
    ...Array.from({ length: 24 }, (_none, at) => ["invoke", at, "add", 2 * (at + 1) ** 2] as const),
    ["invoke", "reader", "read", null] as const,
    ["ok", "reader", "read", 4_321] as const,
  ]
    .map(([type, process, f, value]) => JSON.stringify({ type, process, f, value }))
    .join("\n"),
);

const stdin = Object.getOwnPropertyDescriptor(process, "stdin");
afterEach(() => {
  if (stdin !== undefined) Object.defineProperty(process, "stdin", stdin);
});

function type(input: Readable): void {
  Object.defineProperty(process, "stdin", { value: input, configurable: true });
}

describe("meshdeck lincheck", () => {
  it("ends with 0 for a linearizable history", async () => {
    const { code, out } = await lincheck(good);
    expect(code).toBe(0);
    expect(out).toMatch(/^ok {4}.*good\.jsonl: linearizable \(register; 2 operations \(2 ok/);
  });

  it("ends with 1 for one that is not, with the window, its times and why", async () => {
    const { code, out } = await lincheck(bad);
    expect(code).toBe(1);
    expect(out).toMatch(/^FAIL {2}.*bad\.jsonl: NOT linearizable/);
    expect(out).toMatch(/4–5 {4}30–40 {2}1 {8}read → 2 {3}← has no place/);
    expect(out).toMatch(/no place for: read → 2\.\n {2}Possible were only: read → 1\./);
  });

  it("prints all of it as JSON", async () => {
    const { code, out } = await lincheck("--json", bad);
    expect(code).toBe(1);
    const { result } = JSON.parse(out);
    expect(result).toMatchObject({
      verdict: "not-linearizable",
      model: "register",
      operations: 2,
      keys: [{ key: "x", verdict: "not-linearizable", window: { couldHave: ["read → 1"] } }],
    });
    const { operations, misfit } = result.keys[0].window;
    expect(operations[misfit]).toMatchObject({ what: "read → 2", process: 1, invokeLine: 4 });
  });

  it("ends with 3 when the steps or the time are not enough, and says which", async () => {
    const steps = await lincheck("--max-steps", "1000", hard);
    expect(steps.code).toBe(3);
    expect(steps.out).toMatch(/^\?\? {4}.*not decided[^]*--max-steps/);
    const time = await lincheck("--timeout-ms", "1", "--json", hard);
    expect(time.code).toBe(3);
    expect(JSON.parse(time.out).result).toMatchObject({ verdict: "unknown", gaveUp: "time" });
  });

  it("ends with 3 when it is interrupted", async () => {
    const { code, out } = await lincheckUntil(AbortSignal.abort(), hard);
    expect(code).toBe(3);
    expect(out).toMatch(/interrupted/);
  });

  it("reads standard input", async () => {
    type(Readable.from([Buffer.from(BAD.slice(0, 100)), Buffer.from(BAD.slice(100))]));
    const { code, out } = await lincheck("-");
    expect(code).toBe(1);
    expect(out).toMatch(/^FAIL {2}standard input: /);
  });

  it("does not wait for standard input when it is interrupted", async () => {
    type(new PassThrough());
    const { code, err } = await lincheckUntil(AbortSignal.timeout(20), "-");
    expect(code).toBe(3);
    expect(err).toMatch(/Ended before the history was read/);
  });

  it("lets --model count more than the header", async () => {
    const { code, err } = await lincheck("--model", "set", good);
    expect(code).toBe(2);
    expect(err).toMatch(/good\.jsonl: line 2: a set has no "write"/);
  });

  it("lets no control character of the file reach the terminal", async () => {
    const evil = file("evil.jsonl", BAD.replaceAll('"x"', String.raw`"\u001b[31m\u202ex"`));
    const { out } = await lincheck(evil);
    // oxlint-disable-next-line no-control-regex -- looking for them is what the test is about
    expect(out).not.toMatch(/[\u001b\u202e]/);
  });

  const large = file("large.jsonl", "");
  truncateSync(large, MAX_HISTORY_BYTES + 1);

  it.each<[string, readonly string[], RegExp]>([
    ["no such file", ["/nowhere.jsonl"], /nowhere\.jsonl cannot be read: there is no such file/],
    ["a folder", [root], /it is a folder/],
    ["an empty file", [file("empty", "")], /empty: the history is empty/],
    ["no text", [file("binary", Uint8Array.of(0xff, 0xfe))], /it is not UTF-8 text/],
    ["too large a file", [large], /is too large: at most 67108864 bytes/],
    ["a bad line", [file("cut", GOOD.slice(0, 120))], /cut: line 3: not JSON/],
    ["a bad order", [file("order", GOOD.replace(/^.*invoke.*0.*\n/m, ""))], /line 2: ok without/],
    ["no model", ["--model", "queue", good], /--model takes register, .*, not "queue"/],
    ["no number", ["--max-steps", "many", good], /--max-steps takes a whole number/],
    ["no time", ["--timeout-ms", "0", good], /--timeout-ms takes a whole number from 1/],
    ["no file", [], /missing required argument 'history'/],
  ])("ends with 2 for %s, in one sentence", async (_what, args, message) => {
    const { code, out, err } = await lincheck(...args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(message);
    expect(err).not.toMatch(/\n\s+at /);
  });
});
