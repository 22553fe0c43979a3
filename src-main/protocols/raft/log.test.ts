import { describe, expect, it } from "vitest";
import { createRandom } from "#main/kernel/prng.ts";
import { ENTRY_OVERHEAD_BYTES } from "./entry.ts";
import { RaftLog } from "./log.ts";
import { entry } from "./testing/solo.ts";

function logOf(...terms: number[]): RaftLog {
  const log = new RaftLog();
  log.append(terms.map((term, i) => entry(i + 1, term)));
  return log;
}

const terms = (log: RaftLog) => log.slice(log.first, 100, 1e9).map(({ term }) => term);

describe("log", () => {
  it("is empty at first, behind index 0 of term 0", () => {
    const log = new RaftLog();
    expect([log.first, log.last, log.lastTerm, log.term(0), log.term(1)]).toEqual([
      1,
      0,
      0,
      0,
      null,
    ]);
  });

  it("takes only what follows, and terms that do not fall", () => {
    const log = logOf(1, 2);
    expect(() => log.append([entry(4, 2)])).toThrow("does not follow");
    expect(() => log.append([entry(3, 1)])).toThrow("never fall");
  });

  it("truncates, and never into a snapshot", () => {
    const log = logOf(1, 1, 2, 2);
    log.truncate(3);
    expect(terms(log)).toEqual([1, 1]);
    log.truncate(9);
    expect(log.last).toBe(2);
    log.compact(1);
    expect(() => log.truncate(1)).toThrow("snapshot");
  });

  it("compacts: the last forgotten entry's term stays known", () => {
    const log = logOf(1, 1, 2, 3);
    log.compact(3);
    expect([log.first, log.last, log.term(3), log.term(2), log.term(4)]).toEqual([
      4,
      4,
      2,
      null,
      3,
    ]);
    log.compact(4);
    expect([log.first, log.last, log.lastTerm]).toEqual([5, 4, 3]);
    log.append([entry(5, 3)]);
    expect(log.entry(5)?.term).toBe(3);
  });

  it("slices by number and by bytes, and gives one entry at least", () => {
    const log = logOf(1, 1, 1, 1);
    const indexes = (from: number, count: number, bytes: number) =>
      log.slice(from, count, bytes).map(({ index }) => index);
    const size = ENTRY_OVERHEAD_BYTES + 3;
    expect(indexes(2, 2, 1e9)).toEqual([2, 3]);
    expect(indexes(1, 9, 2 * size)).toEqual([1, 2]);
    expect(indexes(1, 9, 1)).toEqual([1]);
    expect(indexes(5, 9, 1e9)).toEqual([]);
  });

  it("finds the first entry that is missing or conflicts", () => {
    const log = logOf(1, 1, 2);
    const first = (...run: [number, number][]) =>
      log.firstMissing(run.map(([index, term]) => entry(index, term)))?.index ?? null;
    expect(first([1, 1], [2, 1])).toBeNull();
    expect(first([2, 1], [3, 3])).toBe(3);
    expect(first([3, 2], [4, 2])).toBe(4);
    log.compact(2);
    expect(first([1, 1], [2, 1], [3, 2])).toBeNull();
  });

  it("finds where two logs may still agree, as a search entry by entry would", () => {
    const random = createRandom(5);
    for (let run = 0; run < 200; run++) {
      let term = 1;
      const all = Array.from({ length: 1 + random.int(12) }, () => (term += random.int(2)));
      const log = logOf(...all);
      const [limit, from] = [random.int(term + 2), random.int(15)];
      let expected = Math.min(from, log.last);
      while (expected > 0 && (log.term(expected) ?? 0) > limit) {
        expected--;
      }
      expect(log.lastWithTermAtMost(limit, from)).toBe(expected);
    }
  });
});
