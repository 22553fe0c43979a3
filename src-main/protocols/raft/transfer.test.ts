// Leadership transfer (dissertation section 3.10).
import { describe, expect, it } from "vitest";
import { recordsOf, Solo } from "./testing/solo.ts";
import { RaftWorld } from "./testing/raft-world.ts";
import { seconds } from "#main/kernel/time.ts";

function leading(raft = {}): Solo {
  const solo = new Solo({ learners: ["l"], raft }).lead("b");
  return solo.acknowledge("b");
}

describe("leader transfer", () => {
  it("tells a target that is caught up at once, and it campaigns without asking first", () => {
    const solo = leading();
    solo.order({ kind: "transfer", to: "b" });
    expect(solo.sent("timeout-now", "b")).toMatchObject([{ term: 1 }]);
    const target = new Solo({ self: "b" });
    target.appendFrom("a", 1, { terms: [1] });
    target.receive("a", { kind: "timeout-now", term: 1 });
    expect(target.status).toMatchObject({ role: "candidate", term: 2 });
    expect(target.sent("vote")).toMatchObject([{ force: true }, { force: true }]);
    expect(target.happened("role")).toMatchObject([{ reason: "transfer" }]);
  });

  it("waits until the target's log is as long as its own", () => {
    const solo = leading();
    solo.order({ kind: "transfer", to: "c" });
    expect(solo.sent("timeout-now")).toHaveLength(0);
    solo.acknowledge("c");
    expect(solo.sent("timeout-now", "c")).toHaveLength(1);
  });

  it("the veto of members that hear a leader does not hold against it", () => {
    const solo = new Solo({ self: "c" });
    solo.receive("a", { kind: "heartbeat", term: 1, commit: 0, round: 1 });
    const request = { kind: "vote", term: 2, ballot: 1, lastIndex: 1, lastTerm: 1 } as const;
    solo.receive("b", { ...request, force: false });
    expect(solo.sent("vote-reply")).toMatchObject([{ granted: false }]);
    solo.receive("b", { ...request, force: true });
    expect(solo.sent("vote-reply")).toMatchObject([{ granted: true }]);
  });

  it("refuses proposals meanwhile, and takes them again after an election timeout", () => {
    const solo = leading();
    const transfer = solo.order({ kind: "transfer", to: "c" });
    const refused = solo.propose("meanwhile");
    expect(solo.outcome(refused)).toMatchObject({ ok: false, code: "busy" });
    solo.wait(300).step({ kind: "timer", now: solo.now, timer: "transfer" });
    expect(solo.outcome(transfer)).toMatchObject({ ok: false, code: "busy" });
    const request = solo.propose("afterwards");
    solo.acknowledge("b").acknowledge("b");
    expect(solo.outcome(request)).toMatchObject({ ok: true });
  });

  it("is unknown, not failed, once the target was told", () => {
    const solo = leading();
    const transfer = solo.order({ kind: "transfer", to: "b" });
    solo.wait(300).step({ kind: "timer", now: solo.now, timer: "transfer" });
    expect(solo.outcome(transfer)).toMatchObject({ ok: false, code: "unknown" });
  });

  it.each(["a", "l", "nobody"])("to %s changes nothing", (to) => {
    const solo = leading();
    const request = solo.order({ kind: "transfer", to });
    expect(solo.outcome(request)).toMatchObject({ ok: false, code: "bad-change" });
    expect(solo.letters).toHaveLength(0);
    solo.propose("goes on");
    expect(solo.sent("append", "b")).toHaveLength(1);
  });

  it("a second one to the same target is refused, to another one it takes over", () => {
    const solo = leading();
    const first = solo.order({ kind: "transfer", to: "c" });
    const again = solo.order({ kind: "transfer", to: "c" });
    expect(solo.outcome(again)).toMatchObject({ code: "busy" });
    expect(solo.outcome(first)).toBeUndefined();
    solo.order({ kind: "transfer", to: "b" });
    expect(solo.outcome(first)).toMatchObject({ code: "busy" });
    expect(solo.sent("timeout-now", "b")).toHaveLength(1);
  });

  it("one that another takes over from is unknown once its target was told", () => {
    const solo = leading();
    const first = solo.order({ kind: "transfer", to: "b" });
    solo.order({ kind: "transfer", to: "c" });
    expect(solo.outcome(first)).toMatchObject({ ok: false, code: "unknown" });
  });

  it("a copy that the network made is not taken for a second order", () => {
    const solo = leading();
    const order = { kind: "ask", id: 7, ask: { order: "transfer", to: "b" } } as const;
    solo.receive("c", order);
    expect(solo.sent("timeout-now", "b")).toHaveLength(1);
    solo.receive("c", order);
    expect(solo.letters).toEqual([]);
    solo.receive("b", { kind: "heartbeat", term: 2, commit: 1, round: 1 });
    expect(solo.sent("ask-reply", "c")).toMatchObject([{ id: 7, outcome: { ok: true, index: 1 } }]);
    solo.receive("c", order);
    expect(solo.letters).toEqual([]);
  });

  it("is among the timers of a leader, and so is its next heartbeat", () => {
    const solo = leading();
    const names = () => solo.status.timers.map(({ timer }) => timer);
    expect(names()).toEqual(["heartbeat"]);
    solo.order({ kind: "transfer", to: "c" });
    expect(names()).toEqual(["heartbeat", "transfer"]);
    solo.receive("b", { kind: "heartbeat", term: 2, commit: 1, round: 1 });
    expect(names()).toEqual(["election"]);
  });

  it("a word to campaign from who does not lead, or of another term, is ignored", () => {
    const solo = new Solo({ restore: recordsOf([1], 3) });
    solo.receive("b", { kind: "timeout-now", term: 3 });
    solo.receive("b", { kind: "heartbeat", term: 4, commit: 0, round: 1 });
    solo.receive("c", { kind: "timeout-now", term: 4 });
    solo.receive("b", { kind: "timeout-now", term: 3 });
    expect(solo.status).toMatchObject({ role: "follower", term: 4 });
  });

  it("succeeds in a group, asked at any member, with the fittest if none is named", () => {
    const world = new RaftWorld({ seed: 3, members: [..."abcde"] });
    world.runFor(seconds(1));
    const before = world.leader() ?? "";
    const other = [..."abcde"].find((node) => node !== before) ?? "";
    const request = world.transfer(other, null);
    world.runFor(seconds(1));
    expect(world.answers.get(request)).toMatchObject({ ok: true });
    expect(world.leader()).not.toBe(before);
  });

  it("to a member that is down is given up, and the leader leads on", () => {
    const world = new RaftWorld({ seed: 4, members: [..."abc"] });
    world.runFor(seconds(1));
    const leader = world.leader() ?? "";
    const down = [..."abc"].find((node) => node !== leader) ?? "";
    world.crash(down);
    world.propose(leader, "it lacks this");
    const request = world.transfer(leader, down);
    world.runFor(seconds(1));
    expect(world.answers.get(request)?.ok).toBe(false);
    expect(world.leader()).toBe(leader);
  });
});
