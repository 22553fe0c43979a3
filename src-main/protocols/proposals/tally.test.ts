import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type ClosingCounts,
  TALLIED,
  type Tally,
  cannotClose,
  closedOutcomes,
  isAccepted,
  liarsBorne,
  outcomeOf,
  settledOutcome,
  votesNeeded,
} from "./tally.ts";

const TERMS = { thresholdBasisPoints: 6_700, quorumBasisPoints: 5_000 };

type Votes = readonly [yes: number, no: number, abstain: number];

function tally([yes, no, abstain]: Votes, of: number, gone = 0): Tally {
  return { yes, no, abstain, void: gone, of };
}

describe("the quorum", () => {
  it("is more than half of the electorate, so half of an even one is not enough", () => {
    expect([1, 2, 3, 4, 5, 6, 7, 100].map((of) => votesNeeded(of, 5_000))).toEqual([
      1, 2, 2, 3, 3, 4, 4, 51,
    ]);
  });

  it("of two thirds bears fewer than a third who sign two closings", () => {
    const borne = (of: number, share: number) => liarsBorne(of, votesNeeded(of, share));
    expect([3, 4, 5, 7].map((of) => borne(of, 5_000))).toEqual([0, 1, 0, 0]);
    expect([4, 7, 10].map((of) => borne(of, 6_666))).toEqual([1, 2, 3]);
  });
});

describe("the threshold", () => {
  it("is a share of yes among yes and no", () => {
    expect(isAccepted(2, 1, 6_700)).toBe(false);
    expect(isAccepted(67, 33, 6_700)).toBe(true);
    expect(isAccepted(66, 34, 6_700)).toBe(false);
    expect(isAccepted(1, 1, 5_000)).toBe(true);
    expect(isAccepted(5, 0, 10_000)).toBe(true);
    expect(isAccepted(999, 1, 10_000)).toBe(false);
  });

  it("is exact where floating point is not", () => {
    // 0.55 * 20 is 11.000000000000002.
    expect(isAccepted(11, 9, 5_500)).toBe(true);
    expect(isAccepted(7, 93, 700)).toBe(true);
  });

  it("accepts nothing that nobody is for", () => {
    expect(isAccepted(0, 0, 1)).toBe(false);
  });
});

describe("the outcome of votes", () => {
  it("counts abstentions for the quorum and not for the threshold", () => {
    expect(outcomeOf(tally([1, 0, 1], 5), TERMS)).toBe("no-quorum");
    expect(outcomeOf(tally([1, 0, 2], 5), TERMS)).toBe("accepted");
    expect(outcomeOf(tally([0, 0, 5], 5), TERMS)).toBe("rejected");
  });

  it("counts members whose votes contradict each other nowhere", () => {
    expect(outcomeOf(tally([2, 0, 0], 5, 3), TERMS)).toBe("no-quorum");
  });

  it("is settled exactly when no completion of the votes changes it", () => {
    const votes = fc.integer({ min: 0, max: 3 });
    const cases = fc.tuple(votes, votes, votes, votes, fc.integer({ min: 0, max: 5 }));
    const terms = fc.record({
      thresholdBasisPoints: fc.integer({ min: 1, max: 10_000 }),
      quorumBasisPoints: fc.integer({ min: 5_000, max: 9_999 }),
    });
    fc.assert(
      fc.property(cases, terms, ([yes, no, abstain, gone, left], one) => {
        const of = yes + no + abstain + gone + left;
        const now = tally([yes, no, abstain], of, gone);
        const outcomes = new Set(completions(now, left).map((each) => outcomeOf(each, one)));
        const [only = null] = outcomes.size === 1 ? outcomes : [];
        expect(settledOutcome(now, one)).toBe(of === 0 ? settledOutcome(now, one) : only);
      }),
      { numRuns: 500 },
    );
  });
});

describe("closings", () => {
  const counts = (accepted: number, rejected: number, noQuorum: number, of: number) => {
    const closings = { accepted, rejected, "no-quorum": noQuorum };
    return { closings, members: accepted + rejected + noQuorum, of } satisfies ClosingCounts;
  };

  it("decide with a quorum", () => {
    expect(closedOutcomes(counts(3, 1, 0, 5), 3)).toEqual(["accepted"]);
    expect(closedOutcomes(counts(2, 2, 1, 5), 3)).toEqual([]);
  });

  it("have expired once no outcome can reach a quorum", () => {
    expect(cannotClose(counts(2, 2, 1, 5), 3)).toBe(true);
    expect(cannotClose(counts(2, 2, 0, 5), 3)).toBe(false);
    // Of four members one may lie, and its second closing may still decide.
    expect(cannotClose(counts(2, 0, 2, 4), 3)).toBe(false);
  });

  it("never both decide at one node and expire at another while few enough lie", () => {
    const size = fc.integer({ min: 1, max: 9 });
    const words = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 9, maxLength: 9 });
    const seen = fc.array(fc.boolean(), { minLength: 9, maxLength: 9 });
    fc.assert(
      fc.property(size, words, seen, words, (of, said, heard, second) => {
        const needed = votesNeeded(of, 5_000);
        const liars = liarsBorne(of, needed);
        const all = spoken(
          said.slice(0, of).map((word, i) => (i < liars ? [word, second[i] ?? 0] : [word])),
        );
        const half = spoken(said.slice(0, of).map((word, i) => (heard[i] === true ? [word] : [])));
        expect(closedOutcomes(all, needed).length).toBeLessThanOrEqual(1);
        expect(closedOutcomes(all, needed).length > 0 && cannotClose(half, needed)).toBe(false);
      }),
      { numRuns: 1_000 },
    );
  });
});

/** Every way in which `left` members could still vote or not vote. */
function completions(now: Tally, left: number): Tally[] {
  if (left === 0) {
    return [now];
  }
  return (["yes", "no", "abstain", "void"] as const).flatMap((how) =>
    completions({ ...now, [how]: now[how] + 1 }, left - 1),
  );
}

/** Closing counts of members that said the outcomes with these places. */
function spoken(words: readonly (readonly number[])[]): ClosingCounts {
  const closings = { accepted: 0, rejected: 0, "no-quorum": 0 };
  for (const word of words) {
    for (const place of new Set(word)) {
      closings[TALLIED[place] ?? "accepted"]++;
    }
  }
  const members = words.filter((word) => word.length > 0).length;
  return { closings, members, of: words.length };
}
