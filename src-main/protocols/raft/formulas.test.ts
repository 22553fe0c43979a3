import { describe, expect, it } from "vitest";
import { createRandom } from "#main/kernel/prng.ts";
import {
  commitByCounting,
  drawElectionTimeout,
  followerCommit,
  isUpToDate,
  logTime,
  majority,
  quorumValue,
} from "./formulas.ts";

describe("majority", () => {
  it.each([
    [1, 1],
    [2, 2],
    [3, 2],
    [4, 3],
    [5, 3],
    [6, 4],
    [7, 4],
  ])("of %i is %i", (n, expected) => {
    expect(majority(n)).toBe(expected);
  });
});

describe("quorumValue", () => {
  it.each<[number[], number]>([
    [[], 0],
    [[5], 5],
    [[5, 3], 3],
    [[1, 9, 4], 4],
    [[7, 7, 1, 1], 1],
    [[2, 8, 8, 1, 5], 5],
    [[0, 0, 9], 0],
  ])("of %j is %i", (values, expected) => {
    const nodes = values.map((_, i) => String(i));
    expect(quorumValue(nodes, (node) => values[Number(node)] ?? 0)).toBe(expected);
  });

  it("is the greatest value that a majority has reached, whatever the values", () => {
    const random = createRandom(1);
    for (let run = 0; run < 300; run++) {
      const values = Array.from({ length: 1 + random.int(7) }, () => random.int(9));
      const nodes = values.map((_, i) => String(i));
      const value = quorumValue(nodes, (node) => values[Number(node)] ?? 0);
      const reached = (least: number) => values.filter((one) => one >= least).length;
      expect(reached(value)).toBeGreaterThanOrEqual(majority(values.length));
      expect(reached(value + 1)).toBeLessThan(majority(values.length));
    }
  });
});

describe("isUpToDate", () => {
  it.each([
    { theirs: [3, 1], ours: [2, 9], expected: true },
    { theirs: [2, 9], ours: [3, 1], expected: false },
    { theirs: [2, 5], ours: [2, 5], expected: true },
    { theirs: [2, 4], ours: [2, 5], expected: false },
    { theirs: [2, 6], ours: [2, 5], expected: true },
  ])("term and index $theirs against $ours: $expected", ({ theirs, ours, expected }) => {
    const log = ([lastTerm = 0, lastIndex = 0]: number[]) => ({ lastTerm, lastIndex });
    expect(isUpToDate(log(theirs), log(ours))).toBe(expected);
  });
});

describe("commitByCounting", () => {
  it.each([
    { commit: 2, onQuorum: 5, termOnQuorum: 4, term: 4, expected: 5 },
    { commit: 2, onQuorum: 5, termOnQuorum: 3, term: 4, expected: 2 },
    { commit: 5, onQuorum: 2, termOnQuorum: 4, term: 4, expected: 5 },
    { commit: 2, onQuorum: 5, termOnQuorum: null, term: 4, expected: 2 },
  ])("$onQuorum of term $termOnQuorum in term $term: $expected", ({ expected, ...rule }) => {
    expect(commitByCounting(rule)).toBe(expected);
  });
});

it("followerCommit is the least of leader's commit and last new entry, and never falls", () => {
  expect([followerCommit(0, 9, 4), followerCommit(0, 3, 4), followerCommit(6, 3, 4)]).toEqual([
    4, 3, 6,
  ]);
});

it("election timeouts lie in the range, ends included, spread over it", () => {
  const random = createRandom(3);
  const options = { electionTimeoutMinMs: 150, electionTimeoutMaxMs: 300 };
  const drawn = Array.from({ length: 2_000 }, () => drawElectionTimeout(options, random));
  expect(Math.min(...drawn)).toBeGreaterThanOrEqual(150_000);
  expect(Math.max(...drawn)).toBeLessThanOrEqual(300_000);
  const mean = drawn.reduce((sum, one) => sum + one, 0) / drawn.length;
  expect(Math.abs(mean - 225_000)).toBeLessThan(5_000);
  const fixed = { electionTimeoutMinMs: 150, electionTimeoutMaxMs: 150 };
  expect(drawElectionTimeout(fixed, random)).toBe(150_000);
});

it("log time stands still for a leader whose clock is behind", () => {
  expect([logTime(5, 9), logTime(9, 5)]).toEqual([9, 9]);
});
