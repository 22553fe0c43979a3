import { describe, expect, test } from "vitest";
import type { LinkConditions } from "#shared/contract/primitives.ts";
import { createRandom } from "#main/kernel/prng.ts";
import { Network, type NetworkFault } from "./network.ts";

function network(base: LinkConditions, zoneLatencyMs = 0): Network {
  return new Network({
    base,
    zoneLatencyMs,
    random: createRandom(8),
    zoneOf: (node) => (node < 2 ? "x" : "y"),
  });
}

function delays(net: Network, count: number, from = 0, to = 1): number[] {
  return Array.from({ length: count }, () => {
    const { outcome, firstDelay } = net.judge({ from, to, bytes: 100 }, 0);
    return outcome === "sent" ? firstDelay : -1;
  });
}

function share(count: number, of: (index: number) => boolean): number {
  return Array.from({ length: count }, (_, i) => of(i)).filter(Boolean).length / count;
}

const everywhere = (conditions: LinkConditions): NetworkFault => ({
  kind: "conditions",
  scope: "mesh",
  from: [],
  to: [],
  oneWay: false,
  conditions,
});

describe("delays", () => {
  test("are the latency, exactly, without jitter", () => {
    expect(new Set(delays(network({ latencyMs: 7 }), 20))).toEqual(new Set([7_000]));
  });

  test("have an exponential part of the jitter's mean on top", () => {
    const all = delays(network({ latencyMs: 5, jitterMs: 10 }), 20_000);
    const mean = all.reduce((sum, delay) => sum + delay, 0) / all.length;
    const median = [...all].sort((a, b) => a - b)[10_000] ?? 0;
    expect(Math.min(...all)).toBeGreaterThanOrEqual(5_000);
    expect(Math.abs(mean - 15_000)).toBeLessThan(300);
    expect(Math.abs(median - (5_000 + 10_000 * Math.LN2))).toBeLessThan(300);
  });

  test("are longer between zones only", () => {
    const net = network({ latencyMs: 1 }, 40);
    expect(delays(net, 1, 0, 1)).toEqual([1_000]);
    expect(delays(net, 1, 0, 2)).toEqual([41_000]);
    expect(delays(net, 1, 2, 3)).toEqual([1_000]);
  });

  test("of reordered messages reach up to ten mean delays more", () => {
    const all = delays(network({ latencyMs: 10, reorder: 0.5 }), 5_000);
    const held = all.filter((delay) => delay > 10_000);
    expect(held.length / all.length).toBeCloseTo(0.5, 1);
    expect(Math.max(...held)).toBeGreaterThan(100_000);
    expect(Math.max(...held)).toBeLessThanOrEqual(110_000);
  });
});

describe("losses and copies", () => {
  test("come as often as they are set", () => {
    const net = network({ loss: 0.25, duplicate: 0.1 });
    const lost = share(20_000, () => net.judge({ from: 0, to: 1, bytes: 1 }, 0).outcome === "lost");
    const twice = share(20_000, () => {
      const { outcome, secondDelay } = net.judge({ from: 0, to: 1, bytes: 1 }, 0);
      return outcome === "sent" && secondDelay >= 0;
    });
    expect(lost).toBeCloseTo(0.25, 1);
    expect(Math.abs(twice - 0.075)).toBeLessThan(0.01);
  });

  test("never come when they are not set, always when they are certain", () => {
    expect(delays(network({}), 1_000)).not.toContain(-1);
    expect(new Set(delays(network({ loss: 1 }), 100))).toEqual(new Set([-1]));
  });
});

describe("bandwidth", () => {
  test("sends one message after the other, each direction on its own", () => {
    const net = network({ bandwidth: 1_000 });
    expect(delays(net, 3)).toEqual([100_000, 200_000, 300_000]);
    expect(delays(net, 1, 1, 0)).toEqual([100_000]);
    expect(net.judge({ from: 0, to: 1, bytes: 100 }, 250_000).firstDelay).toBe(150_000);
    expect(net.judge({ from: 0, to: 1, bytes: 100 }, 900_000).firstDelay).toBe(100_000);
  });

  test("loses what its buffer of ten seconds cannot hold", () => {
    const all = delays(network({ bandwidth: 100 }), 13);
    expect(all.slice(0, 11).every((delay, i) => delay === (i + 1) * 1_000_000)).toBe(true);
    expect(all.slice(11)).toEqual([-1, -1]);
  });
});

describe("cuts", () => {
  const cut = (oneWay: boolean): NetworkFault => ({ kind: "cut", from: [0], to: [1], oneWay });

  test("one way and both ways", () => {
    const net = network({});
    net.apply("f1", cut(true));
    expect([net.isCut(0, 1), net.isCut(1, 0), net.isCut(0, 2)]).toEqual([true, false, false]);
    net.apply("f2", cut(false));
    expect([net.isCut(0, 1), net.isCut(1, 0)]).toEqual([true, true]);
    net.clear("f2");
    expect([net.isCut(0, 1), net.isCut(1, 0)]).toEqual([true, false]);
    expect(net.judge({ from: 0, to: 1, bytes: 1 }, 0).outcome).toBe("cut");
  });

  test("partitions: nodes in no group, also later ones, stay with the first", () => {
    const net = network({});
    net.apply("f1", { kind: "partition", groups: [[0], [1, 2], [3]] });
    expect([net.isCut(0, 9), net.isCut(9, 0), net.isCut(1, 2)]).toEqual([false, false, false]);
    expect([net.isCut(1, 9), net.isCut(1, 3), net.isCut(0, 3)]).toEqual([true, true, true]);
  });
});

describe("conditions", () => {
  test("lie over each other in the order they came; a missing aspect stays as it is", () => {
    const net = network({ latencyMs: 1, jitterMs: 0 });
    net.apply("f1", everywhere({ latencyMs: 20, loss: 1 }));
    net.apply("f2", everywhere({ loss: 0 }));
    expect(delays(net, 1)).toEqual([20_000]);
    net.clear("f1");
    expect(delays(net, 1)).toEqual([1_000]);
    net.apply("f3", everywhere({ latencyMs: 3 }));
    net.clear("f2");
    expect(delays(net, 1)).toEqual([3_000]);
  });

  test("between two sets, one way or both, and around a set", () => {
    const between = (oneWay: boolean): NetworkFault => ({
      kind: "conditions",
      scope: "between",
      from: [0],
      to: [1],
      oneWay,
      conditions: { latencyMs: 9 },
    });
    const of = (fault: NetworkFault, from: number, to: number): number | undefined => {
      const net = network({ latencyMs: 1 });
      net.apply("f", fault);
      return delays(net, 1, from, to)[0];
    };
    expect([of(between(true), 0, 1), of(between(true), 1, 0)]).toEqual([9_000, 1_000]);
    expect([of(between(false), 0, 1), of(between(false), 1, 0), of(between(false), 0, 2)]).toEqual([
      9_000, 9_000, 1_000,
    ]);
    const around: NetworkFault = {
      kind: "conditions",
      scope: "around",
      from: [0],
      to: [],
      oneWay: false,
      conditions: { latencyMs: 9 },
    };
    expect([of(around, 0, 5), of(around, 5, 0), of(around, 5, 1)]).toEqual([9_000, 9_000, 1_000]);
  });
});
