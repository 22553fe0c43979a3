import { describe, expect, it } from "vitest";
import { createRandom } from "#main/kernel/prng.ts";
import { type Candidate, choosePeers } from "./choose-peers.ts";

/** Scores fall with the place; the last two are watched. */
const TEN: readonly Candidate[] = Array.from({ length: 10 }, (_, i) => ({
  member: `n${i}`,
  score: 10 - i,
  trusted: i < 8,
}));

function share(of: string, exploreShare: number, candidates = TEN): number {
  const random = createRandom(1);
  let chosen = 0;
  for (let i = 0; i < 1_000; i++) {
    chosen += Number(choosePeers(candidates, 4, exploreShare, random).includes(of));
  }
  return chosen / 1_000;
}

describe("choosing peers", () => {
  it("takes the best scores apart from the random share", () => {
    expect(share("n0", 0.25)).toBe(1);
    expect(share("n2", 0.25)).toBe(1);
    expect(share("n3", 0)).toBe(1);
    expect(share("n4", 0)).toBe(0);
  });

  it("keeps a random share in every selection, so that newcomers and watched ones get a chance", () => {
    // One of four is drawn from the seven that are left.
    for (const member of ["n3", "n7", "n9"]) {
      expect(share(member, 0.25)).toBeGreaterThan(0.1);
      expect(share(member, 0.25)).toBeLessThan(0.19);
    }
  });

  it("prefers nobody among equals", () => {
    const equals = TEN.map(({ member }) => ({ member, score: 0, trusted: true }));
    for (const member of ["n0", "n5", "n9"]) {
      expect(share(member, 0.25, equals)).toBeGreaterThan(0.35);
      expect(share(member, 0.25, equals)).toBeLessThan(0.45);
    }
  });

  it("never chooses anybody twice, and all where there are too few", () => {
    const random = createRandom(1);
    expect(new Set(choosePeers(TEN, 10, 0.5, random)).size).toBe(10);
    expect(choosePeers(TEN, 20, 0.25, random)).toHaveLength(10);
    expect(choosePeers(TEN, 0, 0.25, random)).toEqual([]);
    expect(choosePeers([], 4, 0.25, random)).toEqual([]);
  });

  it("fills up with watched ones rather than leaving places empty", () => {
    const watched = TEN.slice(8);
    expect(choosePeers(watched, 2, 0, createRandom(1)).sort()).toEqual(["n8", "n9"]);
  });
});
