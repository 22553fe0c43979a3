// A check that guards proves on planted violations that it can fail.
import { describe, expect, it } from "vitest";
import type { LogEntryNote } from "#main/kernel/consensus.ts";
import { RaftInvariants } from "./invariants.ts";

const note = (index: number, term: number, digest = "d"): LogEntryNote => ({
  index,
  term,
  digest,
  what: "command",
  bytes: 1,
});
const fact = (index: number, digest = "d", state = "s") => ({ index, term: 1, digest, state });

function committed(...nodes: string[]): RaftInvariants {
  const invariants = new RaftInvariants();
  for (const node of nodes) {
    invariants.commits(node, 9);
  }
  return invariants;
}

describe("invariants of Raft", () => {
  it("two leaders in one term", () => {
    const invariants = new RaftInvariants();
    expect([invariants.leads("a", 1), invariants.leads("a", 1), invariants.leads("b", 2)]).toEqual([
      null,
      null,
      null,
    ]);
    expect(invariants.leads("b", 1)).toContain("election safety");
  });

  it("a leader without a committed entry", () => {
    const invariants = committed("a");
    invariants.applies("a", fact(1));
    expect(invariants.leaderHolds("b", 1, [note(1, 1)])).toBeNull();
    expect(invariants.leaderHolds("b", 2, [])).toBeNull();
    expect(invariants.leaderHolds("b", 1, [])).toContain("leader completeness");
    expect(invariants.leaderHolds("b", 1, [note(1, 1, "x")])).toContain("leader completeness");
  });

  it("two entries with one index and term, or other entries in front of them", () => {
    const invariants = new RaftInvariants();
    expect(invariants.holds("a", 0, [note(1, 1), note(2, 2)])).toBeNull();
    expect(invariants.holds("b", 1, [note(2, 2)])).toBeNull();
    expect(invariants.holds("b", 0, [note(1, 1, "x")])).toContain("log matching");
    expect(invariants.holds("c", 2, [note(2, 2)])).toContain("log matching");
    expect(invariants.holds("d", 3, [note(7, 2)])).toContain("terms fall");
  });

  it("something else executed at an index, a gap, a repetition, or what is not committed", () => {
    const invariants = committed("a", "b", "c");
    expect(invariants.applies("a", fact(1))).toBeNull();
    expect(invariants.applies("b", fact(1, "x"))).toContain("state machine safety");
    expect(invariants.applies("c", fact(1, "d", "other"))).toContain("state machine safety");
    expect(invariants.applies("a", fact(1))).toContain("after 1");
    expect(invariants.applies("a", fact(3))).toContain("after 1");
    expect(invariants.applies("z", fact(1))).toContain("not know");
  });

  it("a commit index or a term that falls", () => {
    const invariants = committed("a");
    expect(invariants.commits("a", 8)).toContain("fell");
    invariants.term("a", 4);
    expect(invariants.term("a", 3)).toContain("fell");
    invariants.wiped("a");
    expect(invariants.term("a", 1)).toBeNull();
  });
});
