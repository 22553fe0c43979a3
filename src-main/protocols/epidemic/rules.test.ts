// The pure rules: order, admission, majorities, options.
import { describe, expect, it } from "vitest";
import { createRandom } from "#main/kernel/prng.ts";
import { type AdmissionState, admit, isUnderPressure } from "./admission.ts";
import { drawSome } from "./draw.ts";
import {
  EPIDEMIC_DEFAULTS,
  majorityOf,
  spreadRounds,
  validateEpidemicMembers,
  validateEpidemicOptions,
} from "./options.ts";
import { comparePlaces, EMPTY_VOTE, extendChain, proposalDigest } from "./proposal.ts";
import { isHeldByMajority, isOutvoted, type Readiness } from "./readiness.ts";
import { KnowledgeTable } from "./table.ts";
import type { Proposal, Row } from "./types.ts";

function proposal(origin: string, sequence: number, lamport: number): Proposal {
  const previous = { sequence: sequence - 1, lamport: lamport - 1 };
  return { origin, sequence, previous, lamport, time: 0, command: new Uint8Array(10) };
}

const CUT = { ...EMPTY_VOTE, counts: [] };

function admission(change: Partial<AdmissionState>): AdmissionState {
  const nothing = { decided: CUT, closed: EMPTY_VOTE, retained: [] };
  return { held: 0, ...nothing, isHeldByMajority: () => false, ...change };
}

describe("the order", () => {
  it("is by Lamport time, then by name, and a name counts by its code units", () => {
    const sorted = [proposal("B", 1, 2), proposal("a", 1, 1), proposal("a", 2, 2)].sort(
      comparePlaces,
    );
    expect(sorted.map(({ origin, lamport }) => `${lamport}${origin}`)).toEqual(["1a", "2B", "2a"]);
  });

  it("has a place between two Lamport times, where no proposal can be", () => {
    const between = { lamport: 3, origin: "" };
    expect(comparePlaces(proposal("zz", 1, 2), between)).toBeLessThan(0);
    expect(comparePlaces(between, proposal("A", 1, 3))).toBeLessThan(0);
  });
});

describe("digests", () => {
  it("tell proposals apart in every part, and logs by order", () => {
    const one = proposal("a", 2, 5);
    const others = [
      one,
      { ...one, origin: "b" },
      { ...one, sequence: 3 },
      { ...one, lamport: 6 },
      { ...one, time: 1 },
      { ...one, previous: { sequence: 1, lamport: 3 } },
      { ...one, command: new Uint8Array(11) },
    ];
    const digests = others.map(proposalDigest);
    expect(new Set(digests).size).toBe(others.length);
    const [a, b] = [digests[0] ?? "", digests[1] ?? ""];
    const chain = (x: string, y: string) => extendChain(extendChain(EMPTY_VOTE.chain, x), y);
    expect(chain(a, b)).not.toBe(chain(b, a));
  });
});

describe("admission", () => {
  const options = {
    ...EPIDEMIC_DEFAULTS,
    windowPerOrigin: 2,
    bytesPerOrigin: 25,
    maxCommandBytes: 20,
  };
  const cut = { ...CUT, lamport: 10, origin: "b" };

  it.each([
    ["the next one is taken", proposal("a", 1, 5), {}, "take"],
    ["a second copy is known", proposal("a", 1, 5), { held: 1 }, "known"],
    ["one whose predecessor is missing has to wait", proposal("a", 3, 5), { held: 1 }, "gap"],
    ["unless that was decided about", proposal("a", 3, 11), { held: 1, decided: cut }, "take"],
    ["what is not in a decided part is void", proposal("b", 1, 10), { decided: cut }, "void"],
    ["the place right behind is free", proposal("c", 1, 10), { decided: cut }, "take"],
    ["a vote without it stands", proposal("a", 1, 5), { closed: cut }, "closed"],
    [
      "until a majority holds it",
      proposal("a", 1, 5),
      { closed: cut, isHeldByMajority: () => true },
      "take",
    ],
  ] as const)("%s", (_, one, change, expected) => {
    expect(admit(one, admission(change), options)).toBe(expected);
  });

  it("is refused over an origin's window, in number and in bytes, and of that origin only", () => {
    const held = (one: Proposal) => ({ proposal: one, digest: "", since: 0 });
    const retained = [held(proposal("a", 1, 1)), held(proposal("a", 2, 2))];
    expect(admit(proposal("a", 3, 3), admission({ held: 2, retained }), options)).toBe("full");
    expect(admit(proposal("b", 1, 3), admission({ retained }), options)).toBe("take");
    const few = { ...options, windowPerOrigin: 9 };
    expect(admit(proposal("a", 3, 3), admission({ held: 2, retained }), few)).toBe("full");
    expect(isUnderPressure(["a"], retained, few)).toBe(true);
    expect(isUnderPressure(["b"], retained, few)).toBe(false);
  });
});

describe("a proposal's fate", () => {
  const state = (rows: readonly Partial<Row>[]): Readiness => {
    const table = new KnowledgeTable(rows.length, -1);
    const blank = table.row(0);
    table.merge(rows.map((row) => ({ ...blank, held: rows.map(() => 0), ...row })));
    const rest = { live: [], now: 0, patience: 0, closeAfter: 0 };
    return {
      table,
      indexOf: new Map(rows.map((_, i) => [`n${i}`, i])),
      size: rows.length,
      majority: majorityOf(rows.length),
      decided: EMPTY_VOTE,
      applied: EMPTY_VOTE,
      ...rest,
    };
  };

  it("is sealed when all have held it or voted without it: one of both, never both", () => {
    const one = proposal("n0", 1, 5);
    for (let n = 1; n <= 9; n++) {
      for (let holders = 0; holders <= n; holders++) {
        const rows = Array.from({ length: n }, (_, i) =>
          i < holders
            ? { held: Array.from({ length: n }, (__, column) => Number(column === 0)) }
            : { closed: { ...EMPTY_VOTE, lamport: 6 } },
        );
        const fate = state(rows);
        expect(isHeldByMajority(one, fate)).toBe(!isOutvoted(one, fate));
      }
    }
  });

  it("is not sealed by votes that end before it, nor by those of its holders", () => {
    const one = proposal("n0", 1, 5);
    const early = { closed: { ...EMPTY_VOTE, lamport: 5 } };
    expect(isOutvoted(one, state([{}, early, early]))).toBe(false);
    const holder = { held: [1, 0, 0], closed: { ...EMPTY_VOTE, lamport: 6 } };
    expect(isOutvoted(one, state([holder, holder, holder]))).toBe(false);
  });

  it("does not hang on the word of who has decided more than is known here", () => {
    const one = proposal("n0", 1, 5);
    const ahead = { held: [1, 0, 0], decided: { lamport: 6, origin: "" } };
    expect(isHeldByMajority(one, state([{ held: [1, 0, 0] }, ahead, ahead]))).toBe(false);
  });
});

describe("the table", () => {
  it("believes nobody about its own row, and keeps what it knows of the others", () => {
    const table = new KnowledgeTable(2, 0);
    const claim = { ...table.row(0), clock: 9, held: [9, 9] };
    expect(table.merge([claim, claim])).toBe(true);
    expect(table.own.held).toEqual([0, 0]);
    expect(table.row(1).held).toEqual([9, 9]);
    expect(table.merge([claim, { ...claim, clock: 3, held: [1, 1] }])).toBe(false);
    expect(table.row(1)).toMatchObject({ clock: 9, held: [9, 9] });
  });

  it("has one hash for one content", () => {
    const [a, b] = [new KnowledgeTable(2, -1), new KnowledgeTable(2, -1)];
    const before = a.hash;
    a.merge([{ ...a.row(0), clock: 1 }, a.row(1)]);
    expect(a.hash).not.toBe(before);
    b.merge(a.rows);
    expect(b.hash).toBe(a.hash);
  });
});

describe("formulas", () => {
  it.each([
    [1, 1],
    [2, 2],
    [3, 2],
    [4, 3],
    [5, 3],
    [128, 65],
  ])("of %i members %i are a majority", (n, needed) => {
    expect(majorityOf(n)).toBe(needed);
  });

  it.each([
    [1, 8],
    [3, 10],
    [7, 12],
    [100, 20],
  ])("in a mesh of %i news are spread for %i rounds", (n, rounds) => {
    expect(spreadRounds(n)).toBe(rounds);
  });

  it("peers are drawn uniformly, each at most once", () => {
    const random = createRandom(1);
    const counts = [0, 0, 0, 0, 0];
    for (let i = 0; i < 5_000; i++) {
      const drawn = drawSome([0, 1, 2, 3, 4], 2, random);
      expect(new Set(drawn).size).toBe(2);
      drawn.forEach((member) => (counts[member] = (counts[member] ?? 0) + 1));
    }
    for (const count of counts) {
      expect(Math.abs(count - 2_000)).toBeLessThan(150);
    }
    expect(drawSome([7], 3, random)).toEqual([7]);
  });
});

describe("options", () => {
  it("the defaults are valid, problems come all at once", () => {
    expect(validateEpidemicOptions(EPIDEMIC_DEFAULTS)).toEqual([]);
    const wrong = { ...EPIDEMIC_DEFAULTS, fanout: 0, patienceMs: -1, bytesPerOrigin: 1 };
    expect(validateEpidemicOptions(wrong)).toHaveLength(3);
    expect(validateEpidemicOptions({ ...EPIDEMIC_DEFAULTS, fanout: Number.NaN })).toHaveLength(1);
  });

  it("members are one to a limit, each once", () => {
    expect(validateEpidemicMembers(["a"])).toEqual([]);
    expect(validateEpidemicMembers([])).toHaveLength(1);
    expect(validateEpidemicMembers(["a", "a"])).toHaveLength(1);
    expect(validateEpidemicMembers(Array.from({ length: 129 }, (_, i) => `${i}`))).toHaveLength(1);
  });
});
