import { describe, expect, it } from "vitest";
import { createRandom } from "#main/kernel/prng.ts";
import { ms, seconds } from "#main/kernel/time.ts";
import { Aggregation } from "./aggregation.ts";
import { totalMass } from "./conservation.ts";
import { AGGREGATION_DEFAULTS, type AggregationOptions } from "./options.ts";
import { AggregationMesh } from "./testing/aggregation-mesh.ts";
import type { AggregationEffect, AggregationInput, Mass, Share } from "./types.ts";

const VALUES = [0.1, 0.9, 0.4, 0.4, 0.7, 0.2, 0.5];
const SUM = 3.2;
const EPOCH = seconds(15);

function single(options: Partial<AggregationOptions> = {}, peers: readonly string[] = ["B", "C"]) {
  const machine = new Aggregation({
    self: "A",
    options: { ...AGGREGATION_DEFAULTS, ...options },
    random: createRandom(1),
    peers: () => peers,
    isMember: (node) => node.length === 1,
  });
  machine.step({ kind: "start", now: 0 });
  machine.step({ kind: "value", now: 0, metric: "load", value: 0.5 });
  machine.step({ kind: "timer", now: 1, timer: "round" });
  return machine;
}

const MASS: Mass = {
  root: "B",
  rootWeight: 0.5,
  shares: [{ weight: 0.5, sum: 0.25, extremes: { min: 0.5, max: 0.5 } }],
};

function transfer(mass: Mass, change: { epoch?: number; sequence?: number } = {}) {
  const message = { type: "transfer", epoch: 0, sequence: 1, mass, ...change } as const;
  return { kind: "message", now: 2, from: "B", message } satisfies AggregationInput;
}

function acks(effects: readonly AggregationEffect[]): boolean[] {
  return effects.flatMap((one) =>
    one.kind === "send" && one.message.type === "ack" ? [one.message.applied] : [],
  );
}

/** What an acknowledgement to A about its first transfer does. */
function answer(to: string, applied: boolean, sequence = 1): AggregationInput {
  const message = { type: "ack", epoch: 0, sequence, applied } as const;
  return { kind: "message", now: 3, from: to, message };
}

function weightOf(machine: Aggregation): number | undefined {
  return machine.mass?.shares[0]?.weight;
}

describe("estimates", () => {
  it("of all functions come to the truth at every node", () => {
    const mesh = new AggregationMesh(VALUES);
    mesh.runTo(seconds(14));
    for (const node of mesh.ids) {
      expect(mesh.estimate(node, "count")?.value).toBeCloseTo(7, 4);
      expect(mesh.estimate(node, "sum")?.value).toBeCloseTo(SUM, 4);
      expect(mesh.estimate(node, "mean")?.value).toBeCloseTo(SUM / 7, 4);
      expect(mesh.estimate(node, "min")).toEqual({ value: 0.1, error: 0 });
      expect(mesh.estimate(node, "max")).toEqual({ value: 0.9, error: 0 });
    }
  });

  it("are unknown until they mean something", () => {
    const mesh = new AggregationMesh(VALUES);
    mesh.runTo(ms(AGGREGATION_DEFAULTS.minRounds * 250 - 250));
    for (const which of ["count", "sum", "mean", "min", "max"] as const) {
      expect(new Set(mesh.values(which))).toEqual(new Set([null]));
    }
  });

  it("stay unknown for a node that nobody answers: its own value is no estimate", () => {
    const mesh = new AggregationMesh(VALUES);
    mesh.drop = (from, to) => from === "n0" || to === "n0";
    mesh.runTo(seconds(14));
    expect(mesh.estimate("n0", "mean")).toEqual({ value: null, error: null });
    expect(mesh.estimate("n0", "count")).toEqual({ value: null, error: null });
    expect(mesh.estimate("n0", "max")).toEqual({ value: null, error: null });
  });

  it("of a node without any peers are its own value", () => {
    const mesh = new AggregationMesh([0.3]);
    mesh.runTo(seconds(14));
    expect(mesh.estimate("n0", "count")).toEqual({ value: 1, error: 0 });
    expect(mesh.estimate("n0", "sum")).toEqual({ value: 0.3, error: 0 });
  });

  it("carry an error that holds the truth, under loss too, and that falls", () => {
    const random = createRandom(5);
    const mesh = new AggregationMesh(Array.from({ length: 30 }, () => random.next()));
    mesh.drop = () => random.next() < 0.3;
    let [shown, right] = [0, 0];
    for (let at = ms(500); at < EPOCH; at += ms(500)) {
      mesh.runTo(at);
      for (const node of mesh.ids) {
        const { value = null, error = null } = mesh.estimate(node, "count") ?? {};
        if (value !== null && error !== null) {
          shown++;
          right += Number(Math.abs(value - 30) <= value * (error + 1e-9));
        }
      }
    }
    expect(shown).toBeGreaterThan(500);
    expect(right / shown).toBeGreaterThan(0.98);
    expect(mesh.estimate("n7", "count")?.error).toBeLessThan(0.001);
  });

  it("leave out nodes without a value", () => {
    const mesh = new AggregationMesh([0.2, 0.4]);
    mesh.boot("n2", null);
    mesh.runTo(seconds(14));
    expect(mesh.estimate("n2", "count")?.value).toBeCloseTo(2, 6);
    expect(mesh.estimate("n2", "mean")?.value).toBeCloseTo(0.3, 6);
  });

  it("are told every few rounds, and finally when the epoch is over", () => {
    const mesh = new AggregationMesh(VALUES);
    mesh.runTo(EPOCH + seconds(1));
    const told = mesh.of("estimate", "n1").map(({ event }) => event);
    expect(told.filter((event) => event.final)).toHaveLength(1);
    expect(told.find((event) => event.final)?.estimates.count.value).toBeCloseTo(7, 4);
    expect(told.filter((event) => event.epoch === 0).map((event) => event.round)).toEqual(
      expect.arrayContaining([4, 8, 12, 56]),
    );
  });
});

describe("mass", () => {
  it("is constant with what is under way, whatever is lost", () => {
    const random = createRandom(2);
    const mesh = new AggregationMesh(VALUES);
    mesh.drop = () => random.next() < 0.4;
    mesh.runTo(ms(260));
    for (let at = ms(300); at < EPOCH; at += ms(97)) {
      mesh.runTo(at);
      const total = totalMass(mesh.nodes, 0);
      expect(total?.rootWeight).toBeCloseTo(1, 9);
      expect(total?.shares[0]?.weight).toBeCloseTo(7, 9);
      expect(total?.shares[0]?.sum).toBeCloseTo(SUM, 9);
    }
    expect(mesh.estimate("n3", "count")?.value).toBeCloseTo(7, 1);
  });

  it("is added once however often a transfer comes", () => {
    const machine = single();
    const before = weightOf(machine) ?? 0;
    const answers = [1, 2, 3].map(() => acks(machine.step(transfer(MASS))));
    expect(answers).toEqual([[true], [true], [true]]);
    expect(weightOf(machine)).toBe(before + 0.5);
  });

  it("under way is neither taken back nor given up, but sent again until it is answered", () => {
    const machine = single();
    const [[peer] = [""]] = machine.outstanding;
    expect(weightOf(machine)).toBe(0.5);
    const again = machine.step({ kind: "timer", now: ms(300), timer: "round" });
    expect(again).toContainEqual({
      kind: "send",
      to: peer,
      message: { type: "transfer", ...machine.outstanding[0]?.[1] },
    });
    machine.step(answer(peer, true));
    machine.step(answer(peer, true));
    expect(machine.outstanding.map(([to]) => to)).not.toContain(peer);
    expect(weightOf(machine)).toBe(0.25);
  });

  it("comes back when a peer says that it will never take it", () => {
    const machine = single();
    const [[peer] = [""]] = machine.outstanding;
    machine.step(answer(peer, false));
    machine.step(answer(peer, false));
    expect(weightOf(machine)).toBe(1);
  });

  it("is not moved by answers about other transfers", () => {
    const machine = single();
    const [[peer] = [""]] = machine.outstanding;
    machine.step(answer(peer, false, 2));
    machine.step(answer(peer === "B" ? "C" : "B", false));
    expect(weightOf(machine)).toBe(0.5);
    machine.step({ ...answer(peer, false), now: 4 });
    expect(weightOf(machine)).toBe(1);
    expect(machine.outstanding).toEqual([]);
  });

  it("is outstanding at most once with each peer, and with so many peers as allowed", () => {
    const peers = [..."BCDEFGH"];
    const most = (maxOutstanding: number) => {
      const machine = single({ maxOutstanding }, peers);
      for (let round = 1; round < 20; round++) {
        machine.step({ kind: "timer", now: ms(250 * round), timer: "round" });
      }
      return machine.outstanding.map(([peer]) => peer);
    };
    expect(most(3)).toHaveLength(3);
    expect(new Set(most(16)).size).toBe(7);
  });
});

describe("epochs", () => {
  it("take in a node that joins only with the next one", () => {
    const mesh = new AggregationMesh(VALUES);
    mesh.runTo(seconds(5));
    mesh.boot("n7", 0.8);
    mesh.runTo(seconds(14));
    expect(mesh.nodes.get("n7")?.epoch).toBeNull();
    expect(mesh.estimate("n0", "count")?.value).toBeCloseTo(7, 3);
    mesh.runTo(seconds(29));
    expect(mesh.estimate("n7", "count")?.value).toBeCloseTo(8, 4);
    expect(mesh.estimate("n0", "sum")?.value).toBeCloseTo(SUM + 0.8, 4);
  });

  it("take in a changed value only with the next one", () => {
    const mesh = new AggregationMesh(VALUES);
    mesh.runTo(seconds(5));
    mesh.setValue("n1", 0.1);
    mesh.runTo(seconds(14));
    expect(mesh.estimate("n4", "max")?.value).toBe(0.9);
    expect(mesh.estimate("n4", "sum")?.value).toBeCloseTo(SUM, 4);
    mesh.runTo(seconds(29));
    expect(mesh.estimate("n4", "max")?.value).toBe(0.7);
    expect(mesh.estimate("n4", "sum")?.value).toBeCloseTo(SUM - 0.8, 4);
  });

  it("restore what a crash destroyed", () => {
    const mesh = new AggregationMesh(VALUES);
    mesh.runTo(seconds(1));
    mesh.kill("n1");
    mesh.runTo(seconds(29));
    for (const node of mesh.ids) {
      expect(mesh.estimate(node, "count")?.value).toBeCloseTo(6, 4);
      expect(mesh.estimate(node, "max")?.value).toBe(0.7);
    }
  });

  it("do not take a restarted node back into the one that it began before", () => {
    const mesh = new AggregationMesh(VALUES);
    mesh.runTo(seconds(4));
    mesh.kill("n2");
    mesh.boot("n2", 0.4);
    mesh.runTo(seconds(10));
    expect(mesh.nodes.get("n2")?.epoch).toBeNull();
    mesh.runTo(seconds(29));
    expect(mesh.estimate("n2", "count")?.value).toBeCloseTo(7, 4);
  });

  it("begin by the message of a clock that is a little ahead, and not by one far ahead", () => {
    const begun = (now: number) => {
      const machine = single();
      machine.step({ ...transfer(MASS, { epoch: 1 }), now });
      return machine.epoch;
    };
    expect(begun(EPOCH - seconds(1))).toBe(1);
    expect(begun(EPOCH - seconds(1) - 1)).toBe(0);
    const machine = single();
    machine.step({ ...transfer(MASS, { epoch: 2 ** 50 }), now: EPOCH + 1 });
    expect(machine.epoch).toBe(0);
  });

  it("that are over are refused for good, those to come are not answered", () => {
    const machine = single();
    machine.step({ kind: "timer", now: EPOCH, timer: "round" });
    expect(machine.epoch).toBe(1);
    expect(acks(machine.step({ ...transfer(MASS), now: EPOCH + 1 }))).toEqual([false]);
    expect(acks(machine.step({ ...transfer(MASS, { epoch: 2 }), now: EPOCH + 1 }))).toEqual([]);
  });

  it("do not go back with a clock that does", () => {
    const machine = single();
    machine.step({ kind: "timer", now: EPOCH, timer: "round" });
    machine.step({ kind: "timer", now: EPOCH - 5, timer: "round" });
    expect(machine.epoch).toBe(1);
  });

  it("each count with another root, so that one root's death spoils one epoch", () => {
    const mesh = new AggregationMesh(VALUES);
    const roots = [1, 2, 3, 4].map((epoch) => {
      mesh.runTo(epoch * EPOCH - 1);
      const held = new Set([...mesh.nodes.values()].map((node) => node.mass?.root));
      expect(held.size).toBe(1);
      return [...held][0];
    });
    expect(new Set(roots).size).toBeGreaterThan(1);
  });
});

describe("mass that no honest node sends", () => {
  const share = (change: Partial<Share>): Mass => {
    const [honest] = MASS.shares;
    return { ...MASS, shares: [{ weight: 0, sum: 0, extremes: null, ...honest, ...change }] };
  };
  const BAD: readonly (readonly [string, Mass])[] = [
    ["a weight that is not a number", share({ weight: Number.NaN })],
    ["a sum that is not a number", share({ sum: Number.NaN })],
    ["an infinite sum", share({ sum: Number.POSITIVE_INFINITY })],
    ["more weight than there are nodes", share({ weight: 7, sum: 3 })],
    ["a negative weight", share({ weight: -0.5, sum: -0.2 })],
    ["a sum over what its weight can have", share({ sum: 0.51 })],
    ["a sum below what its weight can have", share({ sum: -0.01 })],
    ["a maximum out of range", share({ extremes: { min: 0.5, max: 2 } })],
    ["a minimum that is not a number", share({ extremes: { min: Number.NaN, max: 0.5 } })],
    ["a minimum over the maximum", share({ extremes: { min: 0.6, max: 0.5 } })],
    ["weight without extremes", share({ extremes: null })],
    ["more root weight than 1", { ...MASS, rootWeight: 1.5 }],
    ["root weight that is not a number", { ...MASS, rootWeight: Number.NaN }],
  ];

  it.each(BAD)("is refused: %s", (_, mass) => {
    const machine = single();
    const before = machine.mass;
    const effects = machine.step(transfer(mass));
    expect(effects).toEqual([
      { kind: "emit", event: { kind: "refused", from: "B", code: "bad-mass" } },
    ]);
    expect(machine.mass).toEqual(before);
  });

  it("is refused for other metrics and for a root that nobody knows", () => {
    const code = (mass: Mass) => single().step(transfer(mass))[0];
    expect(code({ ...MASS, shares: [] })).toMatchObject({ event: { code: "wrong-metrics" } });
    const phantom = { ...MASS, root: "phantom" };
    expect(code(phantom)).toMatchObject({ event: { code: "unknown-root" } });
  });

  it("that lies within the limits cannot lead the mean out of the range of values", () => {
    const machine = single();
    for (let sequence = 1; sequence <= 50; sequence++) {
      const lie = { weight: 6, sum: 6, extremes: { min: 1, max: 1 } };
      machine.step(transfer({ ...MASS, shares: [lie] }, { sequence }));
    }
    const held = machine.mass?.shares[0];
    expect((held?.sum ?? 0) / (held?.weight ?? 1)).toBeLessThanOrEqual(1);
  });
});

describe("the node's own value", () => {
  it("is refused when it is no number, out of range or of no metric", () => {
    const told = (metric: string, value: number) =>
      single().step({ kind: "value", now: 5, metric, value });
    const refused = [{ kind: "emit", event: { kind: "bad-value", metric: "load" } }];
    expect(told("load", Number.NaN)).toEqual(refused);
    expect(told("load", Number.POSITIVE_INFINITY)).toEqual(refused);
    expect(told("load", 1.01)).toEqual(refused);
    expect(told("load", 1)).toEqual([]);
    expect(told("lod", 1)).toHaveLength(1);
  });
});
