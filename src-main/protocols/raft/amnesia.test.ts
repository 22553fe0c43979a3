// A member whose disk was wiped or is damaged: its word counts nowhere until it is bound again by
// everything it may have promised (README, "Without memory").
import { describe, expect, it } from "vitest";
import { seconds } from "#main/kernel/time.ts";
import { restoreRecords } from "./restore.ts";
import { RaftWorld } from "./testing/raft-world.ts";
import { entry, recordsOf, Solo } from "./testing/solo.ts";
import type { RaftRecord } from "./types.ts";

const LIFE = 1_001;
const FIVE = [..."abcde"];
const vote = {
  kind: "vote",
  term: 3,
  ballot: 1,
  lastIndex: 99,
  lastTerm: 99,
  force: false,
} as const;

function lost(members = FIVE): Solo {
  return new Solo({ members, amnesia: true });
}

function recoverReply(term: number, last: number | null) {
  return { kind: "recover-reply", life: LIFE, term, last } as const;
}

describe("a member without memory", () => {
  it("grants no vote and no pre-vote, and never campaigns", () => {
    const solo = lost();
    solo.receive("b", { ...vote, kind: "pre-vote" });
    expect(solo.sent("pre-vote-reply")).toMatchObject([{ granted: false }]);
    solo.receive("b", vote);
    expect(solo.sent("vote-reply")).toMatchObject([{ granted: false }]);
    expect(solo.happened("vote")).toMatchObject([{ reason: "amnesia" }]);
    solo.timeOut().timeOut();
    expect(solo.status).toMatchObject({ role: "follower", term: 3, votedFor: null });
    solo.appendFrom("b", 3, {});
    solo.receive("b", { kind: "timeout-now", term: 3 });
    expect(solo.status.role).toBe("follower");
  });

  it("remembers over a restart that it remembers nothing", () => {
    const again = new Solo({ members: FIVE, restore: lost().records });
    expect(again.machine.amnesia).toBe(true);
  });

  it("takes entries, and marks its answers so that they count for nothing", () => {
    const solo = lost();
    solo.appendFrom("b", 1, { terms: [1], commit: 1 });
    expect(solo.sent("append-reply")).toMatchObject([{ ok: true, lost: true, match: 1 }]);
    expect(solo.status.applied).toBe(1);
  });

  it("does not believe a heartbeat about entries that its former life had", () => {
    const solo = lost();
    solo.appendFrom("c", 1, { terms: [1, 1] });
    solo.receive("b", { kind: "heartbeat", term: 2, commit: 2, round: 1 });
    expect(solo.status.committed).toBe(0);
  });

  it("recovers when all voters were heard and a leader's log of that moment is here", () => {
    const solo = lost();
    expect(solo.sent("recover")).toHaveLength(4);
    solo.receive("b", recoverReply(2, 2));
    solo.appendFrom("b", 2, { terms: [1, 2], commit: 2 });
    for (const node of ["c", "d"]) {
      solo.receive(node, recoverReply(1, null));
      expect(solo.machine.amnesia).toBe(true);
    }
    solo.receive("e", recoverReply(2, null));
    expect(solo.machine.amnesia).toBe(false);
    // The vote of this term may be given away already.
    expect(solo.status).toMatchObject({ term: 2, votedFor: "a" });
    expect(solo.records.at(-1)).toMatchObject({ kind: "hard", amnesia: false, votedFor: "a" });
  });

  it("not before it has what the leader had, committed or not, when it learnt of the loss", () => {
    const solo = lost(["a", "b", "c"]);
    solo.receive("c", recoverReply(1, null));
    solo.receive("b", recoverReply(1, 3));
    solo.appendFrom("b", 1, { terms: [1, 1], commit: 2 });
    expect(solo.machine.amnesia).toBe(true);
    solo.appendFrom("b", 1, { prev: [2, 1], terms: [1], commit: 2 });
    expect(solo.machine.amnesia).toBe(true);
    solo.appendFrom("b", 1, { prev: [3, 1], commit: 3 });
    expect(solo.machine.amnesia).toBe(false);
  });

  it("takes the highest term of all: nobody may get a vote that was given before", () => {
    const solo = lost(["a", "b", "c"]);
    solo.receive("b", recoverReply(1, 1));
    solo.appendFrom("b", 1, { terms: [1], commit: 1 });
    solo.receive("c", recoverReply(7, null));
    // That term has no leader yet who could say what is committed.
    expect(solo.machine.amnesia).toBe(true);
    expect(solo.status.term).toBe(7);
  });

  it("answers to an earlier life's questions bind nobody", () => {
    const solo = lost(["a", "b"]);
    solo.receive("b", { ...recoverReply(0, 0), life: LIFE - 1 });
    expect(solo.machine.amnesia).toBe(true);
  });
});

describe("a leader and a member that lost its disk", () => {
  it("what the former life acknowledged counts no longer", () => {
    const solo = new Solo({ members: FIVE }).lead("b", "c");
    const { last } = solo.status;
    solo.acknowledge("b", last);
    solo.receive("b", { kind: "recover", life: 5 });
    expect(solo.sent("recover-reply", "b")).toMatchObject([{ life: 5, last }]);
    solo.acknowledge("c", last);
    expect(solo.status.committed).toBe(0);
    solo.acknowledge("d", last);
    expect(solo.status.committed).toBe(last);
  });

  it("what it acknowledges before it has recovered does not count", () => {
    const solo = new Solo({ members: FIVE }).lead("b", "c");
    const { last: match, term } = solo.status;
    solo.receive("b", { kind: "append-reply", ok: true, match, term, life: 5, lost: true });
    solo.acknowledge("c");
    expect(solo.status.committed).toBe(0);
  });

  it("a late answer of the former life does not bring it back", () => {
    const solo = new Solo({ members: FIVE }).lead("b", "c");
    solo.receive("b", { kind: "recover", life: 5 });
    solo.acknowledge("b", solo.status.last, 1).acknowledge("c");
    expect(solo.status.committed).toBe(0);
    expect(solo.status.peers.find(({ node }) => node === "b")?.state).toBe("lost");
  });

  it("sends again what a new life lacks without knowing that it lost it", () => {
    const solo = new Solo({ members: FIVE }).lead("b", "c");
    solo.acknowledge("b").propose("more");
    solo.acknowledge("b");
    const { term } = solo.status;
    const rejection = { ok: false, rejected: 2, hintIndex: 0, hintTerm: 0, lost: false } as const;
    solo.receive("b", { kind: "heartbeat-reply", term, round: 1, life: 5, lost: false });
    solo.receive("b", { kind: "append-reply", term, life: 5, ...rejection });
    expect(solo.sent("append", "b")).toMatchObject([{ prevIndex: 0, entries: [{}, {}] }]);
  });

  it("counts again once the member says that it has recovered", () => {
    const solo = new Solo({ members: FIVE }).lead("b", "c");
    solo.receive("b", { kind: "recover", life: 5 });
    solo.acknowledge("b", solo.status.last, 5).acknowledge("c");
    expect(solo.status.committed).toBe(1);
  });
});

describe("in a group", () => {
  it("a wiped member recovers, votes again, and no acknowledged entry is lost", () => {
    const world = new RaftWorld({ seed: 5, members: [..."abc"] });
    world.runFor(seconds(1));
    const leader = world.leader() ?? "";
    const [wiped = "", other = ""] = [..."abc"].filter((node) => node !== leader);
    world.crash(other);
    const request = world.propose(leader, "on two of three");
    world.runFor(seconds(1));
    expect(world.answers.get(request)).toMatchObject({ ok: true });
    // Were its vote taken now, the third member could win without the entry.
    world.crash(leader);
    world.wipe(wiped);
    world.start(wiped, true);
    world.start(other);
    world.runFor(seconds(5));
    expect(world.leader()).toBeUndefined();
    world.start(leader);
    world.runFor(seconds(3));
    for (const node of "abc") {
      expect(world.app(node).entries).toEqual(["on two of three"]);
      expect(world.machine(node).amnesia).toBe(false);
    }
    world.crash(leader);
    world.runFor(seconds(2));
    expect(world.leader()).toBeDefined();
  });
});

describe("records", () => {
  const hard = (term: number, votedFor: string | null = null): RaftRecord => ({
    kind: "hard",
    term,
    votedFor,
    amnesia: false,
  });

  it.each<[string, RaftRecord[]]>([
    ["a term that falls", [hard(3), hard(2)]],
    ["two votes in one term", [hard(3, "b"), hard(3, "c")]],
    ["a vote that is taken back", [hard(3, "b"), hard(3)]],
    ["a gap in the log", [hard(1), { kind: "entries", entries: [entry(2, 1)] }]],
    [
      "terms that fall along the log",
      [hard(2), { kind: "entries", entries: [entry(1, 2), entry(2, 1)] }],
    ],
    ["an entry ahead of the member's term", [hard(1), { kind: "entries", entries: [entry(1, 2)] }]],
    ["an empty run", [hard(1), { kind: "entries", entries: [] }]],
    [
      "entries that do not follow the snapshot",
      [
        {
          kind: "checkpoint",
          hard: { term: 1, votedFor: null, amnesia: false },
          snapshot: null,
          entries: [entry(4, 1)],
        },
      ],
    ],
    [
      "a configuration that is none",
      [hard(1), { kind: "entries", entries: [{ ...entry(1, 1), kind: "config" }] }],
    ],
  ])("%s is damage", (_, records) => {
    expect(restoreRecords(records)).toMatchObject({ ok: false, code: "damaged" });
    const solo = new Solo({ restore: records });
    expect(solo.machine.damage).not.toBeNull();
    expect(solo.machine.amnesia).toBe(true);
    expect(solo.status).toMatchObject({ term: 0, last: 0 });
    expect(solo.records).toMatchObject([{ kind: "checkpoint", hard: { amnesia: true } }]);
  });

  it("a snapshot that the application does not take is damage", () => {
    const config = { voters: ["a"], outgoing: [], learners: [] };
    const meta = { index: 1, term: 1, time: 1, config, chain: "0".repeat(16) };
    const record: RaftRecord = {
      kind: "checkpoint",
      hard: { term: 1, votedFor: null, amnesia: false },
      snapshot: { ...meta, data: new Uint8Array([9, 9, 9]) },
      entries: [],
    };
    const solo = new Solo({ restore: [record] });
    expect(solo.machine.damage).toContain("snapshot");
    expect(solo.status).toMatchObject({ first: 1, committed: 0 });
  });

  it("a later run of entries takes the place of what it overlaps", () => {
    const records = [
      ...recordsOf([1, 1, 1], 2),
      { kind: "entries", entries: [entry(2, 2)] } as const,
    ];
    expect(new Solo({ restore: records }).logTerms()).toEqual([1, 2]);
  });
});
