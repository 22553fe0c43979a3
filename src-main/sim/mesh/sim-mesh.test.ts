import { describe, expect, test } from "vitest";
import { MeshError } from "#shared/contract/errors.ts";
import { parseMeshEvent } from "#shared/contract/events.ts";
import { seconds } from "#main/kernel/time.ts";
import { TestMesh } from "../testing/toy-mesh.ts";
import { toyFactory } from "../testing/toy-node.ts";

function refusal(action: () => unknown): { code: string; message: string } {
  try {
    action();
  } catch (error) {
    if (error instanceof MeshError) {
      return { code: error.code, message: error.message };
    }
    throw error;
  }
  throw new Error("was not refused");
}

describe("the event stream", () => {
  test("begins with the mesh and its nodes, is numbered without gaps, and never goes back", () => {
    const test = new TestMesh({ nodes: 3, seed: 4 }).run(3);
    expect(test.events.slice(0, 4).map((event) => event.type)).toEqual([
      "mesh.started",
      "node.added",
      "node.added",
      "node.added",
    ]);
    expect(test.events.map((event) => event.seq)).toEqual(test.events.map((_, i) => i + 1));
    expect(
      test.events.every((event, i) => i === 0 || event.at >= (test.events[i - 1]?.at ?? 0)),
    ).toBe(true);
    for (const event of test.events) {
      expect(parseMeshEvent(structuredClone(event))).toEqual(event);
    }
  });

  test("names nodes A to Z and then by number, and deals zones in turn", () => {
    const test = new TestMesh({ nodes: 28, zones: 3 });
    const added = test.of("node.added");
    expect([added[0]?.node, added[25]?.node, added[26]?.node, added[27]?.node]).toEqual([
      "A",
      "Z",
      "n26",
      "n27",
    ]);
    expect(added.slice(0, 4).map((event) => event.zone)).toEqual(["z1", "z2", "z3", "z1"]);
  });

  test("samples traffic every virtual second, per node", () => {
    const test = new TestMesh({ nodes: 4, network: { latencyMs: 5 } }).run(5);
    const samples = test.of("metrics.sampled");
    expect(samples.map((event) => event.at)).toEqual([1, 2, 3, 4, 5].map(seconds));
    const second = samples[1];
    expect(second?.latencyMs).toBe(5);
    expect(second?.perNode?.map((entry) => entry.node)).toEqual(["A", "B", "C", "D"]);
    const sum = second?.perNode?.reduce((total, entry) => total + entry.sent, 0);
    expect(sum).toBe(second?.sent);
    expect(second?.sent).toBeGreaterThan(60);
    expect(second?.dropped).toBe(0);
  });
});

describe("time", () => {
  test("runUntil reaches its time exactly, or stops after so many events", () => {
    const { mesh } = new TestMesh({ nodes: 3 });
    expect(mesh.runUntil(seconds(2), 10)).toBe(10);
    expect(mesh.now).toBeLessThan(seconds(2));
    mesh.runUntil(seconds(2));
    expect(mesh.now).toBe(seconds(2));
  });

  test("stepEvent handles one event", () => {
    const { mesh } = new TestMesh({ nodes: 3 });
    const before = mesh.steps;
    expect(mesh.stepEvent()).toBe(true);
    expect(mesh.steps).toBe(before + 1);
  });

  test("stepToChange stops at an event that is more than background", () => {
    const test = new TestMesh({ nodes: 3 }).run(1);
    test.do({ type: "network.cut", from: ["A"], to: ["B"], forMs: 2_500 });
    const seen = test.events.length;
    expect(test.mesh.stepToChange()).toBe(true);
    const fresh = test.events.slice(seen).map((event) => event.type);
    expect(fresh).toEqual(["metrics.sampled", "metrics.sampled", "fault.cleared"]);
    expect(test.mesh.now).toBe(seconds(3.5));
  });

  test("a mesh whose nodes are all down is idle and has no change to step to", () => {
    const test = new TestMesh({ nodes: 2 }).run(1);
    expect(test.mesh.idle).toBe(false);
    test.do({ type: "node.kill", nodes: ["A", "B"] });
    test.run(1);
    expect(test.mesh.idle).toBe(true);
    expect(test.mesh.stepToChange()).toBe(false);
  });
});

describe("commands", () => {
  test("kill, restart and their refusals", () => {
    const test = new TestMesh({ nodes: 3 }).run(1);
    expect(refusal(() => test.do({ type: "node.restart", nodes: ["A"], disk: "keep" })).code).toBe(
      "invalid-state",
    );
    test.do({ type: "node.kill", nodes: ["A"] });
    expect(test.last("node.stopped")).toMatchObject({ node: "A", reason: "killed" });
    expect(refusal(() => test.do({ type: "node.kill", nodes: ["A"] })).code).toBe("not-running");
    expect(refusal(() => test.do({ type: "node.kill", nodes: ["B", "X"] })).code).toBe(
      "unknown-node",
    );
    expect(test.of("node.stopped")).toHaveLength(1);
    test.do({ type: "node.restart", nodes: ["A"], disk: "keep" });
    expect(test.last("node.started")).toMatchObject({ node: "A", disk: "kept" });
  });

  test("what is refused is an event too, with its code", () => {
    const test = new TestMesh({ nodes: 2 }).run(1);
    refusal(() => test.do({ type: "node.kill", nodes: ["X"] }));
    expect(test.last("command.executed")).toMatchObject({
      command: "node.kill",
      summary: "node.kill nodes=X",
      actor: "tester",
      ok: false,
      error: { code: "unknown-node" },
    });
  });

  test("a publication is told only when it is on disk; a crash before loses both", () => {
    const kept = new TestMesh({ nodes: 3 }).run(1);
    kept.do({ type: "rumour.publish", node: "A", topic: "t", payload: "hello" });
    kept.run(1);
    expect(
      kept
        .of("user.event")
        .map((event) => event.node)
        .map(String)
        .sort(),
    ).toEqual(["B", "C"]);
    kept.do({ type: "node.kill", nodes: ["A"] });
    kept.do({ type: "node.restart", nodes: ["A"], disk: "keep" });
    expect(kept.last("node.started")?.incarnation).toBe(1);

    const lost = new TestMesh({ nodes: 3 }).run(1);
    lost.do({ type: "rumour.publish", node: "A", topic: "t", payload: "hello" });
    lost.do({ type: "node.kill", nodes: ["A"] });
    lost.do({ type: "node.restart", nodes: ["A"], disk: "keep" });
    lost.run(1);
    expect(lost.last("node.started")?.incarnation).toBe(0);
    expect(lost.of("user.event")).toEqual([]);
  });

  test("a torn write leaves half a record behind, a wiped disk nothing", () => {
    const test = new TestMesh({ nodes: 2 }).run(1);
    test.do({ type: "rumour.publish", node: "A", topic: "t", payload: "hello" });
    test.do({ type: "node.kill", nodes: ["A"], tornWrite: true });
    test.do({ type: "node.restart", nodes: ["A"], disk: "keep" });
    expect(test.last("node.started")?.incarnation).toBe(1);
    test.do({ type: "node.kill", nodes: ["A"] });
    test.do({ type: "node.restart", nodes: ["A"], disk: "wipe" });
    expect(test.last("node.started")).toMatchObject({ incarnation: 0, disk: "wiped" });
  });

  test("pause for a while resumes by itself, unless it was resumed before", () => {
    const test = new TestMesh({ nodes: 2 }).run(1);
    test.do({ type: "node.pause", nodes: ["A"], forMs: 500 });
    expect(refusal(() => test.do({ type: "node.pause", nodes: ["A"] })).code).toBe("invalid-state");
    expect(
      refusal(() => test.do({ type: "rumour.publish", node: "A", topic: "t", payload: "" })).code,
    ).toBe("invalid-state");
    test.run(1);
    expect(test.last("node.resumed")?.at).toBe(seconds(1.5));
    test.do({ type: "node.pause", nodes: ["A"], forMs: 500 });
    test.do({ type: "node.resume", nodes: ["A"] });
    test.do({ type: "node.pause", nodes: ["A"] });
    test.run(1);
    expect(test.of("node.resumed")).toHaveLength(2);
    expect(refusal(() => test.do({ type: "node.resume", nodes: ["B"] })).code).toBe(
      "invalid-state",
    );
  });

  test("a partition stops all messages between its groups, others stay with the first", () => {
    const test = new TestMesh({ nodes: 4, network: { latencyMs: 1 } }).run(1);
    const { created } = test.do({ type: "network.partition", groups: [["A"], ["C"]] });
    test.run(0.1);
    const from = test.mesh.nextSerial;
    test.run(3);
    const { batch } = test.mesh.trace({ fromSerial: from, limit: 10_000 });
    const outcomeOf = (a: string, b: string): ReadonlySet<number | undefined> => {
      const pairs = [batch.nodes.indexOf(a), batch.nodes.indexOf(b)];
      const rows = batch.from.flatMap((sender, i) =>
        pairs.includes(sender) && pairs.includes(batch.to[i] ?? -1) ? [batch.outcome[i]] : [],
      );
      return new Set(rows);
    };
    expect(outcomeOf("A", "C")).toEqual(new Set([3]));
    expect(outcomeOf("B", "C")).toEqual(new Set([3]));
    expect(outcomeOf("A", "B")).not.toContain(3);
    test.do({ type: "fault.clear", fault: created ?? "" });
    expect(test.last("fault.cleared")).toMatchObject({ fault: "f1", reason: "operator" });
    expect(refusal(() => test.do({ type: "fault.clear", fault: "f1" })).code).toBe("unknown-fault");
    expect(
      refusal(() => test.do({ type: "network.partition", groups: [["A"], ["A", "B"]] })).code,
    ).toBe("bad-command");
  });

  test("a new node joins through seeds, under a free name, up to the limit", () => {
    const test = new TestMesh({ nodes: 2, maxNodes: 3 }).run(1);
    expect(refusal(() => test.do({ type: "node.add", node: "A" })).code).toBe("already-exists");
    expect(refusal(() => test.do({ type: "node.add", seeds: ["X"] })).code).toBe("unknown-node");
    expect(test.do({ type: "node.add", zone: "z9" })).toEqual({ created: "C" });
    expect(test.last("node.added")).toMatchObject({ node: "C", zone: "z9" });
    expect(refusal(() => test.do({ type: "node.add" })).code).toBe("limit-reached");
  });

  test("remove lets a running node leave first, and its name can be given again", () => {
    const test = new TestMesh({ nodes: 3, maxNodes: 3 }).run(1);
    test.do({ type: "node.remove", node: "B" });
    expect(test.of("node.removed")).toEqual([]);
    test.run(1);
    const tail = test.events.filter((event) => "node" in event && event.node === "B").slice(-3);
    expect(tail.map((event) => event.type)).toEqual([
      "member.leaving",
      "node.stopped",
      "node.removed",
    ]);
    expect(test.last("node.stopped")?.reason).toBe("left");
    expect(test.do({ type: "node.add", node: "B" })).toEqual({ created: "B" });
  });

  test("a node that never answers its leave is taken off after ten seconds", () => {
    const silent = toyFactory((input, effects) =>
      input.kind === "command" && input.command.type === "leave" ? [] : effects,
    );
    const test = new TestMesh({ nodes: 3 }, silent).run(1);
    test.do({ type: "node.remove", node: "B" });
    test.run(9.999);
    expect(test.of("node.removed")).toEqual([]);
    test.run(0.001);
    expect(test.last("node.removed")).toMatchObject({ node: "B", at: seconds(11) });
  });

  test("a node's refusal comes back with its code", () => {
    const test = new TestMesh({ nodes: 2 }).run(1);
    expect(refusal(() => test.do({ type: "route.trace", from: "A", to: "B" }))).toEqual({
      code: "invalid-state",
      message: "toys trace nothing",
    });
  });

  test("a slow node answers late; a second slowness takes the first one's place", () => {
    const test = new TestMesh({ nodes: 2, network: { latencyMs: 1 } }).run(1);
    test.do({ type: "node.slow", node: "B", delayMs: 200 });
    test.do({ type: "node.slow", node: "B", delayMs: 50 });
    expect(test.last("fault.cleared")?.fault).toBe("f1");
    const from = test.mesh.nextSerial;
    test.run(2);
    const { batch } = test.mesh.trace({ fromSerial: from, limit: 10_000 });
    const to = batch.to.map((receiver) => batch.nodes[receiver]);
    const delays = batch.sentAt.map((sent, i) => (batch.arrivedAt[i] ?? 0) - sent);
    expect(new Set(delays.filter((delay, i) => to[i] === "B" && delay > 0))).toEqual(
      new Set([51_000]),
    );
    expect(new Set(delays.filter((delay, i) => to[i] === "A" && delay > 0))).toEqual(
      new Set([1_000]),
    );
    test.do({ type: "node.slow", node: "B", delayMs: 0 });
    expect(test.last("fault.cleared")?.fault).toBe("f2");
  });

  test("settings are told to nodes that start later", () => {
    const heard: string[] = [];
    const listening = toyFactory((input, effects, boot) => {
      if (input.kind === "command") {
        heard.push(`${boot.id}:${input.command.type}`);
      }
      return effects;
    });
    const test = new TestMesh({ nodes: 2 }, listening).run(1);
    test.do({ type: "topology.set", kind: "ring" });
    test.do({ type: "gossip.set", fanout: 2 });
    expect(test.last("mesh.gossip")).toMatchObject({
      mode: "push-pull",
      fanout: 2,
      intervalMs: 2_000,
    });
    test.do({ type: "node.add", node: "Q" });
    expect(heard).toEqual([
      "A:topology",
      "B:topology",
      "A:gossip",
      "B:gossip",
      "Q:topology",
      "Q:gossip",
    ]);
  });

  test("the clock and attached engines are not this mesh's business", () => {
    const test = new TestMesh({ nodes: 1 });
    expect(refusal(() => test.do({ type: "time.play" })).code).toBe("not-supported");
    expect(refusal(() => test.do({ type: "user.event", name: "x", payload: "" })).code).toBe(
      "not-supported",
    );
  });

  test("more log lines than a node may write are skipped and counted", () => {
    const chatty = toyFactory((input, effects, boot) => {
      const line = { type: "log", node: boot.id, level: "info", topic: "t", text: "x" } as const;
      const lines = Array.from({ length: 60 }, () => ({ kind: "emit", event: line }) as const);
      return input.kind === "start" || input.kind === "command" ? [...effects, ...lines] : effects;
    });
    const test = new TestMesh({ nodes: 1 }, chatty).run(2);
    expect(test.of("log")).toHaveLength(50);
    test.do({ type: "rumour.publish", node: "A", topic: "t", payload: "p" });
    test.run(1);
    expect(test.of("log")[50]?.text).toBe(
      "10 lines of this node were skipped: too many in one second",
    );
    expect(test.of("log")).toHaveLength(101);
  });
});
