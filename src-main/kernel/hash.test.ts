import { describe, expect, test } from "vitest";
import { hashBytes, hashString, mix32, TraceHash } from "./hash.ts";

describe("hashes", () => {
  test("hashBytes is FNV-1a with its published values", () => {
    expect(hashBytes(new TextEncoder().encode(""))).toBe(0x811c9dc5);
    expect(hashBytes(new TextEncoder().encode("a"))).toBe(0xe40c292c);
    expect(hashBytes(new TextEncoder().encode("foobar"))).toBe(0xbf9cf968);
  });

  test("hashString tells apart what differs only above the low byte", () => {
    expect(hashString("\u0141")).not.toBe(hashString("A"));
  });

  test("mix32 is a bijection's sample: no collisions among neighbours", () => {
    const seen = new Set(Array.from({ length: 10_000 }, (_, i) => mix32(i)));
    expect(seen.size).toBe(10_000);
  });
});

function of(...steps: ((hash: TraceHash) => void)[]): string {
  const hash = new TraceHash();
  for (const step of steps) {
    step(hash);
  }
  return hash.digest();
}

function run(): string {
  return of(
    (hash) => hash.number(12_345_678_901),
    (hash) => hash.string("swim"),
    (hash) => hash.bytes(Uint8Array.of(1, 2, 3)),
  );
}

describe("TraceHash", () => {
  test("is equal for equal runs and has sixteen digits", () => {
    expect(run()).toBe(run());
    expect(run()).toMatch(/^[0-9a-f]{16}$/);
  });

  test("sees order, high bits and boundaries", () => {
    const digests = [
      of((h) => h.number(1)),
      of((h) => h.number(2)),
      of((h) => h.number(1 + 2 ** 32)),
      of(
        (h) => h.number(1),
        (h) => h.number(2),
      ),
      of(
        (h) => h.number(2),
        (h) => h.number(1),
      ),
      of(
        (h) => h.string("ab"),
        (h) => h.string("c"),
      ),
      of(
        (h) => h.string("a"),
        (h) => h.string("bc"),
      ),
      of(),
    ];
    expect(new Set(digests).size).toBe(digests.length);
  });
});
