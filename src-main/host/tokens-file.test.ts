import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { loadTokens, renewTokens } from "./tokens-file.ts";

const root = mkdtempSync(join(tmpdir(), "meshdeck-tokens-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

it("makes tokens once, for the owner's eyes only", () => {
  const path = join(root, "new/folder/tokens.json");
  const tokens = loadTokens(path);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(loadTokens(path)).toEqual(tokens);
  expect(renewTokens(path)).not.toEqual(tokens);
  expect(loadTokens(path)).not.toEqual(tokens);
});

it("closes a file that others could read", () => {
  const path = join(root, "open.json");
  writeFileSync(path, "{}", { mode: 0o644 });
  renewTokens(path);
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

it.each(["", "{", "{}", '{"viewer":"x","operator":"y","admin":"z"}'])(
  "leaves a damaged file (%s) as it is and says what to do",
  (text) => {
    const path = join(root, "damaged.json");
    writeFileSync(path, text);
    expect(() => loadTokens(path)).toThrow(/meshdeck token --renew/);
    expect(readFileSync(path, "utf8")).toBe(text);
  },
);
