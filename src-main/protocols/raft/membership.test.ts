// Joint consensus (Raft section 6; dissertation chapter 4).
import { describe, expect, it } from "vitest";
import { seconds } from "#main/kernel/time.ts";
import { encodeConfig, makeConfig, reachedByQuorum, voteResult } from "./config.ts";
import { makeEntry } from "./entry.ts";
import { RaftWorld } from "./testing/raft-world.ts";
import { Solo } from "./testing/solo.ts";

function leading(members = [..."abc"], learners: string[] = []): Solo {
  const solo = new Solo({ members, learners }).lead(...members.slice(1));
  return solo.acknowledge("b").acknowledge("c");
}

const change = (solo: Solo, voters: string, learners = "") =>
  solo.order({ kind: "reconfigure", voters: [...voters], learners: [...learners] });

describe("joint quorums", () => {
  const joint = makeConfig([..."cde"], [], [..."abc"]);

  it("a commit needs both majorities", () => {
    const at = (have: string) => reachedByQuorum(joint, (node) => (have.includes(node) ? 7 : 0));
    expect([at("ab"), at("cd"), at("abde"), at("bcd"), at("ac")]).toEqual([0, 0, 7, 7, 0]);
  });

  it("an election needs both majorities, and one lost half loses it", () => {
    const votes = (yes: string, no = "") =>
      voteResult(
        joint,
        new Map([
          ...[...yes].map((n) => [n, true] as const),
          ...[...no].map((n) => [n, false] as const),
        ]),
      );
    expect(votes("ab")).toBe("open");
    expect(votes("bcd")).toBe("won");
    expect(votes("abc", "de")).toBe("lost");
  });
});

describe("membership change", () => {
  it("takes effect when appended: joint first, then the final one by itself", () => {
    const solo = leading();
    const request = change(solo, "bcd");
    expect(solo.status).toMatchObject({ voters: [..."bcd"], outgoing: [..."abc"] });
    expect(solo.status.committed).toBe(1);
    // b and c are both majorities: of the old three and of the new three.
    solo.acknowledge("b").acknowledge("c");
    expect(solo.status).toMatchObject({ voters: [..."bcd"], outgoing: [] });
    expect(solo.outcome(request)).toBeUndefined();
    solo.acknowledge("b").acknowledge("c");
    expect(solo.outcome(request)).toMatchObject({ ok: true, index: 3 });
  });

  it("the old majority alone commits nothing in the joint configuration", () => {
    const solo = leading();
    change(solo, "xyz");
    solo.acknowledge("b").acknowledge("c");
    expect(solo.status.committed).toBe(1);
    solo.acknowledge("x").acknowledge("y");
    expect(solo.status.committed).toBeGreaterThanOrEqual(2);
  });

  it("a leader that is removed leads until the change is committed, without counting itself", () => {
    const solo = leading();
    change(solo, "bcd");
    solo.acknowledge("b").acknowledge("c");
    expect(solo.status).toMatchObject({ role: "leader", outgoing: [] });
    solo.acknowledge("b");
    // Two of b, c, d are needed; its own copy is none of them.
    expect(solo.status).toMatchObject({ role: "leader", committed: 2 });
    solo.acknowledge("c");
    expect(solo.status).toMatchObject({ role: "peer", committed: 3, leader: null });
    expect(solo.happened("role")).toMatchObject([{ reason: "removed" }]);
  });

  it("only one at a time, and none before the term has committed anything", () => {
    const early = new Solo().lead("b");
    expect(early.outcome(change(early, "ab"))).toMatchObject({ code: "busy" });
    const solo = leading();
    change(solo, "abcd");
    expect(solo.outcome(change(solo, "ab"))).toMatchObject({ code: "busy" });
  });

  it.each([
    ["no voters", "", ""],
    ["a name twice", "aab", ""],
    ["a voter as learner", "abc", "c"],
    ["what is already so", "cba", ""],
  ])("refuses %s", (_, voters, learners) => {
    const solo = leading();
    expect(solo.outcome(change(solo, voters, learners))).toMatchObject({ code: "bad-change" });
    expect(solo.status.last).toBe(1);
  });

  it("learners come and go in one step", () => {
    const solo = leading();
    const request = change(solo, "abc", "l");
    expect(solo.status).toMatchObject({ learners: ["l"], outgoing: [] });
    solo.acknowledge("b");
    expect(solo.outcome(request)).toMatchObject({ ok: true });
  });

  it("a truncated configuration takes its effect with it", () => {
    const solo = new Solo();
    const data = encodeConfig(makeConfig([..."abcd"], []));
    const config = makeEntry({ index: 1, term: 1, time: 1, kind: "config", data });
    const append = { kind: "append", prevIndex: 0, prevTerm: 0, commit: 0 } as const;
    solo.receive("b", { ...append, term: 1, entries: [config] });
    expect(solo.status.voters).toEqual([..."abcd"]);
    solo.appendFrom("c", 2, { terms: [2] });
    expect(solo.status.voters).toEqual([..."abc"]);
    expect(solo.happened("config")).toMatchObject([{ voters: [..."abc"] }]);
  });

  it("a configuration that is none is rejected before anything is written", () => {
    const solo = new Solo();
    const data = new Uint8Array([1, 2, 3]);
    const config = makeEntry({ index: 1, term: 1, time: 1, kind: "config", data });
    const append = { kind: "append", term: 1, prevIndex: 0, prevTerm: 0, commit: 0 } as const;
    solo.receive("b", { ...append, entries: [config] });
    expect(solo.happened("rejected")).toHaveLength(1);
    expect(solo.status.last).toBe(0);
  });

  it("a voter that is removed may campaign until its removal is committed", () => {
    const solo = new Solo();
    const data = encodeConfig(makeConfig([..."bcd"], []));
    const config = makeEntry({ index: 1, term: 1, time: 1, kind: "config", data });
    const append = { kind: "append", term: 1, prevIndex: 0, prevTerm: 0 } as const;
    solo.receive("b", { ...append, commit: 0, entries: [config] });
    solo.timeOut();
    // Its own vote is none of those that count.
    expect(solo.sent("pre-vote")).toHaveLength(3);
    expect(solo.happened("tally")).toEqual([]);
    solo.receive("b", { ...append, commit: 1, entries: [config] });
    expect(solo.status.role).toBe("peer");
    solo.wait(1_000).timeOut();
    expect(solo.letters).toEqual([]);
  });

  it("is refused at a read-only node", () => {
    const solo = leading();
    solo.step({ kind: "writable", now: solo.now, writable: false });
    expect(solo.outcome(change(solo, "ab"))).toMatchObject({ code: "read-only" });
  });
});

describe("membership change in a group", () => {
  const started = (seed: number) => {
    const world = new RaftWorld({ seed, members: [..."abc"] });
    for (const node of "de") {
      world.start(node);
    }
    world.runFor(seconds(1));
    return world;
  };

  it("grows from three to five, and two of the old may then die", () => {
    const world = started(1);
    const request = world.reconfigure("a", [..."abcde"]);
    world.runFor(seconds(2));
    expect(world.answers.get(request)).toMatchObject({ ok: true });
    world.crash("a");
    world.crash("b");
    world.runFor(seconds(1));
    const proposal = world.propose("d", "by three of five");
    world.runFor(seconds(2));
    expect(world.answers.get(proposal)).toMatchObject({ ok: true });
    expect(world.app("e").entries).toEqual(["by three of five"]);
  });

  it("replaces all members at once", () => {
    const world = started(2);
    world.propose("a", "before");
    world.runFor(seconds(1));
    const request = world.reconfigure("b", ["d", "e"]);
    world.runFor(seconds(2));
    expect(world.answers.get(request)).toMatchObject({ ok: true });
    for (const node of "abc") {
      expect(world.status(node).role).toBe("peer");
      world.crash(node);
    }
    const proposal = world.propose("d", "after");
    world.runFor(seconds(2));
    expect(world.answers.get(proposal)).toMatchObject({ ok: true });
    expect(world.app("e").entries).toEqual(["before", "after"]);
  });

  it("a removed member that does not know it disturbs nobody, and is told where to go", () => {
    const world = started(3);
    const leader = world.leader() ?? "";
    const removed = [..."abc"].find((node) => node !== leader) ?? "";
    world.drop = (from, to) => from === removed || to === removed;
    const rest = [..."abc"].filter((node) => node !== removed);
    world.reconfigure(leader, [...rest, "d"]);
    world.runFor(seconds(8));
    const { term } = world.status(leader);
    world.drop = () => false;
    world.runFor(seconds(3));
    expect(world.status(leader)).toMatchObject({ role: "leader", term });
    const proposal = world.propose(removed, "through others");
    world.runFor(seconds(3));
    expect(world.answers.get(proposal)).toMatchObject({ ok: true });
  });

  it("goes on under a new leader when the old one dies half-way", () => {
    const world = started(4);
    const leader = world.leader() ?? "";
    world.reconfigure(
      leader,
      [..."abcde"].filter((node) => node !== leader),
    );
    world.crash(leader);
    world.runFor(seconds(3));
    const next = world.leader() ?? "";
    expect(world.status(next).outgoing).toEqual([]);
    const proposal = world.propose(next, "x");
    world.runFor(seconds(2));
    expect(world.answers.get(proposal)).toMatchObject({ ok: true });
  });
});
