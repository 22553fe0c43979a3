import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { NodeId } from "#main/kernel/machine.ts";
import { createRandom } from "#main/kernel/prng.ts";
import { Membership } from "./membership.ts";
import type { Update } from "./messages.ts";
import { MEMBERSHIP_LAN } from "./options.ts";
import type { Claim } from "./precedence.ts";
import { RANK, refutingIncarnation, supersedes } from "./precedence.ts";
import type { MemberState } from "./types.ts";

const STATES: readonly MemberState[] = ["alive", "suspect", "unreachable", "dead", "left"];
const claims = fc.record<Claim>({
  state: fc.constantFrom(...STATES),
  incarnation: fc.integer({ min: 0, max: 3 }),
});

describe("precedence (SWIM §4.2)", () => {
  it.each<[Claim, Claim, boolean]>([
    [{ state: "alive", incarnation: 2 }, { state: "alive", incarnation: 1 }, true],
    [{ state: "alive", incarnation: 1 }, { state: "alive", incarnation: 1 }, false],
    [{ state: "alive", incarnation: 2 }, { state: "suspect", incarnation: 1 }, true],
    [{ state: "alive", incarnation: 1 }, { state: "suspect", incarnation: 1 }, false],
    [{ state: "suspect", incarnation: 1 }, { state: "alive", incarnation: 1 }, true],
    [{ state: "suspect", incarnation: 0 }, { state: "alive", incarnation: 1 }, false],
    [{ state: "suspect", incarnation: 2 }, { state: "suspect", incarnation: 1 }, true],
    [{ state: "suspect", incarnation: 1 }, { state: "suspect", incarnation: 1 }, false],
    [{ state: "dead", incarnation: 1 }, { state: "suspect", incarnation: 1 }, true],
    [{ state: "dead", incarnation: 1 }, { state: "unreachable", incarnation: 1 }, true],
    // Deviations, as in memberlist: an old death is ignored, a new life resurrects.
    [{ state: "dead", incarnation: 0 }, { state: "alive", incarnation: 1 }, false],
    [{ state: "alive", incarnation: 2 }, { state: "dead", incarnation: 1 }, true],
    [{ state: "alive", incarnation: 1 }, { state: "dead", incarnation: 1 }, false],
    [{ state: "left", incarnation: 1 }, { state: "dead", incarnation: 1 }, true],
    [{ state: "alive", incarnation: 2 }, { state: "left", incarnation: 1 }, true],
  ])("%o over %o: %s", (claim, held, wins) => {
    expect(supersedes(claim, held)).toBe(wins);
  });

  it("is a strict total order: exactly one of two different claims wins", () => {
    fc.assert(
      fc.property(claims, claims, (a, b) => {
        const equal = a.state === b.state && a.incarnation === b.incarnation;
        expect(Number(supersedes(a, b)) + Number(supersedes(b, a))).toBe(equal ? 0 : 1);
      }),
    );
  });

  it("ranks every state differently", () => {
    expect(new Set(STATES.map((state) => RANK[state])).size).toBe(STATES.length);
  });
});

describe("refutingIncarnation", () => {
  it.each([
    [0, 0, 1],
    [0, 7, 8],
    [7, 0, 8],
    [3, 3, 4],
  ])("own %i, accused of %i: %i", (own, accused, answer) => {
    expect(refutingIncarnation(own, accused)).toBe(answer);
  });
});

const MEMBERS: readonly NodeId[] = ["B", "C"];
const incarnations = fc.integer({ min: 0, max: 4 });
const updates: fc.Arbitrary<Update> = fc
  .oneof(
    fc.record({
      kind: fc.constant("alive" as const),
      member: fc.constantFrom(...MEMBERS),
      incarnation: incarnations,
    }),
    fc.record({
      kind: fc.constant("suspect" as const),
      member: fc.constantFrom(...MEMBERS),
      incarnation: incarnations,
      accuser: fc.constantFrom("B", "C", "D"),
    }),
    fc.record({
      kind: fc.constant("left" as const),
      member: fc.constantFrom(...MEMBERS),
      incarnation: incarnations,
      leaveTime: fc.integer({ min: 1, max: 3 }),
    }),
  )
  .map(
    (update): Update =>
      update.kind === "alive"
        ? // Metadata belongs to the incarnation: a member describes itself once in each.
          { ...update, metadata: { zone: `z${update.incarnation}`, address: "", tags: {} } }
        : update,
  );

function machine(): Membership {
  const metadata = { zone: "z0", address: "", tags: {} };
  const members = [...MEMBERS, "D"].map((id) => ({ id, incarnation: 0, metadata }));
  const made = new Membership(
    { self: "A", metadata, record: null, members },
    MEMBERSHIP_LAN,
    createRandom(1),
  );
  made.step({ kind: "start", now: 0 });
  made.step({ kind: "timer", now: 0, timer: "announce/0" });
  return made;
}

function hear(target: Membership, update: Update): void {
  target.step({
    kind: "message",
    now: 1_000,
    from: "D",
    message: { kind: "gossip", updates: [update] },
  });
}

describe("what a node believes", () => {
  it("never goes backwards: the incarnation never falls, nor the rank within one", () => {
    fc.assert(
      fc.property(fc.array(updates, { maxLength: 30 }), (news) => {
        const node = machine();
        for (const update of news) {
          const before = node.member(update.member);
          hear(node, update);
          const after = node.member(update.member);
          if (before === undefined || after === undefined) {
            expect(after).toBeDefined();
            return;
          }
          expect(supersedes(before, after)).toBe(false);
        }
      }),
    );
  });

  it("does not depend on the order in which the news arrives, nor on repetition", () => {
    fc.assert(
      fc.property(
        fc.array(updates, { maxLength: 12 }).chain((news) =>
          fc.tuple(
            fc.constant(news),
            fc.shuffledSubarray([...news, ...news], {
              minLength: news.length * 2,
              maxLength: news.length * 2,
            }),
          ),
        ),
        ([news, shuffled]) => {
          const first = machine();
          const second = machine();
          for (const update of news) {
            hear(first, update);
          }
          for (const update of shuffled) {
            hear(second, update);
          }
          expect(second.digest()).toBe(first.digest());
          for (const id of MEMBERS) {
            const { since: _, ...a } = first.member(id) ?? { since: 0 };
            const { since: __, ...b } = second.member(id) ?? { since: 0 };
            expect({ ...b, agreed: null }).toEqual({ ...a, agreed: null });
          }
        },
      ),
    );
  });
});
