// This node as a client of its group: exactly once, one answer each, and no wrong one.
import { describe, expect, it } from "vitest";
import { sessionCommandCodec } from "#main/kernel/sessions.ts";
import { toBytes } from "#main/kernel/testing/append-log.ts";
import { ms, seconds } from "#main/kernel/time.ts";
import { WireWriter } from "#main/kernel/wire.ts";
import { makeEntry } from "./entry.ts";
import { RaftWorld } from "./testing/raft-world.ts";
import { Solo } from "./testing/solo.ts";

/** A follower of `b` whose session is open. */
function following(): { solo: Solo; session: string } {
  const solo = new Solo();
  solo.appendFrom("b", 1, { terms: [1], commit: 1 });
  solo.propose("first");
  const client = solo.sent("forward", "b")[0]?.commands[0]?.client ?? "";
  const answer = { kind: "answer", outcome: "result", result: new Uint8Array(0) } as const;
  solo.receive("b", { ...answer, client, sequence: 0, index: 2 });
  const session = solo.sent("forward", "b")[0]?.commands[0]?.client ?? "";
  solo.receive("b", { ...answer, client: session, sequence: 1, index: 3 });
  return { solo, session };
}

const retry = (solo: Solo) => {
  solo.wait(500).receive("b", { kind: "heartbeat", term: 1, commit: 1, round: 1 });
  return solo.step({ kind: "timer", now: solo.now, timer: "requests" });
};

describe("sessions", () => {
  it("a session is opened through the log, under the index of its entry", () => {
    const { solo, session } = following();
    expect(session).toBe(`a/${(1_001).toString(36)}@2`);
    expect(solo.outcome(1)).toMatchObject({ ok: true, index: 3 });
  });

  it("a repeated command keeps its sequence, at the next leader too", () => {
    const { solo, session } = following();
    solo.propose("second");
    expect(solo.sent("forward", "b")[0]?.commands).toMatchObject([{ sequence: 2, answered: 1 }]);
    retry(solo);
    expect(solo.sent("forward", "b")[0]?.commands).toMatchObject([
      { client: session, sequence: 2 },
    ]);
    solo.receive("c", { kind: "heartbeat", term: 2, commit: 1, round: 1 });
    expect(solo.sent("forward", "c")[0]?.commands).toMatchObject([
      { client: session, sequence: 2 },
    ]);
  });

  it("two copies in the log are executed once, and both answers are the first one", () => {
    const solo = new Solo();
    const writer = new WireWriter();
    const command = (sequence: number, client: string, index: number) => {
      const body = { client, sequence, answered: 0, command: toBytes("x") };
      sessionCommandCodec.encode(writer.reset(), body);
      const data = writer.finish();
      return makeEntry({ index, term: 1, time: 1, kind: "command", data });
    };
    const entries = [command(0, "z", 1), command(1, "z@1", 2), command(1, "z@1", 3)];
    const at = { term: 1, prevIndex: 0, prevTerm: 0, commit: 3 };
    solo.receive("b", { kind: "append", ...at, entries });
    expect(solo.app.entries).toEqual(["x"]);
  });

  it("an opening that comes twice opens two sessions: neither revives the other", () => {
    const solo = new Solo();
    const writer = new WireWriter();
    const run = [0, 1, 0, 1].map((sequence, i) => {
      const client = sequence === 0 ? "z" : "z@9";
      const body = { client, sequence, answered: 0, command: toBytes("x") };
      sessionCommandCodec.encode(writer.reset(), body);
      const data = writer.finish();
      return makeEntry({ index: i + 1, term: 1, time: 1, kind: "command", data });
    });
    const at = { term: 1, prevIndex: 0, prevTerm: 0, commit: 4 };
    solo.receive("b", { kind: "append", ...at, entries: run });
    expect(solo.app.entries).toEqual([]);
  });

  it("a session that the group forgot ends a command as unknown, and the next opens anew", () => {
    const { solo, session } = following();
    const request = solo.propose("second");
    const answer = { kind: "answer", outcome: "expired", result: new Uint8Array(0) } as const;
    solo.receive("b", { ...answer, client: session, sequence: 2, index: 9 });
    expect(solo.outcome(request)).toMatchObject({ ok: false, code: "unknown" });
    solo.propose("third");
    expect(solo.sent("forward", "b")[0]?.commands).toMatchObject([{ sequence: 0 }]);
  });

  it("each life has a session of its own", () => {
    const first = new Solo();
    const later = new Solo({ restore: first.records });
    later.now += 5;
    const names = [first, later].map((solo, i) => {
      solo.now += i;
      solo.step({ kind: "start", now: solo.now });
      solo.appendFrom("b", 1, { terms: [1] });
      solo.propose("x");
      return solo.sent("forward", "b")[0]?.commands[0]?.client;
    });
    expect(names[0]).not.toBe(names[1]);
  });

  it("the leader appends no second copy of what its log holds", () => {
    const solo = new Solo().lead("b");
    solo.acknowledge("b");
    const open = { client: "c/1", sequence: 0, answered: 0, command: toBytes("") };
    solo.receive("c", { kind: "forward", commands: [open] });
    solo.receive("c", { kind: "forward", commands: [open] });
    expect(solo.status.last).toBe(2);
    solo.acknowledge("b");
    expect(solo.sent("answer", "c")).toHaveLength(1);
    solo.receive("c", { kind: "forward", commands: [open] });
    expect(solo.status.last).toBe(3);
  });

  it("commands that come together are one record and one message a member", () => {
    const solo = new Solo().lead("b");
    solo.acknowledge("b");
    const records = solo.records.length;
    const commands = Array.from({ length: 20 }, (_, i) => ({
      client: "c/1@2",
      sequence: i + 1,
      answered: 0,
      command: toBytes("x"),
    }));
    solo.receive("c", { kind: "forward", commands });
    expect(solo.records.length).toBe(records + 1);
    expect(solo.sent("append", "b")).toMatchObject([{ entries: { length: 20 } }]);
  });
});

describe("answers", () => {
  it("no leader, and nothing sent: certain", () => {
    const solo = new Solo();
    const request = solo.propose("x");
    solo.wait(5_000).step({ kind: "timer", now: solo.now, timer: "requests" });
    expect(solo.outcome(request)).toMatchObject({ ok: false, code: "no-leader" });
  });

  it("sent and not answered: unknown", () => {
    const { solo } = following();
    const request = solo.propose("x");
    solo.wait(5_000).step({ kind: "timer", now: solo.now, timer: "requests" });
    expect(solo.outcome(request)).toMatchObject({ ok: false, code: "unknown" });
  });

  it("what a node that becomes read-only never sent is refused, what it sent is not", () => {
    const { solo } = following();
    const sent = solo.propose("sent");
    const alone = new Solo();
    const kept = alone.propose("kept");
    for (const one of [solo, alone]) {
      one.step({ kind: "writable", now: one.now, writable: false });
    }
    expect(alone.outcome(kept)).toMatchObject({ code: "read-only" });
    expect(solo.outcome(sent)).toBeUndefined();
  });

  it("a read-only leader takes nothing of others: they repeat it until it may", () => {
    const solo = new Solo().lead("b");
    solo.acknowledge("b");
    solo.step({ kind: "writable", now: solo.now, writable: false });
    const open = { client: "c/1", sequence: 0, answered: 0, command: toBytes("") };
    solo.receive("c", { kind: "forward", commands: [open] });
    expect(solo.letters).toEqual([]);
    expect(solo.status.last).toBe(1);
  });

  it("too many at once are refused as busy", () => {
    const solo = new Solo({ raft: { maxPendingRequests: 2 } });
    const requests = [solo.propose("1"), solo.propose("2"), solo.propose("3")];
    expect(requests.map((request) => solo.outcome(request)?.ok)).toEqual([
      undefined,
      undefined,
      false,
    ]);
    expect(solo.outcome(requests[2] ?? 0)).toMatchObject({ code: "busy" });
  });
});

describe("nodes outside of the group", () => {
  it("ask members for the leader, one after the other, and carry requests to it", () => {
    const world = new RaftWorld({ seed: 8, members: [..."abc"] });
    world.start("g");
    world.runFor(seconds(1));
    world.crash("a");
    world.runFor(seconds(1));
    const proposal = world.propose("g", "from the gateway");
    world.runFor(seconds(3));
    expect(world.answers.get(proposal)).toMatchObject({ ok: true });
    const read = world.read("g");
    world.runFor(seconds(1));
    expect(world.answers.get(read)).toMatchObject({
      ok: true,
      result: toBytes("from the gateway"),
    });
    expect(world.status("g")).toMatchObject({ role: "peer", last: 0, timers: [] });
  });

  it("are idle when they are not asked for anything", () => {
    const solo = new Solo({ self: "g" });
    expect(solo.timers.size).toBe(0);
    expect(solo.letters).toEqual([]);
  });
});

it("log time never falls under leaders with clocks apart", () => {
  const solo = new Solo().lead("b");
  const late = makeEntry({ index: 1, term: 1, time: ms(1e9), kind: "no-op", data: toBytes("") });
  const next = new Solo();
  next.receive("b", {
    kind: "append",
    term: 1,
    prevIndex: 0,
    prevTerm: 0,
    commit: 0,
    entries: [late],
  });
  next.wait(500).lead("c");
  const [record] = next.records.slice(-1);
  expect(record).toMatchObject({ kind: "entries", entries: [{ time: ms(1e9) }] });
  expect(solo.status.last).toBe(1);
});
