// One test per claim. References: Castro and Liskov, "Practical Byzantine Fault Tolerance",
// OSDI'99, by section.
import { describe, expect, it } from "vitest";
import { ms, seconds } from "#main/kernel/time.ts";
import { batchDigest, NULL_DIGEST } from "./digest.ts";
import { maxFaults, messagesPerRequest, pbftQuorum, primaryOf } from "./quorum.ts";
import { PbftMesh, signAs } from "./testing/pbft-mesh.ts";
import type { PbftMessage, PrePrepare } from "./types.ts";

const quiet = { statusIntervalMs: 3_600_000, idleStatusIntervalMs: 3_600_000 };

/** The proposal that a primary would make of one foreign request. */
function proposal(
  mesh: PbftMesh,
  text: string,
  change: Partial<Omit<PrePrepare, "signature">> = {},
): PrePrepare {
  const payload = new TextEncoder().encode(text);
  const head = { type: "request", view: 0, sequence: 1, sender: "client" } as const;
  const request = signAs("client", {
    ...head,
    life: 1,
    answered: 0,
    operation: "command",
    payload,
  });
  const batch = { time: mesh.now, requests: [request] };
  const digest = batchDigest(batch);
  const unsigned = {
    type: "pre-prepare",
    view: 0,
    sequence: 1,
    sender: "r0",
    digest,
    batch,
  } as const;
  return signAs("r0", { ...unsigned, ...change });
}

describe("3: the model", () => {
  it.each([
    [1, 0, 1],
    [2, 0, 2],
    [3, 0, 2],
    [4, 1, 3],
    [5, 1, 4],
    [6, 1, 4],
    [7, 2, 5],
    [10, 3, 7],
    [13, 4, 9],
  ])("n = %i bears f = %i with quorums of %i", (n, f, quorum) => {
    expect(maxFaults(n)).toBe(f);
    expect(pbftQuorum(n, f)).toBe(quorum);
    // Two quorums share f + 1 members, and the correct ones alone make a quorum.
    expect(2 * quorum - n).toBeGreaterThanOrEqual(f + 1);
    expect(n - f).toBeGreaterThanOrEqual(quorum);
  });

  it("fewer than four members are shown to bear nothing", () => {
    for (const n of [1, 2, 3]) {
      const mesh = new PbftMesh(n);
      expect(mesh.machine("r0").status().tolerates).toBe(0);
      expect(mesh.world.of("config", "r0")[0]?.event).toMatchObject({
        tolerates: 0,
        quorum: pbftQuorum(n, 0),
      });
      expect(mesh.commit("r0", "x")).toMatchObject({ ok: true });
    }
  });

  it("five members that bear one have quorums of four", () => {
    const mesh = new PbftMesh(5);
    expect(mesh.machine("r0").status()).toMatchObject({ quorum: 4, tolerates: 1 });
    mesh.kill("r3");
    mesh.kill("r4");
    expect(mesh.commit("r1", "x")).toMatchObject({ ok: false });
  });

  it("the primary of view v is member v mod n", () => {
    const primaries = [0, 1, 4, 5, 9].map((view) => primaryOf([..."abcd"], view));
    expect(primaries).toEqual(["a", "b", "a", "b", "b"]);
  });
});

describe("4.1: the client", () => {
  it("believes an answer when f + 1 replicas give the same, not sooner", () => {
    const mesh = new PbftMesh(4, quiet);
    mesh.commit("r1", "opens");
    mesh.world.drop = (from, to, message) =>
      message.type === "reply" && to === "r1" && from !== "r1";
    const request = mesh.propose("r1", "x");
    mesh.runFor(ms(300));
    expect(mesh.entries("r1")).toContain("x");
    expect(mesh.outcome(request)).toBeUndefined();
    mesh.world.drop = () => false;
    mesh.runFor(ms(500));
    expect(mesh.outcome(request)).toMatchObject({ ok: true });
  });

  it("is not fooled by f replicas that lie about the result", () => {
    const mesh = new PbftMesh(4);
    mesh.traitors.set("r2", (_to, message) =>
      message.type === "reply"
        ? [signAs("r2", { ...message, result: new Uint8Array([1]) })]
        : [message],
    );
    mesh.commit("r1", "a");
    expect(mesh.commit("r1", "b")).toMatchObject({
      ok: true,
      result: new TextEncoder().encode("2"),
    });
  });

  it("does not count one replica's reply twice, nor a reply in another's name", () => {
    const mesh = new PbftMesh(4, quiet);
    mesh.commit("r1", "opens");
    mesh.world.drop = (_from, to, message) => message.type === "reply" && to === "r1";
    const request = mesh.propose("r1", "x");
    mesh.runFor(ms(100));
    const reply = mesh.sent("reply", "r2").at(-1)?.message;
    const lie = { ...reply, result: new Uint8Array([9]) } as Extract<
      PbftMessage,
      { type: "reply" }
    >;
    mesh.deliver("r2", "r1", signAs("r2", lie));
    mesh.deliver("r2", "r1", signAs("r2", lie));
    mesh.deliver("r2", "r1", { ...signAs("r2", lie), sender: "r3" });
    expect(mesh.outcome(request)).toBeUndefined();
    expect(mesh.reasons("r1")).toContain("bad signature of a reply");
  });

  it("sends to all replicas when the answer does not come; backups pass the request on", () => {
    const mesh = new PbftMesh(4, quiet);
    mesh.commit("r1", "opens");
    mesh.world.sent.length = 0;
    mesh.world.drop = (from, to, message) =>
      message.type === "request" && from === "r1" && to === "r0";
    const request = mesh.propose("r1", "x");
    mesh.runFor(ms(700));
    expect(mesh.outcome(request)).toMatchObject({ ok: true });
    const relays = mesh.sent("request").filter(({ from }) => from !== "r1");
    expect(relays.map(({ from, to }) => `${from}${to}`).sort()).toEqual(["r2r0", "r3r0"]);
    expect(mesh.machine("r1").status().term).toBe(0);
  });

  it("a replica answers a repeated request from its cache and never executes it again", () => {
    const mesh = new PbftMesh(4);
    mesh.commit("r1", "once");
    const requests = mesh.sent("request", "r1").map(({ message }) => message);
    const before = mesh.sent("reply").length;
    for (const request of requests) {
      for (const to of ["r0", "r2", "r3"]) {
        mesh.deliver("r1", to, request);
      }
    }
    mesh.runFor(seconds(2));
    expect(mesh.sent("reply").length).toBe(before + 3 * requests.length);
    expect(mesh.entries("r0")).toEqual(["once"]);
  });

  it("a request that nobody signed is dropped and held against who passed it on", () => {
    const mesh = new PbftMesh(4);
    mesh.commit("r1", "x");
    const request = mesh.sent("request", "r1").at(-1)?.message as PbftMessage;
    mesh.deliver("r3", "r0", { ...request, sequence: 77 });
    expect(mesh.world.of("rejected", "r0").at(-1)?.event).toMatchObject({
      from: "r3",
      reason: "bad signature of a request",
    });
  });
});

describe("4.2: the normal case", () => {
  it.each([
    [4, 28],
    [7, 91],
    [10, 190],
  ])("one request among %i replicas takes exactly %i messages", (n, expected) => {
    expect(messagesPerRequest(n)).toBe(expected);
    const mesh = new PbftMesh(n, quiet);
    for (const client of ["r0", "r1"]) {
      mesh.commit(client, "opens the session");
      mesh.runFor(seconds(1));
      const count = () =>
        mesh.members.reduce((sum, member) => {
          const { sent } = mesh.machine(member);
          const types = ["pre-prepare", "prepare", "commit", "reply"] as const;
          return sum + types.reduce((all, type) => all + (sent.get(type) ?? 0), 0);
        }, 0);
      const before = count();
      mesh.commit(client, "counted");
      mesh.runFor(seconds(1));
      expect(count() - before).toBe(expected);
    }
  });

  it("for a client outside of the group all of them, and its request, go over the wire", () => {
    const mesh = new PbftMesh(4, quiet);
    mesh.start("client");
    mesh.commit("client", "opens");
    mesh.runFor(seconds(1));
    mesh.world.sent.length = 0;
    mesh.commit("client", "counted");
    mesh.runFor(seconds(1));
    expect(mesh.world.sent.length).toBe(28 + 1);
    expect(mesh.sent("request").length).toBe(1);
  });

  const refusals: readonly [string, string, (mesh: PbftMesh) => PrePrepare][] = [
    [
      "of a member that is not the primary",
      "pre-prepare of a member that is not the primary",
      (mesh) => signAs("r2", { ...proposal(mesh, "x"), sender: "r2" }),
    ],
    [
      "with a bad signature",
      "bad signature of a pre-prepare",
      (mesh) => ({ ...proposal(mesh, "x"), signature: new Uint8Array(64) }),
    ],
    [
      "whose digest is not that of its requests",
      "the digest is not that of the requests",
      (mesh) => proposal(mesh, "x", { digest: "00".repeat(32) }),
    ],
    [
      "without requests",
      "a proposal without requests",
      (mesh) => proposal(mesh, "x", { digest: NULL_DIGEST, batch: { time: 0, requests: [] } }),
    ],
    [
      "of a request with a bad signature",
      "a request with a bad signature",
      (mesh) => {
        const { batch } = proposal(mesh, "x");
        const [request] = batch.requests;
        const forged = {
          ...batch,
          requests: request === undefined ? [] : [{ ...request, answered: 7 }],
        };
        return proposal(mesh, "x", { digest: batchDigest(forged), batch: forged });
      },
    ],
    [
      "with a log time far ahead",
      "log time ahead of the clock",
      (mesh) => {
        const batch = { ...proposal(mesh, "x").batch, time: mesh.now + seconds(61) };
        return proposal(mesh, "x", { digest: batchDigest(batch), batch });
      },
    ],
  ];
  it.each(refusals)("a backup refuses a pre-prepare %s", (_name, reason, make) => {
    const mesh = new PbftMesh(4);
    mesh.deliver("r0", "r1", make(mesh));
    expect(mesh.reasons("r1")).toEqual([reason]);
    expect(mesh.sent("prepare")).toEqual([]);
  });

  it.each([
    ["of another view", { view: 4 }],
    ["at the low watermark", { sequence: 0 }],
    ["above the high watermark", { sequence: 65 }],
  ])("a backup ignores a pre-prepare %s", (_name, change) => {
    const mesh = new PbftMesh(4);
    mesh.deliver("r0", "r1", proposal(mesh, "x", change));
    expect(mesh.sent("prepare")).toEqual([]);
    expect(mesh.machine("r1").kept["slots"]).toBe(0);
  });

  it("log time never goes backwards, whatever the primary proposes", () => {
    const mesh = new PbftMesh(4);
    mesh.runFor(seconds(5));
    mesh.commit("r1", "x");
    const batch = { ...proposal(mesh, "y").batch, time: 1 };
    const sequence = mesh.machine("r1").status().applied + 1;
    mesh.deliver("r0", "r1", proposal(mesh, "y", { sequence, digest: batchDigest(batch), batch }));
    expect(mesh.reasons("r1")).toEqual(["log time goes backwards"]);
  });

  it("accepts no second digest for the same view and number, and keeps the proof", () => {
    const mesh = new PbftMesh(4);
    mesh.deliver("r0", "r1", proposal(mesh, "one"));
    mesh.deliver("r0", "r1", proposal(mesh, "two"));
    expect(mesh.sent("prepare", "r1").map(({ message }) => message.digest)).toEqual(
      Array.from({ length: 3 }, () => proposal(mesh, "one").digest),
    );
    const [proof] = mesh.machine("r1").evidence;
    expect(proof).toMatchObject({ accused: "r0", fault: "equivocation" });
    expect(mesh.world.of("evidence", "r1")).toHaveLength(1);
  });

  it("is prepared with quorum - 1 prepares of distinct backups; the primary's does not count", () => {
    const mesh = new PbftMesh(4, quiet);
    mesh.world.drop = () => true;
    const first = proposal(mesh, "x");
    const { digest } = first;
    const vote = (sender: string, change = {}) =>
      signAs(sender, { type: "prepare", view: 0, sequence: 1, sender, digest, ...change });
    const commits = () => mesh.sent("commit", "r1").length;
    mesh.deliver("r0", "r1", first);
    mesh.deliver("r0", "r1", vote("r0"));
    mesh.deliver("r1", "r1", vote("r1"));
    mesh.deliver("r3", "r1", vote("r3", { view: 4 }));
    mesh.deliver("r3", "r1", vote("r3", { sequence: 2 }));
    mesh.deliver("r2", "r1", vote("r2", { digest: NULL_DIGEST }));
    expect(commits()).toBe(0);
    expect(mesh.reasons("r1")).toContain("a prepare of the primary");
    mesh.deliver("r3", "r1", vote("r3"));
    expect(commits()).toBe(3);
  });

  it("is committed-local when prepared and with a quorum of commits, the own one included", () => {
    const mesh = new PbftMesh(4, quiet);
    mesh.world.drop = () => true;
    const first = proposal(mesh, "x");
    const { digest } = first;
    const vote = (type: "prepare" | "commit", sender: string) =>
      signAs(sender, { type, view: 0, sequence: 1, sender, digest });
    mesh.deliver("r0", "r1", first);
    for (const from of ["r0", "r2", "r3"]) {
      mesh.deliver(from, "r1", vote("commit", from));
    }
    // Commits alone are not enough: it has to be prepared as well.
    expect(mesh.machine("r1").status().applied).toBe(0);
    mesh.deliver("r3", "r1", vote("prepare", "r3"));
    expect(mesh.machine("r1").status().applied).toBe(1);
  });

  it("two commits are no quorum of four, however often they are sent", () => {
    const mesh = new PbftMesh(4, quiet);
    mesh.world.drop = () => true;
    const first = proposal(mesh, "x");
    const { digest } = first;
    mesh.deliver("r0", "r1", first);
    mesh.deliver(
      "r3",
      "r1",
      signAs("r3", { type: "prepare", view: 0, sequence: 1, sender: "r3", digest }),
    );
    for (let i = 0; i < 3; i++) {
      mesh.deliver(
        "r3",
        "r1",
        signAs("r3", { type: "commit", view: 0, sequence: 1, sender: "r3", digest }),
      );
    }
    expect(mesh.machine("r1").status().applied).toBe(0);
  });

  it("executes in the order of numbers: what is committed too early waits", () => {
    const mesh = new PbftMesh(4, quiet);
    mesh.commit("r1", "opens");
    const held = mesh.machine("r1").status().applied + 1;
    mesh.world.drop = (_from, to, message) => to === "r3" && message.sequence === held;
    mesh.propose("r1", "a");
    mesh.propose("r1", "b");
    mesh.runFor(ms(100));
    expect(mesh.entries("r0")).toEqual(["opens", "a", "b"]);
    expect(mesh.entries("r3")).toEqual(["opens"]);
    const phases = mesh.world.of("round", "r3").filter(({ event }) => event.index === held + 1);
    expect(phases.map(({ event }) => event.phase)).toEqual([
      "pre-prepared",
      "prepared",
      "committed",
    ]);
  });

  it("batches what waits when it is told to", () => {
    const mesh = new PbftMesh(4, { ...quiet, batchMax: 8 });
    mesh.commit("r1", "opens");
    const before = mesh.machine("r0").status().applied;
    const requests = Array.from({ length: 30 }, (_, i) => mesh.propose("r1", `b${i}`));
    mesh.runFor(ms(300));
    expect(requests.every((request) => mesh.outcome(request)?.ok === true)).toBe(true);
    expect(mesh.machine("r0").status().applied - before).toBeLessThanOrEqual(7);
    expect(mesh.entries("r2")).toHaveLength(31);
  });
});

describe("signatures", () => {
  const prepareOf = (mesh: PbftMesh, change: object = {}) => {
    const { digest } = proposal(mesh, "x");
    return { type: "prepare", view: 0, sequence: 1, sender: "r3", digest, ...change } as const;
  };
  const replays: readonly [string, (mesh: PbftMesh) => PbftMessage][] = [
    [
      "another type",
      (mesh) => ({ ...signAs("r3", { ...prepareOf(mesh), type: "commit" }), type: "prepare" }),
    ],
    ["another view", (mesh) => ({ ...signAs("r3", prepareOf(mesh, { view: 4 })), view: 0 })],
    [
      "another sequence",
      (mesh) => ({ ...signAs("r3", prepareOf(mesh, { sequence: 2 })), sequence: 1 }),
    ],
    [
      "another sender",
      (mesh) => ({ ...signAs("r2", prepareOf(mesh, { sender: "r2" })), sender: "r3" }),
    ],
    ["another key", (mesh) => signAs("r2", prepareOf(mesh))],
    ["another mesh", (mesh) => signAs("r3", prepareOf(mesh), "other")],
    ["another epoch", (mesh) => signAs("r3", prepareOf(mesh), "test", 2)],
    [
      "another digest",
      (mesh) => ({
        ...signAs("r3", prepareOf(mesh, { digest: NULL_DIGEST })),
        digest: proposal(mesh, "x").digest,
      }),
    ],
  ];
  it.each(replays)("made for %s are none, and count against the neighbour", (_name, make) => {
    const mesh = new PbftMesh(4, quiet);
    mesh.world.drop = () => true;
    mesh.deliver("r0", "r1", proposal(mesh, "x"));
    mesh.deliver("r2", "r1", make(mesh));
    expect(mesh.world.of("rejected", "r1").map(({ event }) => event)).toEqual([
      { kind: "rejected", from: "r2", reason: "bad signature of a prepare" },
    ]);
    expect(mesh.sent("commit", "r1")).toEqual([]);
  });

  it("of nodes that are no members count for nothing", () => {
    const mesh = new PbftMesh(4, quiet);
    mesh.deliver("x", "r1", signAs("x", prepareOf(mesh, { sender: "x" })));
    expect(mesh.reasons("r1")).toEqual(["a message of a node that is no member"]);
  });
});
