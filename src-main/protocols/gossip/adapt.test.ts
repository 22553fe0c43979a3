import { describe, expect, it } from "vitest";
import { adaptFanout, BURST_BYTES, fanoutBySize, roundAllowance } from "./adapt.ts";
import { GOSSIP_DEFAULTS, type GossipOptions, validateGossipOptions } from "./options.ts";
import { GossipMesh } from "./testing/gossip-mesh.ts";
import { seconds } from "#main/kernel/time.ts";

describe("fanoutBySize", () => {
  it.each([
    [0, 1],
    [1, 1],
    [2, 1],
    [3, 2],
    [10, 3],
    [100, 5],
    [1_000, 7],
    [10_000, 10],
    [1e30, 32],
  ])("at %i nodes is %i", (n, fanout) => {
    expect(fanoutBySize(n)).toBe(fanout);
  });
});

describe("adaptFanout", () => {
  it.each([
    { when: "nothing to tell: by size", n: 1_000, allowance: 0, each: 0, fanout: 7 },
    { when: "plenty: by size", n: 1_000, allowance: 1_000_000, each: 100, fanout: 7 },
    { when: "just enough", n: 1_000, allowance: 700, each: 100, fanout: 7 },
    { when: "one byte short of a peer", n: 1_000, allowance: 699, each: 100, fanout: 6 },
    { when: "for one only", n: 1_000, allowance: 150, each: 100, fanout: 1 },
    { when: "not even for one", n: 1_000, allowance: 50, each: 100, fanout: 1 },
    { when: "a small mesh takes less than it could", n: 10, allowance: 1e6, each: 1, fanout: 3 },
  ])("$when", ({ n, allowance, each, fanout }) => {
    expect(adaptFanout(n, allowance, each)).toBe(fanout);
  });
});

describe("roundAllowance", () => {
  const inputs = { bandwidthBytesPerSecond: 1_000, bytesPerRound: 77, gossipIntervalMs: 2_000 };

  it.each([
    ["without a bandwidth is fixed", { ...inputs, bandwidthBytesPerSecond: null }, 9, 77],
    ["is what a round brings", inputs, 0, 2_000],
    ["and what was left", inputs, 500, 2_500],
    ["debts are not carried on", inputs, -500, 2_000],
    ["no more is saved than one large rumour", inputs, 1e9, BURST_BYTES],
    ["or one round's share", { ...inputs, bandwidthBytesPerSecond: 1e6 }, 1e9, 2e6],
  ])("%s", (_, from, left, expected) => {
    expect(roundAllowance(from, left)).toBe(expected);
  });
});

describe("a mesh that adapts", () => {
  const ids = (n: number) => Array.from({ length: n }, (_, i) => `n${i}`);

  function gossipers(n: number, change: Partial<GossipOptions>): GossipMesh {
    return new GossipMesh(ids(n), { gossipIntervalMs: 1_000, antiEntropyEvery: 0, ...change });
  }

  function messagesPerNodeAndRound(mesh: GossipMesh): number {
    const before = mesh.sent.length;
    mesh.runTo(mesh.now + seconds(4));
    return (mesh.sent.length - before) / mesh.ids.length / 4;
  }

  it("contacts more peers a round as it grows, with fanout auto only", () => {
    const auto = { mode: "pull", fanout: "auto" } as const;
    expect(messagesPerNodeAndRound(gossipers(3, auto))).toBeCloseTo(2, 1);
    expect(messagesPerNodeAndRound(gossipers(50, auto))).toBeCloseTo(4, 1);
    const fixed = { mode: "pull", fanout: 3 } as const;
    expect(messagesPerNodeAndRound(gossipers(50, fixed))).toBeCloseTo(3, 1);
  });

  it("contacts fewer while there is more to tell than its bandwidth pays for", () => {
    const change = { fanout: "auto", bandwidthBytesPerSecond: 3_000 } as const;
    const mesh = gossipers(50, change);
    mesh.runTo(seconds(2));
    mesh.publish("n0", "x".repeat(2_500));
    mesh.runTo(seconds(30));
    const pulls = mesh.sent.filter((one) => one.from === "n0" && one.message.type === "pull");
    const perRound = new Map<number, number>();
    pulls.forEach(({ at }) => perRound.set(at, (perRound.get(at) ?? 0) + 1));
    expect(Math.max(...perRound.values())).toBe(4);
    expect(Math.min(...perRound.values())).toBe(1);
    expect(mesh.agreeing("n0")).toBe(50);
  });

  it("keeps its bandwidth on the average, and a rumour larger than a round's share still goes", () => {
    const change = { fanout: "auto", bandwidthBytesPerSecond: 1_000 } as const;
    const mesh = gossipers(5, change);
    for (let i = 0; i < 6; i++) {
      mesh.publish("n0", "y".repeat(8_000));
    }
    mesh.runTo(seconds(120));
    const rounds = mesh.of("round", "n0").map(({ event }) => event.counts.bytes);
    const total = rounds.reduce((sum, bytes) => sum + bytes, 0);
    expect(total).toBeGreaterThan(8_000);
    expect(total).toBeLessThanOrEqual(120 * 1_000 + BURST_BYTES);
    expect(mesh.agreeing("n0")).toBeGreaterThan(1);
  });

  it("is asked for: the defaults are fixed, and the validator knows the words", () => {
    expect(GOSSIP_DEFAULTS).toMatchObject({ fanout: 3, bandwidthBytesPerSecond: null });
    const valid = { ...GOSSIP_DEFAULTS, fanout: "auto", bandwidthBytesPerSecond: 1 } as const;
    expect(validateGossipOptions(valid)).toEqual([]);
    const wrong = { ...GOSSIP_DEFAULTS, bandwidthBytesPerSecond: 0 };
    expect(validateGossipOptions(wrong)).toHaveLength(1);
    const word = { ...GOSSIP_DEFAULTS, fanout: "lots" } as unknown as GossipOptions;
    expect(validateGossipOptions(word)).toHaveLength(1);
  });
});
