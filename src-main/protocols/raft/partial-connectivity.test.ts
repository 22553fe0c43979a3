// Partial connectivity as in Cloudflare's outage of 2020 and in the OmniPaxos study: links fail,
// members do not.
import { describe, expect, it } from "vitest";
import { seconds } from "#main/kernel/time.ts";
import { RaftWorld } from "./testing/raft-world.ts";

const FIVE = [..."abcde"];

function started(members: readonly string[]): { world: RaftWorld; leader: string } {
  const world = new RaftWorld({ seed: 11, members });
  world.runFor(seconds(1));
  return { world, leader: world.leader() ?? "" };
}

/** Only these pairs may talk, in both directions. */
function connectOnly(world: RaftWorld, pairs: readonly (readonly [string, string])[]): void {
  const open = new Set(pairs.flatMap(([a, b]) => [`${a}${b}`, `${b}${a}`]));
  world.drop = (from, to) => !open.has(`${from}${to}`);
}

function expectAnswer(world: RaftWorld, node: string): void {
  const request = world.propose(node, `from ${node}`);
  world.runFor(seconds(5));
  expect(world.answers.get(request)).toMatchObject({ ok: true });
}

describe("quorum loss", () => {
  it("the only member that reaches a quorum becomes the leader", () => {
    const { world, leader } = started(FIVE);
    const hub = FIVE.find((node) => node !== leader) ?? "";
    // Everybody reaches the hub, the leader included, and nobody else.
    connectOnly(
      world,
      FIVE.filter((node) => node !== hub).map((node) => [hub, node]),
    );
    world.runFor(seconds(3));
    expect(world.leader()).toBe(hub);
    expectAnswer(world, hub);
  });
});

describe("chained", () => {
  it("a chain of three keeps a stable leader: its ends do not depose each other for ever", () => {
    const { world, leader } = started([..."abc"]);
    const [middle = "", end = ""] = [..."abc"].filter((node) => node !== leader);
    connectOnly(world, [
      [leader, middle],
      [middle, end],
    ]);
    world.runFor(seconds(2));
    const { term } = world.status(middle);
    world.runFor(seconds(5));
    expect(world.status(middle).term).toBe(term);
    expectAnswer(world, middle);
  });
});

describe("constrained election", () => {
  it("where the only connected member has an old log, it is safe and says truly: no leader", () => {
    const { world, leader } = started(FIVE);
    const hub = FIVE.find((node) => node !== leader) ?? "";
    world.drop = (from, to) => from === hub || to === hub;
    expectAnswer(world, leader);
    world.crash(leader);
    connectOnly(
      world,
      FIVE.filter((node) => node !== hub).map((node) => [hub, node]),
    );
    world.runFor(seconds(3));
    for (const node of world.running) {
      expect(world.status(node)).toMatchObject({ leader: null });
      expect(world.status(node).role).not.toBe("leader");
    }
    const request = world.propose(hub, "nobody can order this");
    world.runFor(seconds(6));
    expect(world.answers.get(request)).toMatchObject({ ok: false, code: "no-leader" });
  });
});

describe("one-way links", () => {
  it("a leader that nobody hears is deposed, and learns it", () => {
    const { world, leader } = started(FIVE);
    world.drop = (from) => from === leader;
    world.runFor(seconds(2));
    expect(world.status(leader).role).not.toBe("leader");
    const next = world.leader() ?? "";
    expect(next).not.toBe(leader);
    expectAnswer(world, next);
  });

  it("a leader that hears nobody steps down", () => {
    const { world, leader } = started(FIVE);
    world.drop = (_, to) => to === leader;
    world.runFor(seconds(2));
    expect(world.status(leader).role).not.toBe("leader");
    expect(world.leader()).toBeDefined();
  });
});

describe("a minority", () => {
  it("comes back without deposing the leader", () => {
    const { world, leader } = started(FIVE);
    const minority = FIVE.filter((node) => node !== leader).slice(0, 2);
    world.drop = (from, to) => minority.includes(from) !== minority.includes(to);
    world.runFor(seconds(5));
    const { term } = world.status(leader);
    world.drop = () => false;
    world.runFor(seconds(2));
    expect(world.status(leader)).toMatchObject({ role: "leader", term });
  });

  it("with the old leader in it serves nobody, and loses what it had not agreed", () => {
    const { world, leader } = started(FIVE);
    expectAnswer(world, leader);
    const minority = [leader, FIVE.find((node) => node !== leader) ?? ""];
    world.drop = (from, to) => minority.includes(from) !== minority.includes(to);
    const stale = world.propose(leader, "too late");
    const read = world.read(leader);
    world.runFor(seconds(6));
    expect(world.answers.get(stale)).toMatchObject({ ok: false, code: "unknown" });
    expect(world.answers.get(read)?.ok).toBe(false);
    const other = FIVE.find((node) => !minority.includes(node)) ?? "";
    expectAnswer(world, other);
    world.drop = () => false;
    world.runFor(seconds(2));
    world.checkLogs();
    expect(world.app(leader).entries).toEqual([`from ${leader}`, `from ${other}`]);
  });
});
