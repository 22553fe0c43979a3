// Situations in which other implementations once were wrong, or which they test by name.
import { describe, expect, it } from "vitest";
import { recordsOf, Solo } from "./testing/solo.ts";
import type { RaftMessage } from "./types.ts";

const BALLOT = 5;
const LATER = { lastIndex: 99, lastTerm: 99 };

function preVote(term: number, last = LATER): RaftMessage {
  return { kind: "pre-vote", term, ballot: BALLOT, ...last };
}

function vote(term: number, force = false, last = LATER): RaftMessage {
  return { kind: "vote", term, ballot: BALLOT, force, ...last };
}

describe("pre-vote", () => {
  it("changes neither term nor vote, at the candidate and at who is asked", () => {
    const candidate = new Solo({ restore: recordsOf([1], 3) });
    candidate.timeOut();
    expect(candidate.status).toMatchObject({ role: "pre-candidate", term: 3, votedFor: null });
    expect(candidate.sent("pre-vote")).toMatchObject([{ term: 4 }, { term: 4 }]);
    const asked = new Solo({ restore: recordsOf([1], 3) });
    asked.receive("b", preVote(9));
    expect(asked.sent("pre-vote-reply")).toMatchObject([{ granted: true, term: 9 }]);
    expect(asked.status).toMatchObject({ term: 3, votedFor: null });
    expect(asked.records).toHaveLength(2);
  });

  it("is refused to a log that is behind", () => {
    const solo = new Solo({ restore: recordsOf([1, 2]) });
    solo.receive("b", preVote(3, { lastIndex: 9, lastTerm: 1 }));
    expect(solo.happened("vote")).toMatchObject([{ granted: false, reason: "log-behind" }]);
  });

  it("is refused while a leader is heard, and granted an election timeout later", () => {
    const solo = new Solo();
    solo.receive("b", { kind: "heartbeat", term: 1, commit: 0, round: 1 });
    solo.wait(140).receive("c", preVote(2));
    expect(solo.happened("vote")).toMatchObject([{ granted: false, reason: "leader-alive" }]);
    solo.wait(20).receive("c", preVote(2));
    expect(solo.happened("vote")).toMatchObject([{ granted: true }]);
  });

  it("a leader refuses it: it is alive", () => {
    const solo = new Solo().lead("b");
    solo.receive("c", preVote(2));
    expect(solo.sent("pre-vote-reply")).toMatchObject([{ granted: false }]);
    expect(solo.status.role).toBe("leader");
  });

  it("of an old term is answered with the new one, so that a stuck candidate learns", () => {
    const solo = new Solo({ restore: recordsOf([1], 8) });
    solo.receive("b", preVote(3));
    expect(solo.sent("pre-vote-reply")).toMatchObject([{ granted: false, term: 8 }]);
    const stuck = new Solo({ restore: recordsOf([1], 2) }).timeOut();
    const ballot = stuck.sent("pre-vote")[0]?.ballot ?? 0;
    stuck.receive("b", { kind: "pre-vote-reply", term: 8, ballot, granted: false });
    expect(stuck.status).toMatchObject({ role: "follower", term: 8 });
  });

  it("answers are not taken for votes, and those of an earlier campaign for none at all", () => {
    const solo = new Solo().timeOut();
    const before = solo.sent("pre-vote")[0]?.ballot ?? 0;
    solo.timeOut();
    solo.receive("b", { kind: "pre-vote-reply", term: 1, ballot: before, granted: true });
    expect(solo.status.role).toBe("pre-candidate");
    const ballot = solo.sent("pre-vote")[0]?.ballot ?? before;
    solo.lead("b");
    expect(solo.status.role).toBe("leader");
    const candidate = new Solo({ raft: { preVote: false } }).timeOut();
    candidate.receive("b", { kind: "pre-vote-reply", term: 1, ballot, granted: true });
    expect(candidate.status.role).toBe("candidate");
  });

  it("a campaign that a quorum refuses ends at once, and the term stays", () => {
    const solo = new Solo().timeOut();
    const ballot = solo.sent("pre-vote")[0]?.ballot ?? 0;
    for (const from of ["b", "c"]) {
      solo.receive(from, { kind: "pre-vote-reply", term: 0, ballot, granted: false });
    }
    expect(solo.status).toMatchObject({ role: "follower", term: 0 });
  });
});

describe("check-quorum", () => {
  it("a leader that hears no quorum for an election timeout steps down", () => {
    const solo = new Solo().lead("b");
    for (let i = 0; i < 7; i++) {
      solo.beat();
    }
    expect(solo.status).toMatchObject({ role: "follower", leader: null, term: 1 });
    expect(solo.happened("role")).toMatchObject([{ reason: "quorum-lost" }]);
  });

  it("a leader that hears a quorum goes on", () => {
    const solo = new Solo({ members: [..."abcde"] }).lead("b", "c");
    for (let i = 0; i < 20; i++) {
      solo.beat();
      const round = solo.sent("heartbeat")[0]?.round ?? 0;
      for (const from of ["b", "c"]) {
        solo.receive(from, { kind: "heartbeat-reply", term: 1, life: 1, lost: false, round });
      }
    }
    expect(solo.status.role).toBe("leader");
  });

  it("one member of five is no quorum, and a member that lost its disk counts for nothing", () => {
    const solo = new Solo({ members: [..."abcde"] }).lead("b", "c");
    for (let i = 0; i < 7; i++) {
      solo.beat();
      const reply = { kind: "heartbeat-reply", term: 1, life: 1, round: 1 } as const;
      solo.receive("b", { ...reply, lost: false });
      solo.receive("c", { ...reply, lost: true });
    }
    expect(solo.status.role).toBe("follower");
  });

  it("a vote request while a leader is heard moves neither term nor vote", () => {
    const solo = new Solo();
    solo.receive("b", { kind: "heartbeat", term: 1, commit: 0, round: 1 });
    solo.wait(100).receive("c", vote(7));
    expect(solo.happened("vote")).toMatchObject([{ granted: false, reason: "leader-alive" }]);
    expect(solo.status).toMatchObject({ term: 1, leader: "b" });
  });

  it("frees a stuck candidate: its higher term comes back to the leader, which steps down", () => {
    const stuck = new Solo({ restore: recordsOf([], 6) });
    stuck.receive("b", { kind: "heartbeat", term: 2, commit: 0, round: 4 });
    const [reply] = stuck.sent("heartbeat-reply");
    expect(reply).toMatchObject({ term: 6, round: 0 });
    const leader = new Solo().lead("b");
    leader.receive("c", reply as RaftMessage);
    expect(leader.status).toMatchObject({ role: "follower", term: 6 });
  });

  it("an append of an old term is answered too, and never acted upon", () => {
    const stuck = new Solo({ restore: recordsOf([], 6) });
    stuck.appendFrom("b", 2, { terms: [2] });
    expect(stuck.sent("append-reply")).toMatchObject([{ ok: false, term: 6 }]);
    expect(stuck.status).toMatchObject({ leader: null, last: 0 });
  });
});

describe("membership and votes", () => {
  it("a learner answers votes: it may be a voter in a configuration it has not seen", () => {
    const learner = new Solo({ self: "d", learners: ["d"] });
    expect(learner.status.role).toBe("learner");
    learner.receive("b", vote(3));
    expect(learner.sent("vote-reply")).toMatchObject([{ granted: true }]);
    expect(learner.records.at(-1)).toMatchObject({ votedFor: "b" });
  });

  it("a learner never campaigns, not even when told to", () => {
    const learner = new Solo({ self: "d", learners: ["d"] });
    learner.timeOut();
    learner.appendFrom("b", 1, {});
    learner.receive("b", { kind: "timeout-now", term: 1 });
    expect(learner.status).toMatchObject({ role: "learner", term: 1 });
  });

  it("votes of who does not vote are not counted", () => {
    const solo = new Solo({ learners: ["d"], raft: { preVote: false } }).timeOut();
    const ballot = solo.sent("vote")[0]?.ballot ?? 0;
    solo.receive("d", { kind: "vote-reply", term: 1, ballot, granted: true });
    solo.receive("zz", { kind: "vote-reply", term: 1, ballot, granted: true });
    expect(solo.status.role).toBe("candidate");
  });

  it("learners do not count for commits", () => {
    const solo = new Solo({ learners: ["d", "e"] }).lead("b");
    solo.acknowledge("d").acknowledge("e");
    expect(solo.status.committed).toBe(0);
    solo.acknowledge("b");
    expect(solo.status.committed).toBe(1);
  });

  it("a group of one elects itself and commits alone", () => {
    const solo = new Solo({ members: ["a"] }).timeOut();
    expect(solo.status).toMatchObject({ role: "leader", committed: 1 });
  });
});

describe("flow control", () => {
  const manyEntries = (raft: object) => {
    const solo = new Solo({ raft: { maxAppendEntries: 1, ...raft } }).lead("b");
    solo.acknowledge("b");
    solo.propose("open");
    solo.acknowledge("b");
    solo.letters = [];
    const sent = [];
    for (let i = 0; i < 20; i++) {
      solo.propose(`${i}`);
      sent.push(...solo.sent("append", "b"));
    }
    return { solo, sent };
  };

  it("a probe sends one append and waits for its answer", () => {
    const solo = new Solo().lead("b");
    expect(solo.sent("append", "c")).toHaveLength(1);
    solo.acknowledge("b");
    solo.propose("x");
    expect(solo.sent("append", "c")).toHaveLength(0);
  });

  it("replication runs ahead of answers up to the window, and an answer opens it", () => {
    const { solo, sent } = manyEntries({ maxInFlightAppends: 4 });
    expect(sent.length).toBeLessThanOrEqual(4);
    solo.acknowledge("b", sent[0]?.prevIndex ?? 0);
    expect(solo.status.peers.find(({ node }) => node === "b")?.inFlight).toBeLessThanOrEqual(4);
  });

  it("the window is limited in bytes as well", () => {
    const { sent } = manyEntries({ maxInFlightBytes: 100 });
    expect(sent.length).toBeLessThan(6);
  });

  it("entries beyond the limit of uncommitted bytes are refused as busy", () => {
    const solo = new Solo({ raft: { maxUncommittedBytes: 400 } }).lead("b");
    solo.acknowledge("b");
    solo.propose("open");
    solo.acknowledge("b");
    const requests = Array.from({ length: 12 }, () => solo.propose("x".repeat(50)));
    const refused = requests.filter((request) => solo.outcome(request)?.ok === false);
    expect(refused.length).toBeGreaterThan(0);
    expect(solo.outcome(refused[0] ?? 0)).toMatchObject({ code: "busy" });
    solo.acknowledge("b");
    const after = solo.propose("fits again");
    solo.acknowledge("b");
    expect(solo.outcome(after)).toMatchObject({ ok: true });
  });

  it("a lost last append is noticed by the next heartbeat's answer", () => {
    const solo = new Solo().lead("b");
    solo.acknowledge("b");
    solo.propose("open");
    solo.beat();
    const round = solo.sent("heartbeat")[0]?.round ?? 0;
    solo.receive("b", { kind: "heartbeat-reply", term: 1, life: 1, lost: false, round });
    const [empty] = solo.sent("append", "b");
    expect(empty).toMatchObject({ prevIndex: 2, entries: [] });
    const reply = { kind: "append-reply", term: 1, life: 1, lost: false } as const;
    solo.receive("b", { ...reply, ok: false, rejected: 2, hintIndex: 1, hintTerm: 1 });
    expect(solo.sent("append", "b")).toMatchObject([{ prevIndex: 1, entries: [{ index: 2 }] }]);
  });

  it("a stale rejection changes nothing", () => {
    const solo = new Solo().lead("b");
    solo.acknowledge("b");
    const before = solo.status.peers;
    const reply = { kind: "append-reply", term: 1, life: 1, lost: false } as const;
    solo.receive("b", { ...reply, ok: false, rejected: 0, hintIndex: 0, hintTerm: 0 });
    expect(solo.status.peers).toEqual(before);
  });
});

describe("read-index", () => {
  const heartbeatReply = (round: number, lost = false) =>
    ({ kind: "heartbeat-reply", term: 1, life: 1, lost, round }) as const;

  it("no read before an entry of the own term is committed", () => {
    const solo = new Solo({ restore: recordsOf([1, 1], 1) }).lead("b");
    const request = solo.order({ kind: "read", query: new Uint8Array(0) });
    const round = 50;
    solo.receive("b", { ...heartbeatReply(round), term: 2 });
    expect(solo.outcome(request)).toBeUndefined();
    solo.acknowledge("b");
    const began = solo.sent("heartbeat", "b").find((beat) => beat.round > 0)?.round ?? 0;
    solo.receive("b", { ...heartbeatReply(began), term: 2 });
    expect(solo.outcome(request)).toMatchObject({ ok: true });
  });

  it("only a round that began after the read confirms it", () => {
    const solo = new Solo().lead("b");
    solo.acknowledge("b");
    solo.beat();
    const before = solo.sent("heartbeat", "b")[0]?.round ?? 0;
    const request = solo.order({ kind: "read", query: new Uint8Array(0) });
    solo.receive("b", heartbeatReply(before));
    expect(solo.outcome(request)).toBeUndefined();
    const after = solo.sent("heartbeat", "b").find(({ round }) => round > before)?.round ?? 0;
    expect(after).toBeGreaterThan(before);
    solo.receive("b", heartbeatReply(after));
    expect(solo.outcome(request)).toMatchObject({ ok: true });
  });

  it("a member that lost its disk confirms nothing", () => {
    const solo = new Solo().lead("b");
    solo.acknowledge("b");
    const request = solo.order({ kind: "read", query: new Uint8Array(0) });
    const round = solo.sent("heartbeat", "b")[0]?.round ?? 0;
    solo.receive("b", heartbeatReply(round, true));
    expect(solo.outcome(request)).toBeUndefined();
    solo.receive("c", heartbeatReply(round));
    expect(solo.outcome(request)).toMatchObject({ ok: true });
  });

  it("a follower answers once it has executed what the leader had committed", () => {
    const solo = new Solo();
    solo.appendFrom("b", 1, { terms: [1, 1], commit: 1 });
    const request = solo.order({ kind: "read", query: new Uint8Array(0) });
    const id = solo.sent("read-index", "b")[0]?.id ?? 0;
    solo.receive("b", { kind: "read-index-reply", id, index: 2 });
    expect(solo.outcome(request)).toBeUndefined();
    solo.receive("b", { kind: "heartbeat", term: 1, commit: 2, round: 0 });
    expect(solo.outcome(request)).toMatchObject({ ok: true, index: 2 });
  });
});
