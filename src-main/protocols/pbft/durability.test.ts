// Checkpoints, state transfer, retransmission, restarts and lost disks. References: Castro and
// Liskov, OSDI'99, section 4.3; what the paper leaves out is described in the README.
import { describe, expect, it } from "vitest";
import { ms, seconds } from "#main/kernel/time.ts";
import { batchDigest, NULL_DIGEST } from "./digest.ts";
import { PbftMesh, signAs } from "./testing/pbft-mesh.ts";
import type { PbftMessage, Vote } from "./types.ts";

const small = { checkpointEvery: 4, window: 8, pageBytes: 64 };

function run(mesh: PbftMesh, node: string, from: number, to: number): void {
  for (let i = from; i < to; i++) {
    expect(mesh.commit(node, `c${i}`)).toMatchObject({ ok: true });
  }
}

function expectSame(mesh: PbftMesh, nodes: readonly string[]): void {
  const lists = nodes.map((node) => mesh.entries(node).join());
  expect(new Set(lists).size).toBe(1);
  expect(mesh.disagreement()).toBeNull();
}

describe("checkpoints", () => {
  it("are taken every K numbers, stable with a quorum, and then the log is cut", () => {
    const mesh = new PbftMesh(4, small);
    run(mesh, "r1", 0, 9);
    mesh.runFor(seconds(1));
    for (const node of mesh.members) {
      expect(mesh.machine(node).status()).toMatchObject({ first: 9, snapshot: { index: 8 } });
      expect(mesh.machine(node).kept).toMatchObject({ slots: 2, checkpoints: 0 });
    }
    const taken = mesh.world.of("snapshot", "r0").map(({ event }) => [event.how, event.index]);
    expect(taken).toEqual([
      ["taken", 4],
      ["taken", 8],
    ]);
  });

  it("with less than a quorum of equal digests are not stable, and the window ends", () => {
    const mesh = new PbftMesh(4, { ...small, viewTimeoutMs: 100_000, viewTimeoutMaxMs: 100_000 });
    mesh.world.drop = (_from, _to, { type }) => type === "checkpoint";
    for (let i = 0; i < 12; i++) {
      mesh.propose("r1", `c${i}`);
    }
    mesh.runFor(seconds(2));
    for (const node of mesh.members) {
      expect(mesh.machine(node).status()).toMatchObject({ first: 1, applied: 8, snapshot: null });
    }
    mesh.world.drop = () => false;
    mesh.runFor(seconds(2));
    expect(mesh.entries("r3")).toHaveLength(12);
  });

  it("a wrong digest of one replica changes nothing", () => {
    const mesh = new PbftMesh(4, small);
    mesh.traitors.set("r3", (_to, message) =>
      message.type === "checkpoint"
        ? [signAs("r3", { ...message, digest: NULL_DIGEST })]
        : [message],
    );
    run(mesh, "r1", 0, 9);
    mesh.runFor(seconds(1));
    for (const node of mesh.correct) {
      expect(mesh.machine(node).status().first).toBe(9);
    }
  });

  it("a quorum of different digests is none", () => {
    const mesh = new PbftMesh(4, small);
    mesh.world.drop = (_from, _to, { type }) => type === "checkpoint";
    run(mesh, "r1", 0, 3);
    mesh.runFor(ms(50));
    const own = mesh.sent("checkpoint", "r0")[0]?.message as PbftMessage;
    expect(own).toMatchObject({ sequence: 4 });
    const lie = { type: "checkpoint", view: 0, sequence: 4, digest: NULL_DIGEST } as const;
    mesh.deliver("r0", "r1", own);
    mesh.deliver("r3", "r1", signAs("r3", { ...lie, sender: "r3" }));
    expect(mesh.machine("r1").status().snapshot).toBeNull();
    mesh.deliver("r2", "r1", mesh.sent("checkpoint", "r2")[0]?.message as PbftMessage);
    expect(mesh.machine("r1").status().snapshot).toMatchObject({ index: 4 });
  });

  it("two digests of one replica for one number are evidence", () => {
    const mesh = new PbftMesh(4, small);
    for (const digest of [NULL_DIGEST, "00".repeat(32)]) {
      const checkpoint = {
        type: "checkpoint",
        view: 0,
        sequence: 4,
        sender: "r3",
        digest,
      } as const;
      mesh.deliver("r3", "r1", signAs("r3", checkpoint));
    }
    expect(mesh.machine("r1").evidence).toMatchObject([
      { accused: "r3", fault: "conflicting-checkpoint" },
    ]);
  });

  it("where none is due, or badly signed, are dropped", () => {
    const mesh = new PbftMesh(4, small);
    const checkpoint = { type: "checkpoint", view: 0, sender: "r3", digest: NULL_DIGEST } as const;
    mesh.deliver("r3", "r0", signAs("r3", { ...checkpoint, sequence: 3 }));
    mesh.deliver("r2", "r0", { ...signAs("r3", { ...checkpoint, sequence: 4 }), sequence: 8 });
    expect(mesh.reasons("r0")).toEqual([
      "a checkpoint where none is due",
      "bad signature of a checkpoint",
    ]);
  });
});

describe("a flood of well signed messages by one replica", () => {
  it("takes a bounded amount of memory", () => {
    const mesh = new PbftMesh(4, {
      ...small,
      statusIntervalMs: 3_600_000,
      idleStatusIntervalMs: 3_600_000,
    });
    const sender = "r3";
    const digests = Array.from({ length: 16 }, (_, i) => i.toString(16).repeat(64));
    for (let i = 0; i < 4_000; i++) {
      const digest = digests[i % 16] ?? "";
      const [view, sequence] = [i % 7, i % 100];
      const checkpoint = {
        type: "checkpoint",
        view: 0,
        sequence: 4 * (i % 50),
        sender,
        digest,
      } as const;
      const demand = {
        type: "view-change",
        view: 1 + i,
        sequence: 0,
        sender,
        stable: null,
        prepared: [],
      } as const;
      const request = {
        type: "request",
        view: 0,
        sequence: 1 + i,
        sender,
        life: 0,
        answered: 0,
        operation: "command",
        payload: new Uint8Array(8),
      } as const;
      const messages: PbftMessage[] = [
        signAs(sender, { type: "prepare", view, sequence, sender, digest }),
        signAs(sender, { type: "commit", view, sequence, sender, digest }),
        signAs(sender, checkpoint),
        signAs(sender, demand),
        signAs(sender, request),
      ];
      for (const message of messages) {
        mesh.deliver(sender, "r1", message);
      }
    }
    const { kept } = mesh.machine("r1");
    expect(kept["slots"]).toBeLessThanOrEqual(8);
    expect(kept["votes"]).toBeLessThanOrEqual(2 * 8);
    expect(kept["early"]).toBeLessThanOrEqual(256);
    expect(kept["checkpoints"]).toBeLessThanOrEqual(2);
    expect(kept["viewChanges"]).toBeLessThanOrEqual(1);
    expect(kept["requests"]).toBeLessThanOrEqual(256);
    expect(kept["evidence"]).toBeLessThanOrEqual(64);
  });
});

describe("state transfer", () => {
  it("brings a replica that missed checkpoints back, page by page", () => {
    const mesh = new PbftMesh(4, small);
    mesh.world.drop = (from, to) => from === "r3" || to === "r3";
    run(mesh, "r1", 0, 30);
    mesh.world.drop = () => false;
    mesh.runFor(seconds(6));
    expectSame(mesh, mesh.members);
    const installed = mesh.world
      .of("snapshot", "r3")
      .filter(({ event }) => event.how === "installed");
    expect(installed).toHaveLength(1);
    expect(mesh.sent("page").filter(({ to }) => to === "r3").length).toBeGreaterThan(3);
    run(mesh, "r3", 30, 32);
    expectSame(mesh, mesh.members);
  });

  it("is not deceived by a source that alters pages or makes up a checkpoint", () => {
    const mesh = new PbftMesh(4, small);
    mesh.traitors.set("r1", (_to, message) => {
      if (message.type === "page") {
        return [signAs("r1", { ...message, bytes: Uint8Array.from([...message.bytes, 1]) })];
      }
      if (message.type === "stable") {
        const certificate = { ...message.certificate, sequence: 400 };
        return [signAs("r1", { ...message, sequence: 400, certificate })];
      }
      return [message];
    });
    mesh.world.drop = (from, to) => from === "r3" || to === "r3";
    run(mesh, "r2", 0, 30);
    mesh.world.drop = () => false;
    mesh.runFor(seconds(12));
    expectSame(mesh, ["r0", "r2", "r3"]);
    expect(mesh.reasons("r3")).toContain("a stable checkpoint without proof");
    expect(mesh.reasons("r3")).toContain("a page of a state that is not the agreed one");
  });

  it("carries the answers: a request repeated behind it is not executed again", () => {
    const mesh = new PbftMesh(4, small);
    mesh.world.drop = (from, to) => from === "r3" || to === "r3";
    run(mesh, "r1", 0, 16);
    const requests = mesh.sent("request", "r1").map(({ message }) => message);
    mesh.world.drop = () => false;
    mesh.runFor(seconds(6));
    for (const request of requests) {
      for (const to of ["r0", "r2", "r3"]) {
        mesh.deliver("r1", to, request);
      }
    }
    mesh.runFor(seconds(3));
    expectSame(mesh, mesh.members);
    expect(mesh.entries("r3")).toHaveLength(16);
  });
});

describe("lost messages", () => {
  it.each([["pre-prepare"], ["prepare"], ["commit"], ["request"], ["reply"]])(
    "of type %s are sent again: the first copy of every one is lost",
    (type) => {
      const mesh = new PbftMesh(4, { requestTimeoutMs: 30_000 });
      const seen = new Set<string>();
      mesh.world.drop = (from, to, message) => {
        const key = `${from} ${to} ${message.type} ${message.view} ${message.sequence}`;
        const lost = message.type === type && !seen.has(key);
        seen.add(key);
        return lost;
      };
      const request = mesh.propose("r1", "x");
      mesh.runFor(seconds(8));
      expect(mesh.outcome(request)).toMatchObject({ ok: true });
      mesh.runFor(seconds(5));
      expectSame(mesh, mesh.members);
    },
  );

  it("the requests behind an order that came by its digest alone are asked for", () => {
    const mesh = new PbftMesh(4);
    run(mesh, "r1", 0, 2);
    mesh.world.drop = (_from, to, { type }) =>
      type === "commit" || type === "decided" || (to === "r3" && type === "pre-prepare");
    mesh.propose("r1", "unseen");
    mesh.runFor(ms(50));
    mesh.kill("r0");
    mesh.world.drop = (_from, to, { type }) => to === "r3" && type === "decided";
    mesh.runFor(seconds(6));
    expect(mesh.sent("batch").some(({ to }) => to === "r3")).toBe(true);
    expectSame(mesh, ["r1", "r2", "r3"]);
    expect(mesh.entries("r3")).toContain("unseen");
  });

  it("a decision without a quorum of good commits is refused", () => {
    const mesh = new PbftMesh(4, { statusIntervalMs: 3_600_000, idleStatusIntervalMs: 3_600_000 });
    run(mesh, "r1", 0, 2);
    mesh.runFor(ms(100));
    const batch = { time: mesh.now, requests: [] };
    const digest = batchDigest(batch);
    const sequence = mesh.machine("r2").status().applied + 1;
    const commit = { type: "commit", view: 0, sequence, digest } as const;
    const own = signAs("r3", { ...commit, sender: "r3" });
    const forged = { ...own, sender: "r0" };
    const message = (votes: readonly Vote[]) => {
      const certificate = { view: 0, sequence, digest, votes };
      return signAs("r3", { type: "decided", view: 0, sequence, sender: "r3", certificate, batch });
    };
    for (const votes of [[own], [own, own, own], [own, forged, { ...forged, sender: "r1" }]]) {
      mesh.deliver("r3", "r2", message(votes));
    }
    expect(mesh.reasons("r2")).toEqual(Array.from({ length: 3 }, () => "a decision without proof"));
    expect(mesh.machine("r2").status().applied).toBe(sequence - 1);
  });

  it("a status, a fetch or a page that another member passes on is refused", () => {
    const mesh = new PbftMesh(4);
    const page = { view: 0, sequence: 4, sender: "r3", page: 0 } as const;
    const messages: PbftMessage[] = [
      signAs("r3", { type: "fetch", ...page }),
      signAs("r3", { type: "page", ...page, bytes: new Uint8Array(1) }),
      signAs("r3", {
        type: "status",
        ...page,
        active: true,
        stable: 0,
        round: 0,
        slots: [],
        wanted: [],
      }),
    ];
    for (const message of messages) {
      mesh.deliver("r2", "r1", message);
    }
    expect(mesh.reasons("r1")).toEqual(
      ["fetch", "page", "status"].map((type) => `a ${type} that is not its sender's`),
    );
  });

  it("a replica that missed the end of a burst catches up although nothing follows", () => {
    const mesh = new PbftMesh(4);
    run(mesh, "r1", 0, 3);
    mesh.world.drop = (_from, to) => to === "r3";
    run(mesh, "r1", 3, 6);
    mesh.world.drop = () => false;
    mesh.runFor(seconds(5));
    expectSame(mesh, mesh.members);
  });

  it("a NEW-VIEW that a replica missed is sent again", () => {
    const mesh = new PbftMesh(4);
    run(mesh, "r1", 0, 2);
    mesh.world.drop = (_from, to, { type }) => to === "r3" && type === "new-view";
    for (const node of ["r1", "r2", "r3"]) {
      mesh.transfer(node);
    }
    mesh.runFor(ms(200));
    expect(mesh.machine("r3").status().role).toBe("view-change");
    mesh.world.drop = () => false;
    mesh.runFor(seconds(3));
    expect(mesh.machine("r3").status()).toMatchObject({ role: "backup", term: 1 });
  });
});

describe("before its start", () => {
  it("a primary that comes back numbers nothing: it does not know yet what it numbered", () => {
    const mesh = new PbftMesh(4);
    mesh.world.drop = (_from, to) => to !== "r0";
    mesh.propose("r0", "first");
    mesh.runFor(ms(50));
    expect(mesh.sent("pre-prepare", "r0")).toHaveLength(3);
    mesh.kill("r0");
    const reborn = mesh.create("r0");
    const again = { now: mesh.now, command: new Uint8Array(1) } as const;
    expect(reborn.step({ kind: "propose", request: 77, ...again })).toMatchObject([
      { kind: "emit", event: { kind: "answered", request: 77, outcome: { code: "busy" } } },
    ]);
    const open = mesh.sent("request", "r0")[0]?.message as PbftMessage;
    expect(reborn.step({ kind: "message", now: mesh.now, from: "r0", message: open })).toEqual([]);
  });

  it("one that lost its disk votes for nothing", () => {
    const mesh = new PbftMesh(4);
    mesh.commit("r1", "first");
    const proposal = mesh.sent("pre-prepare", "r0")[0]?.message as PbftMessage;
    mesh.kill("r2");
    mesh.wipe("r2");
    const reborn = mesh.create("r2", true);
    const input = { kind: "message", now: mesh.now, from: "r0", message: proposal } as const;
    expect(reborn.step(input)).toEqual([]);
  });

  it("hears that it must not write", () => {
    const mesh = new PbftMesh(4);
    mesh.kill("r1");
    const reborn = mesh.create("r1");
    reborn.step({ kind: "writable", now: mesh.now, writable: false });
    reborn.step({ kind: "start", now: mesh.now });
    const order = { request: 78, now: mesh.now, command: new Uint8Array(1) } as const;
    const told = reborn.step({ kind: "propose", ...order });
    expect(told).toMatchObject([{ event: { request: 78, outcome: { code: "read-only" } } }]);
  });
});

describe("a restart with the disk", () => {
  it("never says anything that contradicts what was said before", () => {
    for (let cut = 1; cut < 40; cut += 3) {
      const mesh = new PbftMesh(4, small);
      run(mesh, "r1", 0, 2);
      for (let i = 2; i < 8; i++) {
        mesh.propose("r1", `c${i}`);
      }
      mesh.runFor(cut * 500);
      for (const node of ["r0", "r2"]) {
        mesh.kill(node);
        mesh.start(node);
      }
      mesh.runFor(seconds(6));
      const said = new Map<string, string>();
      for (const { from, message } of mesh.world.sent) {
        if (
          message.type === "prepare" ||
          message.type === "commit" ||
          message.type === "pre-prepare"
        ) {
          const key = `${from} ${message.sender} ${message.type} ${message.view} ${message.sequence}`;
          expect(said.get(key) ?? message.digest).toBe(message.digest);
          said.set(key, message.digest);
        }
      }
      expectSame(mesh, mesh.members);
      expect(mesh.members.flatMap((node) => mesh.machine(node).evidence)).toEqual([]);
    }
  });

  it("comes after the write: a replica whose disk stands still says nothing", () => {
    const mesh = new PbftMesh(4);
    run(mesh, "r1", 0, 2);
    mesh.world.sent.length = 0;
    mesh.world.diskWorks = false;
    mesh.propose("r1", "x");
    mesh.runFor(ms(200));
    const types = new Set(mesh.world.sent.map(({ message }) => message.type));
    expect([...types].filter((type) => type !== "request" && type !== "status")).toEqual([]);
  });

  it("remembers a demanded view: it does not go back to the old one", () => {
    const mesh = new PbftMesh(4);
    run(mesh, "r1", 0, 2);
    mesh.transfer("r3");
    mesh.runFor(ms(20));
    mesh.kill("r3");
    mesh.world.sent.length = 0;
    mesh.start("r3");
    run(mesh, "r1", 2, 4);
    expect(mesh.machine("r3").status()).toMatchObject({ role: "view-change", term: 1 });
    expect([...mesh.sent("prepare", "r3"), ...mesh.sent("commit", "r3")]).toEqual([]);
    mesh.runFor(seconds(3));
    expect(mesh.entries("r3")).toEqual(mesh.entries("r0"));
  });

  it("brings back what was prepared: a view change after it tells of that", () => {
    const mesh = new PbftMesh(4);
    run(mesh, "r1", 0, 1);
    mesh.world.drop = (_from, _to, { type }) => type === "commit";
    mesh.propose("r1", "prepared");
    mesh.runFor(ms(50));
    mesh.world.drop = () => true;
    mesh.kill("r3");
    mesh.start("r3");
    mesh.transfer("r3");
    const demand = mesh.sent("view-change", "r3")[0]?.message;
    expect(demand?.prepared.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
  });

  it("brings back the view that began, with its orders", () => {
    const mesh = new PbftMesh(4);
    run(mesh, "r1", 0, 2);
    for (const node of mesh.members) {
      mesh.transfer(node);
    }
    mesh.runFor(seconds(1));
    mesh.world.drop = () => true;
    mesh.kill("r3");
    mesh.start("r3");
    expect(mesh.machine("r3").status()).toMatchObject({ role: "backup", term: 1, leader: "r1" });
    const again = mesh.sent("commit", "r3").map(({ message }) => message);
    expect(again.filter(({ view }) => view === 1).length).toBeGreaterThan(0);
    expect(mesh.machine("r3").log(1, 10)).toMatchObject([{ term: 1 }, { term: 1 }, { term: 1 }]);
  });

  it("of all members at once, in a later view and behind a checkpoint, loses nothing", () => {
    const mesh = new PbftMesh(4, small);
    run(mesh, "r1", 0, 3);
    for (const node of mesh.members) {
      mesh.transfer(node);
    }
    mesh.runFor(seconds(1));
    run(mesh, "r2", 3, 9);
    for (const node of mesh.members) {
      mesh.kill(node);
    }
    for (const node of mesh.members) {
      mesh.start(node);
    }
    mesh.runFor(seconds(3));
    run(mesh, "r3", 9, 12);
    expectSame(mesh, mesh.members);
    expect(mesh.entries("r0")).toHaveLength(12);
    expect(mesh.machine("r0").status().term).toBe(1);
  });
});

describe("a lost disk", () => {
  const wiped = (count: number) => {
    const mesh = new PbftMesh(4, small);
    run(mesh, "r1", 0, count);
    mesh.kill("r3");
    mesh.wipe("r3");
    mesh.world.sent.length = 0;
    mesh.start("r3", true);
    mesh.runFor(seconds(3));
    return mesh;
  };

  it("the replica fetches the state and executes on", () => {
    const mesh = wiped(10);
    run(mesh, "r1", 10, 14);
    mesh.runFor(seconds(3));
    expectSame(mesh, mesh.members);
  });

  it("it votes for nothing and demands nothing until it is past what it may have signed", () => {
    const mesh = wiped(10);
    run(mesh, "r1", 10, 14);
    expect([...mesh.sent("prepare", "r3"), ...mesh.sent("commit", "r3")]).toEqual([]);
    const asked = mesh.transfer("r3");
    expect(mesh.outcome(asked)).toMatchObject({ ok: false, code: "busy" });
    // Its peers proved 8 when it came back: two windows further it is whole again.
    run(mesh, "r1", 14, 40);
    const numbers = mesh.sent("prepare", "r3").map(({ message }) => message.sequence);
    expect(Math.min(...numbers)).toBe(8 + 2 * 8 + 1);
    mesh.transfer("r3");
    mesh.runFor(ms(100));
    expect(mesh.sent("view-change", "r3").length).toBeGreaterThan(0);
  });

  it("survives another restart before the others have told how far it may have signed", () => {
    const mesh = new PbftMesh(4, small);
    run(mesh, "r1", 0, 10);
    mesh.kill("r3");
    mesh.wipe("r3");
    mesh.world.drop = (_from, to) => to === "r3";
    mesh.start("r3", true);
    mesh.kill("r3");
    mesh.world.drop = () => false;
    mesh.world.sent.length = 0;
    mesh.start("r3");
    run(mesh, "r1", 10, 14);
    expect([...mesh.sent("prepare", "r3"), ...mesh.sent("commit", "r3")]).toEqual([]);
  });
});

describe("options that contradict each other", () => {
  it("are a programmer's error by then", () => {
    expect(() => new PbftMesh(4, { faults: 2 })).toThrow(/takes 7 members/);
    expect(() => new PbftMesh(4, { window: 8, checkpointEvery: 5 })).toThrow(/twice/);
  });
});
