// One test per promise of README.md, and per promise that it does not make.
import { describe, expect, it } from "vitest";
import type { NodeId } from "#main/kernel/machine.ts";
import { ms, seconds } from "#main/kernel/time.ts";
import type { EpidemicOptions } from "./options.ts";
import { EpidemicMesh } from "./testing/epidemic-mesh.ts";

const QUICK: Partial<EpidemicOptions> = { gossipIntervalMs: 20, antiEntropyIntervalMs: 200 };
const FAR = seconds(60);

function settled(size: number, options: Partial<EpidemicOptions> = {}): EpidemicMesh {
  const mesh = new EpidemicMesh(size, { ...QUICK, ...options });
  mesh.runFor(ms(500));
  return mesh;
}

function holders(mesh: EpidemicMesh, origin: NodeId, sequence: number): number {
  const isIt = (one: { origin: NodeId; sequence: number }) =>
    one.origin === origin && one.sequence === sequence;
  return mesh.ids.filter((id) =>
    (mesh.disks.get(id) ?? []).some((record) => record.proposals.some(isIt)),
  ).length;
}

describe("an answer of ok", () => {
  it("comes when a majority has the proposal on disk, not sooner", () => {
    const mesh = settled(5);
    const request = mesh.propose("n1", "a");
    let before = 0;
    while (mesh.answer(request) === undefined) {
      before = holders(mesh, "n1", 1);
      mesh.runFor(ms(1));
    }
    expect(mesh.answer(request)).toMatchObject({ ok: true, index: 1 });
    expect(holders(mesh, "n1", 1)).toBeGreaterThanOrEqual(3);
    expect(before).toBeGreaterThan(0);
  });

  it("never comes on the side of a cut without a majority of all members", () => {
    const mesh = settled(5, { requestTimeoutMs: 2_000 });
    // Whoever is left believes to be the whole world: the majority is not counted over the living.
    mesh.live = () => ["n1", "n2"];
    mesh.split(["n1", "n2"], ["n3", "n4", "n5"]);
    const request = mesh.propose("n1", "a");
    mesh.runFor(seconds(3));
    expect(mesh.answers(request)).toMatchObject([{ ok: false, code: "unknown" }]);
    expect(mesh.entries("n1")).toEqual([]);
  });

  it("may still come true after unknown: the proposal spreads when the cut heals", () => {
    const mesh = settled(5, { requestTimeoutMs: 500 });
    mesh.split(["n1"], ["n2", "n3", "n4", "n5"]);
    const request = mesh.propose("n1", "a");
    mesh.runFor(seconds(1));
    expect(mesh.answer(request)).toMatchObject({ code: "unknown" });
    mesh.heal();
    mesh.runFor(seconds(3));
    expect(mesh.ids.map((id) => mesh.entries(id))).toEqual(mesh.ids.map(() => ["a"]));
  });

  it("outlives the death of every minority", () => {
    const mesh = settled(5, { patienceMs: 0 });
    mesh.split(["n1", "n2", "n3"], ["n4", "n5"]);
    const request = mesh.propose("n1", "kept");
    mesh.runFor(seconds(1));
    expect(mesh.answer(request)).toMatchObject({ ok: true });
    mesh.kill("n1");
    mesh.kill("n2");
    mesh.heal();
    mesh.runFor(seconds(3));
    for (const id of ["n3", "n4", "n5"]) {
      expect(mesh.entries(id)).toEqual(["kept"]);
    }
  });
});

describe("the order", () => {
  it("is that of Lamport times, then names, and nobody has to take anything back in quiet", () => {
    const mesh = settled(5);
    for (const id of [...mesh.ids].reverse()) {
      mesh.propose(id, id);
    }
    mesh.runFor(seconds(2));
    for (const id of mesh.ids) {
      expect(mesh.entries(id)).toEqual(mesh.ids);
    }
    expect(mesh.of("truncated")).toEqual([]);
  });

  it("puts what was seen before what was proposed in the light of it", () => {
    const mesh = settled(5);
    mesh.propose("n5", "cause");
    mesh.runFor(seconds(1));
    mesh.propose("n1", "effect");
    mesh.runFor(seconds(1));
    expect(mesh.entries("n3")).toEqual(["cause", "effect"]);
  });

  it("has a log time that never goes back, even where a member's clock is behind", () => {
    const mesh = settled(3);
    mesh.propose("n1", "a");
    mesh.runFor(seconds(1));
    const slow = { kind: "propose", now: ms(1), request: 77, command: Uint8Array.of(98) } as const;
    mesh.input("n2", slow);
    mesh.runFor(seconds(1));
    for (const id of mesh.ids) {
      expect(mesh.apps.get(id)?.times).toEqual([ms(500), ms(500)]);
    }
  });

  it("changes for a late proposal: executed ones are undone, openly, and executed again", () => {
    const mesh = settled(5, { patienceMs: 0, closeAfterMs: FAR });
    mesh.split(["n1", "n2"], ["n3", "n4", "n5"]);
    mesh.propose("n1", "late");
    mesh.propose("n3", "a");
    mesh.runFor(ms(300));
    mesh.propose("n4", "b");
    mesh.runFor(seconds(1));
    expect(mesh.entries("n3")).toEqual(["a", "b"]);
    mesh.heal();
    mesh.runFor(seconds(2));
    for (const id of mesh.ids) {
      expect(mesh.entries(id)).toEqual(["late", "a", "b"]);
    }
    expect(mesh.of("truncated", "n3").map(({ event }) => event)).toEqual([
      { kind: "truncated", from: 1, to: 2 },
    ]);
    const applied = mesh.of("applied", "n3").map(({ event }) => event.index);
    expect(applied).toEqual([1, 2, 1, 2, 3]);
  });

  it("does not change any more once a majority closed it: who comes late is put at the end", () => {
    const mesh = settled(5, { patienceMs: 0, closeAfterMs: 200 });
    mesh.split(["n1", "n2"], ["n3", "n4", "n5"]);
    mesh.propose("n1", "late");
    mesh.propose("n3", "a");
    mesh.runFor(ms(300));
    mesh.propose("n4", "b");
    mesh.runFor(seconds(2));
    mesh.heal();
    mesh.runFor(seconds(3));
    for (const id of mesh.ids) {
      expect(mesh.entries(id)).toEqual(["a", "b", "late"]);
    }
    expect(mesh.of("truncated", "n3")).toEqual([]);
    // The place it gave up does not come back with the disk.
    mesh.kill("n1");
    mesh.drop = () => true;
    mesh.boot("n1");
    expect(mesh.entries("n1")).toEqual(["a", "b", "late"]);
  });

  it("reaches who never heard of a proposal that was made again", () => {
    const mesh = settled(5, { patienceMs: 0, closeAfterMs: 200 });
    mesh.split(["n1"], ["n2", "n3", "n4"], ["n5"]);
    mesh.propose("n1", "late");
    mesh.propose("n2", "a");
    mesh.runFor(seconds(1));
    mesh.split(["n1", "n2", "n3", "n4"], ["n5"]);
    mesh.runFor(seconds(2));
    mesh.heal();
    mesh.runFor(seconds(2));
    expect(mesh.entries("n5")).toEqual(mesh.entries("n2"));
    expect([...mesh.entries("n5")].sort()).toEqual(["a", "late"]);
  });

  it("keeps an acknowledged proposal that two of five had voted without", () => {
    const mesh = settled(5, { patienceMs: 0, closeAfterMs: 400 });
    mesh.split(["n1", "n2", "n3"], ["n4"], ["n5"]);
    const request = mesh.propose("n5", "early");
    mesh.propose("n1", "a");
    mesh.propose("n1", "b");
    mesh.runFor(ms(200));
    mesh.split(["n1", "n5"], ["n2", "n3"], ["n4"]);
    mesh.runFor(seconds(1));
    expect(mesh.answer(request)).toBeUndefined();
    mesh.split(["n1", "n2", "n3"], ["n4", "n5"]);
    mesh.runFor(seconds(1));
    expect(mesh.answer(request)).toMatchObject({ ok: true, index: 2 });
    mesh.kill("n5");
    mesh.heal();
    mesh.runFor(seconds(3));
    for (const id of ["n1", "n2", "n3", "n4"]) {
      expect(mesh.entries(id)).toEqual(["a", "early", "b"]);
    }
  });

  it("answers the request of a proposal that had to be made again, once", () => {
    const mesh = settled(5, { patienceMs: 0, closeAfterMs: 200, requestTimeoutMs: 9_000 });
    mesh.split(["n1", "n2"], ["n3", "n4", "n5"]);
    const request = mesh.propose("n1", "late");
    mesh.propose("n3", "a");
    mesh.runFor(seconds(2));
    mesh.heal();
    mesh.runFor(seconds(9));
    expect(mesh.answers(request)).toMatchObject([{ ok: true, index: 2 }]);
  });

  it("is found even when half voted without what the other half holds", () => {
    const mesh = settled(6, { patienceMs: 0, closeAfterMs: 200 });
    // n4 to n6 get nothing of n1; n1 to n3 only stop hearing when they hold what the others make.
    mesh.drop = (from, to) => "n1 n2 n3".includes(from) && "n4 n5 n6".includes(to);
    mesh.propose("n1", "one-sided");
    mesh.runFor(ms(100));
    mesh.split(["n1"], ["n2", "n3"], ["n4", "n5", "n6"]);
    mesh.propose("n4", "other");
    mesh.runFor(seconds(1));
    mesh.heal();
    mesh.runFor(seconds(4));
    const [first] = mesh.ids.map((id) => mesh.entries(id));
    expect([...(first ?? [])].sort()).toEqual(["one-sided", "other"]);
    for (const id of mesh.ids) {
      expect(mesh.entries(id)).toEqual(first);
    }
  });

  it("waits no longer than its patience for members that are silent", () => {
    const mesh = settled(5, { patienceMs: 700 });
    mesh.kill("n5");
    const request = mesh.propose("n1", "a");
    mesh.runFor(ms(600));
    expect(mesh.answer(request)).toBeUndefined();
    mesh.runFor(ms(500));
    expect(mesh.answer(request)).toMatchObject({ ok: true });
  });

  it("does not wait at all for members that are said to be dead", () => {
    const mesh = settled(5, { patienceMs: 5_000 });
    mesh.kill("n5");
    mesh.live = () => ["n1", "n2", "n3", "n4"];
    const request = mesh.propose("n1", "a");
    mesh.runFor(ms(600));
    expect(mesh.answer(request)).toMatchObject({ ok: true });
  });
});

describe("disks", () => {
  it("nothing leaves a step before its proposal is written", () => {
    const mesh = settled(3);
    const sentBefore = mesh.sent.length;
    mesh.diskWorks = false;
    mesh.propose("n1", "a");
    expect(mesh.sent.slice(sentBefore)).toEqual([]);
  });

  it("a vote outlives its voter: what was closed is executed at the start of the next life", () => {
    const mesh = settled(3);
    mesh.propose("n1", "a");
    mesh.propose("n2", "b");
    mesh.runFor(seconds(1));
    mesh.kill("n3");
    mesh.drop = () => true;
    mesh.boot("n3");
    expect(mesh.entries("n3")).toEqual(["a", "b"]);
  });

  it("a member whose disk was wiped gets all back and uses none of its numbers again", () => {
    const mesh = settled(3);
    mesh.propose("n1", "first");
    mesh.runFor(seconds(1));
    mesh.kill("n1");
    mesh.wipe("n1");
    mesh.boot("n1");
    const early = mesh.propose("n1", "too early");
    expect(mesh.answer(early)).toMatchObject({ ok: false, code: "busy" });
    mesh.runFor(seconds(1));
    mesh.propose("n1", "second");
    mesh.runFor(seconds(1));
    for (const id of mesh.ids) {
      expect(mesh.entries(id)).toEqual(["first", "second"]);
    }
    expect(holders(mesh, "n1", 2)).toBe(3);
  });
});

describe("numbers", () => {
  it("that others have only heard of are not used again after a disk was lost", () => {
    const mesh = settled(3, { messageBytes: 1 });
    let passed = 0;
    mesh.drop = (from, to) => !(from === "n1" && to === "n2" && passed++ === 0);
    mesh.input("n1", { kind: "writable", now: mesh.now, writable: true });
    mesh.propose("n1", "a");
    passed = 0;
    mesh.propose("n1", "b");
    mesh.runFor(ms(100));
    mesh.kill("n1");
    mesh.wipe("n1");
    mesh.heal();
    mesh.boot("n1");
    mesh.runFor(seconds(1));
    mesh.propose("n1", "c");
    mesh.runFor(seconds(1));
    expect(holders(mesh, "n1", 3)).toBe(3);
    expect(mesh.entries("n3")).toEqual(["a", "c"]);
  });
});

describe("memory", () => {
  it("of one member's undecided proposals there are at most a window, then it is busy", () => {
    const mesh = settled(3, { windowPerOrigin: 4 });
    mesh.split(["n1"], ["n2"], ["n3"]);
    const requests = [1, 2, 3, 4, 5].map((i) => mesh.propose("n1", `${i}`));
    expect(mesh.answer(requests[4] ?? 0)).toMatchObject({ ok: false, code: "busy" });
    expect(mesh.answer(requests[3] ?? 0)).toBeUndefined();
    expect(mesh.node("n1").status().last).toBe(4);
  });

  it("is freed by checkpoints: any number of proposals passes through a small window", () => {
    const mesh = settled(3, { windowPerOrigin: 8, checkpointEvery: 4, requestTimeoutMs: 60_000 });
    let refused = 0;
    for (let i = 0; i < 60; i++) {
      const request = mesh.propose("n1", `${i}`);
      mesh.runFor(ms(100));
      refused += Number(mesh.answer(request)?.ok === false);
    }
    mesh.runFor(seconds(2));
    expect(mesh.entries("n2")).toHaveLength(60 - refused);
    expect(refused).toBe(0);
    const { first, last } = mesh.node("n2").status();
    expect(last - first).toBeLessThan(24);
    expect(mesh.disks.get("n2")?.length).toBeLessThan(40);
  });

  it("a member that was away longer than the log reaches back gets a checkpoint in pieces", () => {
    const mesh = settled(3, { checkpointEvery: 2, patienceMs: 0, closeAfterMs: 100 });
    mesh.kill("n3");
    for (let i = 0; i < 6; i++) {
      mesh.propose("n1", `${i}`.repeat(20_000));
      mesh.runFor(ms(300));
    }
    mesh.runFor(seconds(1));
    mesh.boot("n3");
    mesh.runFor(seconds(2));
    expect(mesh.entries("n3")).toEqual(mesh.entries("n1"));
    expect(mesh.of("snapshot", "n3").map(({ event }) => event.how)).toContain("installed");
    expect(mesh.sent.filter(({ message }) => message.type === "chunk").length).toBeGreaterThan(2);
  });

  it("messages keep to their size, so a long backlog comes in several", () => {
    const mesh = settled(3, { messageBytes: 1_000 });
    mesh.split(["n1"], ["n2", "n3"]);
    for (let i = 0; i < 20; i++) {
      mesh.propose("n1", "x".repeat(200));
    }
    mesh.heal();
    mesh.runFor(seconds(2));
    expect(mesh.entries("n3")).toHaveLength(20);
    for (const { message } of mesh.sent) {
      expect(message.type === "gossip" ? message.proposals.length : 0).toBeLessThanOrEqual(3);
    }
  });
});

describe("reads", () => {
  it("tell what is executed here, which may be behind: they are not linearizable", () => {
    const mesh = settled(5, { patienceMs: 0 });
    mesh.split(["n1"], ["n2", "n3", "n4", "n5"]);
    mesh.propose("n2", "new");
    mesh.runFor(seconds(1));
    expect(mesh.entries("n2")).toEqual(["new"]);
    mesh.input("n1", { kind: "read", now: mesh.now, request: 99, query: new Uint8Array(0) });
    expect(mesh.answer(99)).toMatchObject({ ok: true, index: 0, result: new Uint8Array(0) });
  });
});

describe("strangers", () => {
  it("who has another list of members is told apart and not believed", () => {
    const [three, four] = [settled(3), settled(4)];
    four.propose("n1", "a");
    four.runFor(ms(200));
    const message = four.sent.findLast((one) => one.message.type === "gossip")?.message;
    expect(message).toBeDefined();
    if (message !== undefined) {
      three.input("n2", { kind: "message", now: three.now, from: "n1", message });
    }
    expect(three.of("rejected", "n2").at(-1)?.event).toMatchObject({ reason: "another group" });
    expect(three.node("n2").status().last).toBe(0);
  });
});
