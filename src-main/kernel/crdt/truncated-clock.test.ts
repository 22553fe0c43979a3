// Dynamo 4.4: clocks are cut to a number of pairs. Beside every version stands what Dynamo does not
// have: the set of all writes it has really seen.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AssertionError } from "../assert.ts";
import { compareTruncated, type TruncatedClock, writeOver } from "./truncated-clock.ts";

interface Version {
  readonly clock: TruncatedClock;
  /** Every write this version descends from, its own included. */
  readonly seen: ReadonlySet<string>;
}

const ACTORS = ["a#0", "b#0", "c#0", "d#0"];

/** Writes over one's own last version and one drawn from all; clocks are far apart. */
function lineage(draws: readonly number[], maxPairs: number): Version[] {
  const versions: Version[] = [];
  const last = new Map<string, Version>();
  for (const [i, draw] of draws.entries()) {
    const actor = ACTORS[draw % ACTORS.length] ?? "";
    const skew = [0, -500, 900, 3][draw % ACTORS.length] ?? 0;
    const parents = [last.get(actor), versions[Math.floor(draw / 4) % (i + 1)]].filter(
      (parent) => parent !== undefined,
    );
    const counter = (last.get(actor)?.clock.dot.counter ?? 0) + 1;
    const write = { dot: { actor, counter }, at: 1_000 + i + skew, maxPairs };
    const clock = writeOver(
      parents.map((parent) => parent.clock),
      write,
    );
    const seen = new Set(parents.flatMap((parent) => [...parent.seen]));
    const version = { clock, seen: seen.add(`${actor}:${counter}`) };
    versions.push(version);
    last.set(actor, version);
  }
  return versions;
}

function isSubset(smaller: ReadonlySet<string>, larger: ReadonlySet<string>): boolean {
  return [...smaller].every((write) => larger.has(write));
}

const DRAWS = fc.array(fc.nat({ max: 10_000 }), { minLength: 2, maxLength: 25 });

describe("truncated clocks", () => {
  test("truncation never makes an update look older than one that has not seen it", () => {
    fc.assert(
      fc.property(DRAWS, fc.integer({ min: 1, max: 3 }), (draws, maxPairs) => {
        const versions = lineage(draws, maxPairs);
        for (const a of versions) {
          expect(a.clock.pairs.size).toBeLessThanOrEqual(maxPairs);
          for (const b of versions) {
            if (a !== b && ["before", "equal"].includes(compareTruncated(a.clock, b.clock))) {
              expect(isSubset(a.seen, b.seen)).toBe(true);
            }
          }
        }
      }),
    );
  });

  test("it does create false conflicts", () => {
    const versions = lineage([0, 1, 2, 3, 0, 1, 2, 3], 1);
    const falseConflicts = versions.flatMap((a) =>
      versions.filter(
        (b) =>
          a !== b &&
          isSubset(a.seen, b.seen) &&
          compareTruncated(a.clock, b.clock) === "concurrent",
      ),
    );
    expect(falseConflicts.length).toBeGreaterThan(0);
  });

  test("without truncation the order is exactly that of what was seen", () => {
    fc.assert(
      fc.property(DRAWS, (draws) => {
        const versions = lineage(draws, ACTORS.length);
        for (const a of versions) {
          for (const b of versions) {
            const before = a !== b && isSubset(a.seen, b.seen);
            expect(compareTruncated(a.clock, b.clock) === "before").toBe(before);
          }
        }
      }),
    );
  });

  test("the write's own pair stays although the writer's clock is behind all others", () => {
    const first = writeOver([], { dot: { actor: "a#0", counter: 1 }, at: 1_000 });
    const second = writeOver([first], { dot: { actor: "b#0", counter: 1 }, at: 5, maxPairs: 1 });
    expect([...second.pairs.keys()]).toEqual(["b#0"]);
    expect(compareTruncated(second, first)).toBe("concurrent");
  });

  test("the oldest pair goes first", () => {
    const seen = [
      writeOver([], { dot: { actor: "a#0", counter: 1 }, at: 10 }),
      writeOver([], { dot: { actor: "b#0", counter: 1 }, at: 20 }),
    ];
    const written = writeOver(seen, { dot: { actor: "c#0", counter: 1 }, at: 30, maxPairs: 2 });
    expect([...written.pairs.keys()].sort()).toEqual(["b#0", "c#0"]);
  });

  test("an actor that takes its number from a truncated clock is caught where that can be seen", () => {
    const first = writeOver([], { dot: { actor: "a#0", counter: 3 }, at: 10 });
    expect(() => writeOver([first], { dot: { actor: "a#0", counter: 3 }, at: 11 })).toThrow(
      AssertionError,
    );
  });
});
