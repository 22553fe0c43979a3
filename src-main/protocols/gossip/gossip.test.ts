import { describe, expect, it } from "vitest";
import { createRandom } from "#main/kernel/prng.ts";
import { ms, seconds } from "#main/kernel/time.ts";
import { drawPeers } from "./draw-peers.ts";
import { Gossip } from "./gossip.ts";
import { MAX_DIGEST_STREAMS } from "./limits.ts";
import { GOSSIP_DEFAULTS, type GossipOptions } from "./options.ts";
import { rumourKey } from "./rumour-id.ts";
import { GossipMesh } from "./testing/gossip-mesh.ts";
import type { GossipEffect, GossipInput, GossipMessage, GossipRecord, Rumour } from "./types.ts";

const NINE = [..."ABCDEFGHI"];

/** One machine on its own, with peers that never answer. */
function single(options: Partial<GossipOptions> = {}, restore: readonly GossipRecord[] = []) {
  const machine = new Gossip({
    self: "A",
    options: { ...GOSSIP_DEFAULTS, ...options },
    random: createRandom(1),
    peers: () => NINE,
    restore,
  });
  machine.step({ kind: "start", now: 1_000 });
  return machine;
}

function publish(change: Partial<Extract<GossipInput, { kind: "publish" }>> = {}): GossipInput {
  const payload = new Uint8Array([1]);
  const base = { kind: "publish", now: 2_000, request: 7, topic: "t", payload } as const;
  return { ...base, urgent: false, ...change };
}

function rumour(origin: string, sequence: number, change: Partial<Rumour> = {}): Rumour {
  const id = { origin, epoch: 0, sequence };
  return {
    id,
    topic: "t",
    payload: new Uint8Array(0),
    urgent: false,
    lamport: sequence,
    ...change,
  };
}

function deliver(message: GossipMessage, from = "B"): GossipInput {
  return { kind: "message", now: 3_000, from, message };
}

const sends = (effects: readonly GossipEffect[]) => effects.filter((one) => one.kind === "send");

describe("publishing", () => {
  it("is durable before it is acknowledged or sent", () => {
    const effects = single().step(publish({ urgent: true }));
    expect(effects).toHaveLength(1);
    const [persist] = effects;
    expect(persist).toMatchObject({
      kind: "persist",
      record: { hops: 0, rumour: { id: { origin: "A", epoch: 1_000, sequence: 1 }, lamport: 1 } },
    });
    const then = persist?.kind === "persist" ? persist.then : [];
    expect(then.map((one) => one.kind)).toEqual(["emit", "send", "timer"]);
    expect(then[0]).toMatchObject({ event: { kind: "published", request: 7 } });
    expect(then[1]).toMatchObject({ message: { type: "rumours", via: "mongering" } });
  });

  it("is refused with a definite code while read-only, and possible again afterwards", () => {
    const machine = single();
    machine.step({ kind: "writable", now: 1_500, writable: false });
    expect(machine.step(publish())).toEqual([
      { kind: "emit", event: { kind: "refused", request: 7, code: "read-only" } },
    ]);
    expect(machine.size).toBe(0);
    machine.step({ kind: "writable", now: 1_600, writable: true });
    expect(machine.step(publish())[0]?.kind).toBe("persist");
  });

  it("refuses a payload over 16 KiB and takes one of exactly that", () => {
    const refusal = (bytes: number) =>
      single().step(publish({ payload: new Uint8Array(bytes) }))[0];
    expect(refusal(16 * 1_024 + 1)).toMatchObject({
      event: { kind: "refused", code: "too-large" },
    });
    expect(refusal(16 * 1_024)?.kind).toBe("persist");
  });

  it("refuses topics without characters or with more than 128", () => {
    const refusal = (topic: string) => single().step(publish({ topic }))[0];
    expect(refusal("")).toMatchObject({ event: { code: "bad-topic" } });
    expect(refusal("x".repeat(129))).toMatchObject({ event: { code: "bad-topic" } });
    expect(refusal("x".repeat(128))?.kind).toBe("persist");
  });

  it("is refused before the start", () => {
    const setup = { self: "A", options: GOSSIP_DEFAULTS, random: createRandom(1) };
    const machine = new Gossip({ ...setup, peers: () => NINE, restore: [] });
    expect(machine.step(publish())[0]).toMatchObject({ event: { code: "not-running" } });
  });

  it("carries a Lamport time above everything seen", () => {
    const machine = single();
    const copies = [{ rumour: rumour("B", 1, { lamport: 41 }), hops: 1 }];
    machine.step(deliver({ type: "rumours", via: "push", copies }));
    expect(machine.step(publish())[0]).toMatchObject({ record: { rumour: { lamport: 43 } } });
  });
});

describe("restart", () => {
  it("with its disk continues the sequence and holds what it held", () => {
    const mesh = new GossipMesh(NINE);
    mesh.publish("A", "one");
    mesh.publish("A", "two");
    mesh.remove("A");
    mesh.runTo(seconds(5));
    mesh.boot("A");
    mesh.publish("A", "three");
    const ids = mesh.of("published").map((one) => rumourKey(one.event.rumour.id));
    expect(ids).toEqual(["A@0#1", "A@0#2", "A@0#3"]);
    expect(mesh.nodes.get("A")?.size).toBe(3);
    expect(mesh.of("published").at(-1)?.event.rumour.lamport).toBeGreaterThan(2);
  });

  it("with its disk does not deliver again what it had delivered", () => {
    const mesh = new GossipMesh(NINE);
    mesh.publish("A", "one");
    mesh.runTo(seconds(20));
    expect(mesh.of("received", "B")).toHaveLength(1);
    mesh.remove("B");
    mesh.boot("B");
    mesh.runTo(seconds(60));
    expect(mesh.of("received", "B")).toHaveLength(1);
  });

  it("with an empty disk uses a new epoch, so that no id is used twice", () => {
    const mesh = new GossipMesh(NINE);
    mesh.publish("A", "one");
    mesh.runTo(seconds(20));
    mesh.remove("A");
    mesh.wipe("A");
    mesh.runTo(seconds(30));
    mesh.boot("A");
    mesh.publish("A", "two");
    mesh.runTo(seconds(60));
    const ids = mesh.of("published").map((one) => rumourKey(one.event.rumour.id));
    expect(ids).toEqual(["A@0#1", `A@${seconds(30)}#1`]);
    expect(mesh.nodes.get("A")?.size).toBe(2);
    expect(mesh.agreeing("A")).toBe(9);
  });

  it("after a wipe does not continue the old epoch that came back from others", () => {
    const own = { rumour: rumour("A", 1), hops: 2 };
    const machine = single({}, [own]);
    expect(machine.step(publish())[0]).toMatchObject({
      record: { rumour: { id: { epoch: 1_000, sequence: 1 } } },
    });
  });

  it("from an old copy of its disk skips numbers that others have seen already", () => {
    const machine = single({}, [{ rumour: rumour("A", 1), hops: 0 }]);
    const copies = [{ rumour: rumour("A", 4), hops: 1 }];
    machine.step(deliver({ type: "rumours", via: "anti-entropy", copies }));
    expect(machine.step(publish())[0]).toMatchObject({
      record: { rumour: { id: { epoch: 0, sequence: 5 } } },
    });
  });

  it("forgets what was never written: neither acknowledged nor sent", () => {
    const mesh = new GossipMesh(NINE, { antiEntropyEvery: 1 });
    mesh.diskWorks = false;
    mesh.publish("A", "lost", true);
    mesh.remove("A");
    mesh.diskWorks = true;
    mesh.runTo(seconds(20));
    expect(mesh.of("published")).toEqual([]);
    expect(mesh.of("received")).toEqual([]);
  });
});

describe("receiving", () => {
  const copies = [{ rumour: rumour("C", 1), hops: 2 }];

  it("is durable before it is delivered", () => {
    const effects = single().step(deliver({ type: "rumours", via: "push", copies }));
    expect(effects).toEqual([
      {
        kind: "persist",
        record: { rumour: rumour("C", 1), hops: 2 },
        then: [
          {
            kind: "emit",
            event: {
              kind: "received",
              rumour: rumour("C", 1),
              from: "B",
              via: "push",
              hops: 2,
              round: 0,
            },
          },
        ],
      },
    ]);
  });

  it("delivers no id twice, by whatever way it comes", () => {
    const machine = single();
    machine.step(deliver({ type: "rumours", via: "push", copies }));
    for (const via of ["push", "pull", "anti-entropy"] as const) {
      expect(machine.step(deliver({ type: "rumours", via, copies }))).toEqual([]);
    }
  });

  it("drops what is older than the window, and never delivers it again", () => {
    const machine = single({ windowPerOrigin: 2 });
    const batch = [1, 2, 3].map((sequence) => ({ rumour: rumour("C", sequence), hops: 1 }));
    machine.step(deliver({ type: "rumours", via: "push", copies: batch }));
    expect(machine.size).toBe(2);
    expect(machine.step(deliver({ type: "rumours", via: "push", copies: batch }))).toEqual([]);
  });

  it("tells a monger which of its rumours were known already, and only those", () => {
    const machine = single();
    machine.step(deliver({ type: "rumours", via: "push", copies }));
    const more = [...copies, { rumour: rumour("C", 2), hops: 1 }];
    const effects = machine.step(deliver({ type: "rumours", via: "mongering", copies: more }));
    expect(sends(effects)).toEqual([
      { kind: "send", to: "B", message: { type: "feedback", known: [rumour("C", 1).id] } },
    ]);
  });

  it("gives no feedback when the rule is blind", () => {
    const machine = single({ stopRule: "blind-coin" });
    machine.step(deliver({ type: "rumours", via: "push", copies }));
    expect(machine.step(deliver({ type: "rumours", via: "mongering", copies }))).toEqual([]);
  });

  it("mongers an urgent rumour onward after the mongering interval", () => {
    const machine = single({ mongerIntervalMs: 100 });
    const urgent = [{ rumour: rumour("C", 1, { urgent: true }), hops: 2 }];
    const effects = machine.step(deliver({ type: "rumours", via: "mongering", copies: urgent }));
    expect(effects.at(-1)).toEqual({ kind: "timer", timer: "monger", at: 3_000 + ms(100) });
    const [send] = sends(machine.step({ kind: "timer", now: 3_000 + ms(100), timer: "monger" }));
    expect(send).toMatchObject({ message: { via: "mongering", copies: [{ hops: 3 }] } });
  });

  it("does not spread again what only a comparison brought up", () => {
    const machine = single({ mode: "push" });
    machine.step(deliver({ type: "rumours", via: "anti-entropy", copies }));
    expect(sends(machine.step({ kind: "timer", now: 9_000, timer: "round" }))).toEqual([]);
  });
});

describe("rounds", () => {
  const round = { kind: "timer", now: 9_000, timer: "round" } as const;
  const kinds = (effects: readonly GossipEffect[]) =>
    sends(effects).map((one) => (one.kind === "send" ? one.message.type : ""));

  it("push sends rumours to as many different peers as the fanout says, never to itself", () => {
    const machine = single({ mode: "push", fanout: 3, antiEntropyEvery: 0 });
    machine.step(publish());
    for (let i = 0; i < 5; i++) {
      const to = sends(machine.step(round)).map((one) => (one.kind === "send" ? one.to : ""));
      expect(new Set(to).size).toBe(3);
      expect(to).not.toContain("A");
    }
  });

  it("pull asks and sends nothing else", () => {
    const machine = single({ mode: "pull" });
    machine.step(publish());
    expect(kinds(machine.step(round))).toEqual(["pull", "pull", "pull"]);
  });

  it("push-pull does both, and modes can be switched while running", () => {
    const machine = single({ mode: "push" });
    machine.step(publish());
    expect(kinds(machine.step(round))).toEqual(["rumours", "rumours", "rumours"]);
    machine.step({ kind: "configure", now: 9_500, change: { mode: "push-pull", fanout: 1 } });
    expect(kinds(machine.step(round))).toEqual(["rumours", "pull"]);
  });

  it("come every interval, also after the interval changed", () => {
    const machine = single({ gossipIntervalMs: 2_000 });
    expect(machine.step(round)).toContainEqual({ kind: "timer", timer: "round", at: 2_009_000 });
    const change = { gossipIntervalMs: 5 };
    expect(machine.step({ kind: "configure", now: 10_000, change })).toEqual([
      { kind: "timer", timer: "round", at: 15_000 },
    ]);
    expect(machine.step(round)).toContainEqual({ kind: "timer", timer: "round", at: 14_000 });
  });

  it("push stops carrying a rumour after its rounds; pull still serves it", () => {
    const machine = single({ mode: "push", spreadMultiplier: 1, fanout: 1, antiEntropyEvery: 0 });
    machine.step(publish());
    const rounds = Array.from({ length: 20 }, () => sends(machine.step(round)).length);
    // 1 x (log2 9 + ln 9), rounded up.
    expect(rounds.filter((count) => count > 0)).toHaveLength(6);
    const digest = { hash: "", after: "", until: null, streams: [] };
    expect(kinds(machine.step(deliver({ type: "pull", digest })))).toEqual(["rumours"]);
  });

  it("answer a pull with what is missing only, and with nothing when the digests agree", () => {
    const machine = single();
    machine.step(publish());
    machine.step(publish());
    const streams = [{ origin: "A", epoch: 1_000, floor: 0, highest: 1, missing: [] }];
    const digest = { hash: "else", after: "", until: null, streams };
    const [send] = sends(machine.step(deliver({ type: "pull", digest })));
    expect(send).toMatchObject({
      message: { via: "pull", copies: [{ hops: 1, rumour: { id: { sequence: 2 } } }] },
    });
    const same = { ...digest, hash: machine.digest, streams: [] };
    expect(machine.step(deliver({ type: "pull", digest: same }))).toEqual([]);
  });

  it("compare sets with one peer in every Nth round only", () => {
    const machine = single({ mode: "push", antiEntropyEvery: 3 });
    const all = Array.from({ length: 7 }, () => kinds(machine.step(round)));
    expect(all.map((one) => one.length)).toEqual([0, 0, 1, 0, 0, 1, 0]);
    expect(all[2]).toEqual(["compare"]);
  });

  it("report what was sent since the round before", () => {
    const machine = single({ mode: "push", fanout: 2 });
    machine.step(publish());
    machine.step(round);
    const [emit] = machine.step(round);
    const bytes = machine.traffic({ origin: "A", epoch: 1_000, sequence: 1 })?.bytes ?? 0;
    expect(emit).toMatchObject({
      event: { counts: { round: 2, messages: 2, copies: 2, bytes: bytes / 2, deferred: 0 } },
    });
  });

  it("send a constant amount at most, and defer the rest", () => {
    const machine = single({ mode: "push", fanout: 3, bytesPerRound: 32 * 1_024 });
    for (let i = 0; i < 4; i++) {
      machine.step(publish({ payload: new Uint8Array(16_000) }));
    }
    machine.step(round);
    const [emit] = machine.step(round);
    expect(emit).toMatchObject({ event: { counts: { copies: 2, deferred: 10 } } });
  });
});

describe("a large set", () => {
  const names = Array.from({ length: MAX_DIGEST_STREAMS + 2 }, (_, i) => `n${i}`);
  const restore = names.map((name) => ({ rumour: rumour(name, 1), hops: 1 }));
  const ranges = (machine: Gossip, type: "pull" | "compare") =>
    Array.from({ length: 3 }, () => {
      const effects = machine.step({ kind: "timer", now: 9_000, timer: "round" });
      const found = effects.flatMap((one) =>
        one.kind === "send" && one.message.type === type ? [one.message] : [],
      );
      return found.map((message) => [message.digest.after, message.digest.until]);
    });
  const last = names.map((name) => `${name}@0`).sort()[MAX_DIGEST_STREAMS - 1];

  it("is pulled range by range, then from the start again", () => {
    const machine = single({ mode: "pull", fanout: 1, antiEntropyEvery: 0 }, restore);
    expect(ranges(machine, "pull")).toEqual([[["", last]], [[last, null]], [["", last]]]);
  });

  it("is compared range by range, then from the start again", () => {
    const machine = single({ mode: "push", antiEntropyEvery: 1 }, restore);
    expect(ranges(machine, "compare")).toEqual([[["", last]], [[last, null]], [["", last]]]);
  });
});

describe("anti-entropy", () => {
  it("answers a comparison with what the other lacks, and asks for what it lacks itself", () => {
    const machine = single();
    machine.step(publish());
    const streams = [{ origin: "B", epoch: 0, floor: 0, highest: 2, missing: [1] }];
    const digest = { hash: "else", after: "", until: null, streams };
    expect(sends(machine.step(deliver({ type: "compare", digest })))).toMatchObject([
      { to: "B", message: { type: "rumours", via: "anti-entropy", copies: [{ hops: 1 }] } },
      { to: "B", message: { type: "want", ids: [{ origin: "B", epoch: 0, sequence: 2 }] } },
    ]);
  });

  it("serves wants with what it holds", () => {
    const machine = single();
    machine.step(publish());
    const ids = [1, 2].map((sequence) => ({ origin: "A", epoch: 1_000, sequence }));
    const effects = sends(machine.step(deliver({ type: "want", ids })));
    expect(effects).toMatchObject([{ message: { via: "anti-entropy", copies: [{}] } }]);
  });

  it("is needed: mongering alone loses an update in some runs, with it none does", () => {
    const reached = (seed: number, antiEntropyEvery: number) => {
      const options = { mode: "push", stopAfter: 1, antiEntropyEvery } as const;
      const mesh = new GossipMesh(NINE, options, seed);
      mesh.publish("A", "urgent", true);
      mesh.runTo(seconds(120));
      return mesh.agreeing("A");
    };
    // Seed 1 is such a run.
    expect(reached(1, 0)).toBeLessThan(9);
    for (let seed = 1; seed <= 20; seed++) {
      expect(reached(seed, 5)).toBe(9);
    }
  });

  it("brings both sides of a healed partition together", () => {
    const mesh = new GossipMesh(NINE, { mode: "push", antiEntropyEvery: 2 });
    const left = new Set("ABCD");
    mesh.drop = (from, to) => left.has(from) !== left.has(to);
    mesh.publish("A", "left");
    mesh.publish("I", "right");
    mesh.runTo(seconds(60));
    expect(mesh.agreeing("A")).toBe(4);
    mesh.drop = () => false;
    mesh.runTo(seconds(150));
    expect(mesh.agreeing("A")).toBe(9);
    expect(mesh.of("received", "B").at(-1)?.event.via).toBe("anti-entropy");
  });
});

describe("spreading", () => {
  it.each(["push", "pull", "push-pull"] as const)("by %s delivers to all, once each", (mode) => {
    for (let seed = 1; seed <= 10; seed++) {
      const mesh = new GossipMesh(NINE, { mode }, seed);
      mesh.publish("A", "hello");
      mesh.runTo(seconds(60));
      const to = mesh.of("received").map((one) => one.node);
      expect(to.toSorted()).toEqual([..."BCDEFGHI"]);
      expect(mesh.of("received").every((one) => one.event.hops >= 1)).toBe(true);
      const text = new TextDecoder().decode(mesh.of("received")[0]?.event.rumour.payload);
      expect(text).toBe("hello");
    }
  });

  it("by mongering is done long before the first round would be, and cools everywhere", () => {
    const mesh = new GossipMesh(NINE, { gossipIntervalMs: 60_000, stopAfter: 4 }, 4);
    mesh.publish("A", "urgent", true);
    mesh.runTo(seconds(4));
    expect(mesh.of("received").filter((one) => one.event.via === "mongering").length).toBe(8);
    expect(
      mesh
        .of("cooled")
        .map((one) => one.node)
        .toSorted(),
    ).toEqual(NINE);
    expect([...mesh.nodes.values()].map((node) => node.hot)).toEqual(NINE.map(() => 0));
  });

  it("loses nothing and repeats nothing under loss", () => {
    for (let seed = 1; seed <= 10; seed++) {
      const mesh = new GossipMesh(NINE, {}, seed);
      const dice = createRandom(seed);
      mesh.drop = () => dice.next() < 0.3;
      NINE.forEach((node, i) => mesh.publish(node, `from ${node}`, i % 2 === 0));
      mesh.runTo(seconds(120));
      expect(mesh.agreeing("A")).toBe(9);
      expect(mesh.of("received")).toHaveLength(72);
    }
  });

  it("is the same in every run with the same seed", () => {
    const run = () => {
      const mesh = new GossipMesh(NINE, {}, 3);
      mesh.publish("C", "x", true);
      mesh.publish("D", "y");
      mesh.runTo(seconds(30));
      return mesh.sent;
    };
    expect(run()).toEqual(run());
  });

  it("stops by itself when nobody ever answers", () => {
    const mesh = new GossipMesh(NINE, { mongerIntervalMs: 10 });
    mesh.drop = () => true;
    mesh.publish("A", "alone", true);
    mesh.runTo(seconds(10));
    expect(mesh.nodes.get("A")?.hot).toBe(0);
    expect(mesh.of("cooled", "A")).toHaveLength(1);
  });
});

describe("drawPeers", () => {
  it("is uniform over the others", () => {
    const random = createRandom(5);
    for (const size of [6, 40]) {
      const peers = Array.from({ length: size }, (_, i) => `n${i}`);
      const counts = new Map<string, number>();
      const draws = 3_000;
      for (let i = 0; i < draws; i++) {
        const drawn = drawPeers(peers, "n0", 2, random);
        expect(new Set(drawn).size).toBe(2);
        drawn.forEach((peer) => counts.set(peer, (counts.get(peer) ?? 0) + 1));
      }
      expect(counts.has("n0")).toBe(false);
      const expected = (2 * draws) / (size - 1);
      for (const peer of peers.slice(1)) {
        expect(Math.abs((counts.get(peer) ?? 0) - expected)).toBeLessThan(5 * Math.sqrt(expected));
      }
    }
  });

  it("gives all there are when there are too few", () => {
    expect(drawPeers(["A", "B"], "A", 3, createRandom(1))).toEqual(["B"]);
    expect(drawPeers(["A"], "A", 3, createRandom(1))).toEqual([]);
    expect(drawPeers([], "A", 3, createRandom(1))).toEqual([]);
  });
});
