// "In Search of an Understandable Consensus Algorithm (extended version)", Ongaro and Ousterhout,
// sentence by sentence: figure 2 and sections 5, 6, 7 and 8. Log terms are written as [1, 1, 2].
import { describe, expect, it } from "vitest";
import { entry, recordsOf, Solo } from "./testing/solo.ts";

const BALLOT = 9;

function voteRequest(term: number, lastIndex: number, lastTerm: number, force = false) {
  return { kind: "vote", term, ballot: BALLOT, lastIndex, lastTerm, force } as const;
}

describe("figure 2, persistent state", () => {
  it("is updated on stable storage before responding to RPCs", () => {
    const solo = new Solo();
    solo.receive("b", voteRequest(1, 0, 0));
    expect(solo.records.at(-1)).toMatchObject({ kind: "hard", term: 1, votedFor: "b" });
    expect(solo.letters).toMatchObject([{ to: "b", behind: 1, message: { granted: true } }]);
    solo.appendFrom("b", 1, { terms: [1] });
    expect(solo.letters).toMatchObject([{ to: "b", behind: 1, message: { ok: true } }]);
  });

  it("a vote is granted once a term, over a restart too", () => {
    const before = new Solo();
    before.receive("b", voteRequest(1, 0, 0));
    const after = new Solo({ restore: before.records });
    after.receive("c", voteRequest(1, 0, 0));
    expect(after.sent("vote-reply")).toMatchObject([{ granted: false }]);
    expect(after.happened("vote")).toMatchObject([{ reason: "already-voted" }]);
    after.receive("b", voteRequest(1, 0, 0));
    expect(after.sent("vote-reply")).toMatchObject([{ granted: true }]);
  });

  it("also for a vote in a term that was known before", () => {
    const before = new Solo({ restore: recordsOf([], 3) });
    before.receive("b", voteRequest(3, 0, 0));
    expect(before.letters).toMatchObject([{ behind: 1, message: { granted: true } }]);
    const after = new Solo({ restore: before.records });
    after.receive("c", voteRequest(3, 0, 0));
    expect(after.sent("vote-reply")).toMatchObject([{ granted: false }]);
  });

  it("log and term survive a restart", () => {
    const before = new Solo();
    before.appendFrom("b", 3, { terms: [1, 3] });
    const after = new Solo({ restore: before.records });
    expect(after.status).toMatchObject({ term: 3, last: 2, committed: 0 });
    expect(after.logTerms()).toEqual([1, 3]);
  });
});

describe("figure 2, AppendEntries", () => {
  it("1. replies false if term < currentTerm, with the term for the leader to update itself", () => {
    const solo = new Solo({ restore: recordsOf([1], 5) });
    solo.appendFrom("b", 4, { prev: [1, 1], terms: [4] });
    expect(solo.sent("append-reply")).toMatchObject([{ ok: false, term: 5 }]);
    expect(solo.logTerms()).toEqual([1]);
  });

  it("2. replies false if the log has no entry at prevLogIndex whose term matches", () => {
    const solo = new Solo({ restore: recordsOf([1, 1]) });
    solo.appendFrom("b", 2, { prev: [3, 1], terms: [2] });
    expect(solo.sent("append-reply")).toMatchObject([{ ok: false, rejected: 3 }]);
    solo.appendFrom("b", 2, { prev: [2, 2], terms: [2] });
    expect(solo.sent("append-reply")).toMatchObject([{ ok: false, rejected: 2 }]);
    expect(solo.logTerms()).toEqual([1, 1]);
  });

  it("3. deletes a conflicting entry and all that follow it", () => {
    const solo = new Solo({ restore: recordsOf([1, 1, 1, 1]) });
    solo.appendFrom("b", 2, { prev: [1, 1], terms: [2] });
    expect(solo.logTerms()).toEqual([1, 2]);
    expect(solo.happened("truncated")).toMatchObject([{ from: 2, to: 4 }]);
  });

  it("3. does not delete what merely follows: a delayed shorter append truncates nothing", () => {
    const solo = new Solo();
    solo.appendFrom("b", 1, { terms: [1, 1, 1] });
    solo.appendFrom("b", 1, { terms: [1] });
    expect(solo.logTerms()).toEqual([1, 1, 1]);
    expect(solo.sent("append-reply")).toMatchObject([{ ok: true, match: 1 }]);
  });

  it("4. appends any new entries not already in the log, and writes only those", () => {
    const solo = new Solo();
    solo.appendFrom("b", 1, { terms: [1, 1] });
    solo.appendFrom("b", 1, { terms: [1, 1, 1] });
    expect(solo.logTerms()).toEqual([1, 1, 1]);
    expect(solo.records.at(-1)).toMatchObject({ kind: "entries", entries: [{ index: 3 }] });
  });

  it("5. commits up to min(leaderCommit, index of last new entry)", () => {
    const solo = new Solo({ restore: recordsOf([1, 1, 1, 1]) });
    solo.appendFrom("b", 2, { prev: [1, 1], terms: [1], commit: 4 });
    expect(solo.status.committed).toBe(2);
    solo.appendFrom("b", 2, { prev: [4, 1], terms: [2], commit: 3 });
    expect(solo.status.committed).toBe(3);
  });

  it("5. the match index comes from the request, not from the end of the log", () => {
    const solo = new Solo({ restore: recordsOf([1, 1, 1, 1]) });
    solo.appendFrom("b", 2, { prev: [1, 1], terms: [1] });
    expect(solo.sent("append-reply")).toMatchObject([{ ok: true, match: 2 }]);
  });

  it("the commit index never falls", () => {
    const solo = new Solo();
    solo.appendFrom("b", 1, { terms: [1, 1], commit: 2 });
    solo.appendFrom("b", 1, { terms: [1], commit: 1 });
    expect(solo.status.committed).toBe(2);
  });
});

describe("figure 2, RequestVote", () => {
  it("1. replies false if term < currentTerm", () => {
    const solo = new Solo({ restore: recordsOf([1], 5) });
    solo.receive("b", voteRequest(4, 9, 4));
    expect(solo.sent("vote-reply")).toMatchObject([{ granted: false, term: 5 }]);
  });

  it.each([
    { theirs: [3, 2], granted: true, why: "longer log, same last term" },
    { theirs: [2, 2], granted: true, why: "the same log" },
    { theirs: [1, 2], granted: false, why: "shorter log, same last term" },
    { theirs: [1, 3], granted: true, why: "shorter log, later last term" },
    { theirs: [9, 1], granted: false, why: "longer log, earlier last term" },
  ])("2. grants $granted for $why", ({ theirs, granted }) => {
    const solo = new Solo({ restore: recordsOf([1, 2]) });
    const [lastIndex = 0, lastTerm = 0] = theirs;
    solo.receive("b", voteRequest(4, lastIndex, lastTerm));
    expect(solo.sent("vote-reply")).toMatchObject([{ granted }]);
    expect(solo.status.term).toBe(4);
    if (!granted) {
      expect(solo.happened("vote")).toMatchObject([{ reason: "log-behind" }]);
    }
  });
});

describe("figure 2, rules for servers", () => {
  it("a higher term in request or response makes a follower", () => {
    const solo = new Solo().lead("b");
    expect(solo.status.role).toBe("leader");
    const reply = { kind: "append-reply", ok: true, match: 0, life: 1, lost: false } as const;
    solo.receive("c", { ...reply, term: 9 });
    expect(solo.status).toMatchObject({ role: "follower", term: 9, leader: null, votedFor: null });
    expect(solo.happened("role")).toMatchObject([{ reason: "higher-term" }]);
  });

  it("a follower that hears nothing for an election timeout becomes a candidate", () => {
    const solo = new Solo({ raft: { preVote: false } });
    solo.timeOut();
    expect(solo.status).toMatchObject({ role: "candidate", term: 1, votedFor: "a" });
    expect(solo.sent("vote").map(({ term }) => term)).toEqual([1, 1]);
    expect(solo.letters.every(({ behind }) => behind === 1)).toBe(true);
  });

  it("a candidate steps down for the leader of its own term", () => {
    const solo = new Solo({ raft: { preVote: false } });
    solo.timeOut();
    solo.appendFrom("b", 1, {});
    expect(solo.status).toMatchObject({ role: "follower", term: 1, leader: "b", votedFor: "a" });
  });

  it("a candidate whose election timeout elapses starts a new election", () => {
    const solo = new Solo({ raft: { preVote: false } });
    solo.timeOut().timeOut();
    expect(solo.status).toMatchObject({ role: "candidate", term: 2 });
  });

  it("election timeouts are drawn anew for each election", () => {
    const solo = new Solo({ raft: { preVote: false } });
    const drawn = new Set<number>();
    for (let i = 0; i < 10; i++) {
      solo.timeOut();
      const at = solo.status.timers[0]?.at ?? 0;
      expect(at - solo.now).toBeGreaterThanOrEqual(150_000);
      expect(at - solo.now).toBeLessThanOrEqual(300_000);
      drawn.add(at - solo.now);
    }
    expect(drawn.size).toBeGreaterThan(8);
  });

  it("the timer restarts for a granted vote and for the current leader, for nothing else", () => {
    const solo = new Solo({ restore: recordsOf([2], 2), raft: { checkQuorum: false } });
    const deadline = () => solo.status.timers[0]?.at;
    const before = deadline();
    solo.wait(10).appendFrom("b", 1, {});
    solo.wait(10).receive("b", voteRequest(3, 0, 0));
    solo.wait(10).receive("c", { ...voteRequest(4, 9, 3), kind: "pre-vote" });
    solo.wait(10).receive("c", { kind: "timeout-now", term: 3 });
    expect(deadline()).toBe(before);
    solo.wait(10).receive("b", voteRequest(4, 1, 2));
    const granted = deadline();
    expect(granted).not.toBe(before);
    solo.wait(10).receive("b", { kind: "heartbeat", term: 4, commit: 0, round: 1 });
    expect(deadline()).not.toBe(granted);
  });

  it("votes of a majority make a leader, which sends to all at once", () => {
    const solo = new Solo({ members: [..."abcde"] });
    solo.lead("b");
    expect(solo.status.role).toBe("pre-candidate");
    solo.timeOut().lead("b", "c");
    expect(solo.status).toMatchObject({ role: "leader", leader: "a" });
    expect(solo.sent("append").length).toBe(4);
  });

  it("the same vote twice counts once", () => {
    const solo = new Solo({ members: [..."abcde"], raft: { preVote: false } });
    solo.timeOut();
    const ballot = solo.sent("vote")[0]?.ballot ?? 0;
    for (let i = 0; i < 3; i++) {
      solo.receive("b", { kind: "vote-reply", term: 1, ballot, granted: true });
    }
    expect(solo.status.role).toBe("candidate");
  });

  it("a leader never overwrites or deletes entries of its own log: it appends", () => {
    const solo = new Solo({ restore: recordsOf([1, 1]) }).lead("b");
    solo.acknowledge("b");
    solo.propose("x");
    expect(solo.logTerms().slice(0, 3)).toEqual([1, 1, 2]);
    expect(solo.events.some(({ kind }) => kind === "truncated")).toBe(false);
  });

  it("a leader decrements nextIndex and retries until the logs meet", () => {
    const solo = new Solo({ restore: recordsOf([1, 1, 1, 4, 4]) }).lead("b");
    const { term } = solo.status;
    const reply = { kind: "append-reply", term, life: 1, lost: false } as const;
    solo.receive("b", { ...reply, ok: false, rejected: 5, hintIndex: 4, hintTerm: 3 });
    // Its log ends with term 3, of which we have nothing: we meet behind our term 1 at best.
    expect(solo.sent("append", "b")).toMatchObject([{ prevIndex: 3, prevTerm: 1 }]);
    solo.receive("b", { ...reply, ok: false, rejected: 3, hintIndex: 1, hintTerm: 1 });
    expect(solo.sent("append", "b")).toMatchObject([{ prevIndex: 1, prevTerm: 1 }]);
    solo.receive("b", { ...reply, ok: true, match: 6 });
    expect(solo.status.peers.find(({ node }) => node === "b")).toMatchObject({
      match: 6,
      next: 7,
      state: "replicate",
    });
  });
});

describe("section 5.3, logs", () => {
  it.each([
    { name: "a: one missing", log: [1, 1, 1, 4, 4, 5, 5, 6, 6] },
    { name: "b: many missing", log: [1, 1, 1, 4] },
    { name: "c: one too many", log: [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6] },
    { name: "d: two of a later term", log: [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7] },
    { name: "e: both", log: [1, 1, 1, 4, 4, 4, 4] },
    { name: "f: terms nobody else has", log: [1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3] },
  ])("figure 7 ($name): the follower's log becomes the leader's", ({ log }) => {
    const leaderTerms = [1, 1, 1, 4, 4, 5, 5, 6, 6, 6];
    const leader = new Solo({ restore: recordsOf(leaderTerms, 7) }).lead("c");
    const follower = new Solo({ self: "b", restore: recordsOf(log, 7) });
    follower.now = leader.now;
    let rounds = 0;
    const mail = leader.sent("append", "b");
    for (; mail.length > 0; rounds++) {
      for (const message of mail.splice(0)) {
        follower.receive("a", message);
        for (const reply of follower.sent("append-reply")) {
          leader.receive("b", reply);
          mail.push(...leader.sent("append", "b"));
        }
      }
    }
    expect(follower.logTerms()).toEqual([...leaderTerms, 8]);
    expect(rounds).toBeLessThanOrEqual(5);
  });
});

describe("section 5.4, safety", () => {
  it("figure 8: an entry of an earlier term is not committed by counting", () => {
    // (c): a leads term 4, and entry 2 of term 2 reaches a majority of five.
    const solo = new Solo({ members: [..."abcde"], restore: recordsOf([1, 2], 3) });
    solo.lead("b", "c");
    expect(solo.status.term).toBe(4);
    solo.acknowledge("b", 2).acknowledge("c", 2);
    expect(solo.status.committed).toBe(0);
    // (e): once an entry of term 4 is on a majority, everything before it is committed too.
    solo.acknowledge("b", 3);
    expect(solo.status.committed).toBe(0);
    solo.acknowledge("c", 3);
    expect(solo.status.committed).toBe(3);
  });

  it("figure 8 (d): who has the old entry may still lose it to a later term", () => {
    const solo = new Solo({ members: [..."abcde"], restore: recordsOf([1, 2], 4) });
    solo.appendFrom("e", 5, { prev: [1, 1], terms: [3, 5] });
    expect(solo.logTerms()).toEqual([1, 3, 5]);
  });

  it("committed entries are executed in log order, once", () => {
    const solo = new Solo();
    solo.appendFrom("b", 1, { terms: [1, 1, 1], commit: 2 });
    solo.appendFrom("b", 1, { prev: [3, 1], terms: [1], commit: 4 });
    const applied = solo.events.filter((event) => event.kind === "applied");
    expect(applied.map(({ index }) => index)).toEqual([1, 2, 3, 4]);
  });
});

describe("section 8, clients", () => {
  it("a leader commits a no-op at the start of its term", () => {
    const solo = new Solo().lead("b");
    expect(solo.machine.log(1, 9)).toMatchObject([{ what: "no-op", term: 1 }]);
  });

  it("nothing is answered before it is committed and executed", () => {
    const solo = new Solo().lead("b");
    solo.acknowledge("b");
    const request = solo.propose("x");
    solo.acknowledge("b");
    expect(solo.outcome(request)).toBeUndefined();
    solo.acknowledge("b");
    expect(solo.outcome(request)).toMatchObject({ ok: true });
    expect(solo.app.entries).toEqual(["x"]);
  });

  it("a leader may send before its own write, and counts itself only behind it", () => {
    const solo = new Solo({ members: ["a"] });
    solo.timeOut();
    const request = solo.propose("alone");
    expect(solo.outcome(request)).toMatchObject({ ok: true });
    const two = new Solo().lead("b");
    two.acknowledge("b");
    two.propose("x");
    const appends = two.letters.filter(({ message }) => message.kind === "append");
    expect(appends.length).toBeGreaterThan(0);
    expect(appends.every(({ behind }) => behind === 0)).toBe(true);
  });
});

describe("what never comes from a correct member", () => {
  it("a second leader in one term is rejected, not followed", () => {
    const solo = new Solo();
    solo.appendFrom("b", 1, {});
    solo.appendFrom("c", 1, { terms: [1] });
    expect(solo.happened("rejected")).toHaveLength(1);
    expect(solo.status).toMatchObject({ leader: "b", last: 0 });
  });

  it("an append that contradicts what is committed changes nothing", () => {
    const solo = new Solo();
    solo.appendFrom("b", 1, { terms: [1, 1], commit: 2 });
    const entries = [entry(1, 2)];
    const append = { kind: "append", term: 2, prevIndex: 0, prevTerm: 0, commit: 0 } as const;
    solo.receive("c", { ...append, entries });
    expect(solo.happened("rejected")).toHaveLength(1);
    expect(solo.logTerms()).toEqual([1, 1]);
  });

  it("an acknowledgement of what was never sent counts for nothing", () => {
    const solo = new Solo().lead("b");
    solo.acknowledge("b", 99);
    expect(solo.happened("rejected")).toHaveLength(1);
    expect(solo.status.committed).toBe(0);
  });
});
