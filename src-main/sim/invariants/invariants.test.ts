/** Every checker finds the bug it is there for, and is quiet without it. */
import { describe, expect, test } from "vitest";
import type { MeshEvent, MeshEventBody } from "#shared/contract/events.ts";
import { seconds } from "#main/kernel/time.ts";
import { createRandom } from "#main/kernel/prng.ts";
import type { NodeEffect, NodeInput } from "#main/node/mesh-node.ts";
import { TestMesh } from "../testing/toy-mesh.ts";
import { type Plant, toyFactory } from "../testing/toy-node.ts";
import { SimDisk } from "../world/disk.ts";
import { World } from "../world/world.ts";
import { SETTLE_US } from "./membership-checks.ts";
import { InvariantMonitor } from "./monitor.ts";

/** A mesh whose nodes emit these events once, `at` seconds after the start. */
function emitting(at: number, events: Readonly<Record<string, readonly MeshEventBody[]>>): Plant {
  const done = new Set<string>();
  return (input: NodeInput, effects, boot): readonly NodeEffect[] => {
    if (input.now < seconds(at) || done.has(boot.id)) {
      return effects;
    }
    done.add(boot.id);
    const planted = (events[boot.id] ?? []).map((event) => ({ kind: "emit", event }) as const);
    return [...effects, ...planted];
  };
}

function violationsOf(plant: Plant, forSeconds = 3, nodes = 5): string[] {
  const test = new TestMesh({ nodes }, toyFactory(plant)).run(forSeconds);
  test.mesh.checkQuiescence();
  return test.of("invariant.violated").map((event) => event.invariant);
}

function state(
  node: string,
  member: string,
  kind: "alive" | "dead",
  incarnation = 0,
): MeshEventBody {
  return { type: "member.state", node, member, state: kind, incarnation, reason: "test" };
}

function certificate(
  observers: string[],
  needed: number,
  of: number,
  incarnation = 0,
): MeshEventBody {
  return {
    type: "member.confirmed",
    node: observers[0] ?? "",
    member: "E",
    incarnation,
    observers,
    needed,
    of,
  };
}

describe("dead needs a quorum", () => {
  const two = { A: [state("A", "E", "dead")], B: [state("B", "E", "dead")] };

  test("two observers without a certificate", () => {
    expect(violationsOf(emitting(1, two))).toEqual(["dead-needs-quorum"]);
  });

  test("one observer alone may be ahead of its certificate", () => {
    expect(violationsOf(emitting(1, { A: two.A }))).toEqual([]);
  });

  test("a certificate of that incarnation, told by anyone, allows it; another does not", () => {
    const certified = { ...two, A: [certificate(["A", "B", "C"], 3, 5), ...two.A] };
    expect(violationsOf(emitting(1, certified))).toEqual([]);
    const other = { ...two, A: [certificate(["A", "B", "C"], 3, 5, 1), ...two.A] };
    expect(violationsOf(emitting(1, other))).toEqual(["dead-needs-quorum"]);
  });

  test("a certificate counts distinct observers, without the accused, over the agreed members", () => {
    const broken = [
      certificate(["A", "B"], 3, 5),
      certificate(["A", "B"], 2, 5),
      certificate(["A", "A", "B"], 3, 5),
      certificate(["A", "B", "E"], 3, 5),
      certificate(["A", "B"], 2, 4),
    ];
    for (const event of broken) {
      expect(violationsOf(emitting(1, { A: [event] }))).toEqual(["certificate-is-quorum"]);
    }
    expect(violationsOf(emitting(1, { A: [certificate(["A", "B", "C"], 3, 4)] }))).toEqual([]);
  });
});

describe("no false death", () => {
  const settled = SETTLE_US / 1e6;
  const dead = emitting(settled + 1, { A: [state("A", "E", "dead")] });

  test("of a node that runs and can be reached", () => {
    expect(violationsOf(dead, settled + 2)).toEqual(["no-false-death"]);
  });

  test("is no false one when the node is down, or when a fault was in force lately", () => {
    const down = new TestMesh({ nodes: 5 }, toyFactory(dead)).run(settled);
    down.do({ type: "node.kill", nodes: ["E"] });
    expect(down.run(2).of("invariant.violated")).toEqual([]);
    const early = emitting(settled - 1, { A: [state("A", "E", "dead")] });
    expect(violationsOf(early, settled + 2)).toEqual([]);
    const late = emitting(settled + 1, { A: [state("A", "E", "dead")] });
    const faulty = new TestMesh({ nodes: 5 }, toyFactory(late)).run(1);
    faulty.do({ type: "network.cut", from: ["A"], to: ["B"], forMs: 100 });
    expect(faulty.run(settled + 0.5).of("invariant.violated")).toEqual([]);
  });
});

describe("incarnations", () => {
  test("do not go back at an observer", () => {
    const back = { A: [state("A", "E", "alive", 3), state("A", "E", "alive", 2)] };
    expect(violationsOf(emitting(1, back))).toEqual(["incarnation-monotone"]);
  });

  test("may stay, and may start again with a new observer or a forgotten member", () => {
    const same = { A: [state("A", "E", "alive", 3), state("A", "E", "alive", 3)] };
    expect(violationsOf(emitting(1, same))).toEqual([]);
    const restarted: MeshEventBody = { type: "node.stopped", node: "A", reason: "killed" };
    const anew = { A: [state("A", "E", "alive", 3), restarted, state("A", "E", "alive", 2)] };
    expect(violationsOf(emitting(1, anew))).toEqual([]);
  });
});

describe("read-only", () => {
  const mode = (to: "read-only" | "read-write"): MeshEventBody => ({
    type: "partition.mode",
    node: "A",
    mode: to,
    reachable: 1,
    needed: 3,
    of: 5,
    reason: "test",
  });
  const published: MeshEventBody = {
    type: "rumour.published",
    node: "A",
    rumour: "r",
    topic: "t",
    payload: "",
    bytes: 0,
    urgent: false,
  };

  test("publishes nothing", () => {
    expect(violationsOf(emitting(1, { A: [mode("read-only"), published] }))).toEqual([
      "read-only-publishes-nothing",
    ]);
    const healed = [mode("read-only"), mode("read-write"), published];
    expect(violationsOf(emitting(1, { A: healed }))).toEqual([]);
  });
});

describe("at rest", () => {
  const digest = (node: string, members: string, rumours: string): MeshEventBody => ({
    type: "state.digest",
    node,
    members,
    rumours,
  });

  test("running nodes hold the same", () => {
    const equal = { A: [digest("A", "m", "r")], B: [digest("B", "m", "r")] };
    expect(violationsOf(emitting(1, equal))).toEqual([]);
    const members = { A: [digest("A", "m", "r")], B: [digest("B", "x", "r")] };
    expect(violationsOf(emitting(1, members))).toEqual(["equal-members"]);
    const rumours = { A: [digest("A", "m", "r")], B: [digest("B", "m", "x")] };
    expect(violationsOf(emitting(1, rumours))).toEqual(["equal-rumours"]);
  });
});

describe("the simulator itself", () => {
  function monitored(world: { now: number; inFlight: number; traffic: World["traffic"] }): {
    monitor: InvariantMonitor;
    found: string[];
  } {
    const found: string[] = [];
    const emit = (event: MeshEventBody): void => {
      if (event.type === "invariant.violated") {
        found.push(event.invariant);
      }
    };
    return { monitor: new InvariantMonitor(world, () => 0, emit), found };
  }
  const traffic = {
    sent: 5,
    duplicated: 1,
    delivered: 3,
    lost: 1,
    cut: 0,
    deadReceiver: 1,
    bytes: 0,
    latencyUs: 0,
  };

  test("loses no message without account", () => {
    const world = { now: 0, inFlight: 1, traffic };
    const { monitor, found } = monitored(world);
    monitor.afterStep();
    expect(found).toEqual([]);
    world.inFlight = 0;
    monitor.afterStep();
    monitor.afterStep();
    expect(found).toEqual(["conservation"]);
  });

  test("does not go back in time", () => {
    const world = { now: 5, inFlight: 1, traffic };
    const { monitor, found } = monitored(world);
    monitor.afterStep();
    world.now = 5;
    monitor.afterStep();
    expect(found).toEqual([]);
    world.now = 4;
    monitor.afterStep();
    expect(found).toEqual(["time-monotone"]);
  });

  test("lets nothing leave before it is written: a disk that lies is found out", () => {
    class LyingDisk extends SimDisk {
      override complete(): void {
        // Says the record is safe and forgets it.
      }
    }
    const missing: number[] = [];
    const world = new World(
      { seed: 1, network: {}, zoneLatencyMs: 0, createDisk: () => new LyingDisk(createRandom(1)) },
      {
        emitted: () => undefined,
        answered: () => undefined,
        failed: () => undefined,
        sentTooEarly: (_process, count) => missing.push(count),
      },
    );
    const send = { kind: "send", to: "B", bytes: Uint8Array.of(1), name: "x" } as const;
    const effects: readonly NodeEffect[] = [
      { kind: "persist", record: Uint8Array.of(1), checkpoint: false, then: [send] },
    ];
    world.start(world.add("A", undefined), () => ({ id: "A", step: () => effects }));
    world.step(seconds(1));
    expect(missing).toEqual([1]);
  });

  test("a node that throws is stopped and told, and the others go on", () => {
    const failing: Plant = (input, effects, boot) => {
      if (boot.id === "B" && input.now > seconds(1)) {
        throw new Error("planted");
      }
      return effects;
    };
    const test = new TestMesh({ nodes: 3 }, toyFactory(failing)).run(3);
    expect(test.last("node.stopped")).toMatchObject({ node: "B", reason: "failed" });
    expect(test.of("invariant.violated")).toMatchObject([
      { invariant: "node-does-not-fail", message: "B failed: planted", nodes: ["B"] },
    ]);
    expect(test.last("metrics.sampled")?.delivered).toBeGreaterThan(10);
  });
});

test("a healthy run of toys violates nothing under any fault", () => {
  const test = new TestMesh({ nodes: 6, seed: 5 }).run(1);
  test.do({
    type: "network.conditions",
    scope: { kind: "mesh" },
    conditions: { loss: 0.2, duplicate: 0.3, reorder: 0.3, bandwidth: 200 },
  });
  test.do({ type: "node.pause", nodes: ["A"], forMs: 900 });
  test.do({ type: "node.slow", node: "B", delayMs: 70 });
  test.do({ type: "clock.skew", node: "C", driftPpm: -200_000, offsetMs: -300 });
  for (let i = 0; i < 10; i++) {
    test.do({ type: "rumour.publish", node: "D", topic: "t", payload: "p" });
    test.do({ type: "node.kill", nodes: ["D"] });
    test.do({ type: "node.restart", nodes: ["D"], disk: "keep" });
    test.run(0.3);
  }
  test.run(5);
  const violated: MeshEvent[] = test.of("invariant.violated");
  expect(violated).toEqual([]);
});
