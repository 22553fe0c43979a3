import { describe, expect, test } from "vitest";
import type { MeshCommandInput } from "#shared/contract/commands.ts";
import { MeshError } from "#shared/contract/errors.ts";
import type { MeshEvent } from "#shared/contract/events.ts";
import { MESSAGE_OUTCOMES } from "#shared/contract/trace.ts";
import { seconds } from "#main/kernel/time.ts";
import { recordingOf, replay } from "../recording/replay.ts";
import { TestMesh } from "../testing/toy-mesh.ts";
import { toyFactory } from "../testing/toy-node.ts";

/** Two nodes, 50 ms apart: a ping is on its way half of the time. */
const OPTIONS = { nodes: 2, seed: 3, network: { latencyMs: 50, jitterMs: 0 } };

function code(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof MeshError) {
      return error.code;
    }
    throw error;
  }
  return "no error";
}

/** Runs until a message is sent, and gives its serial number. */
function nextMessage({ mesh }: TestMesh): number {
  const serial = mesh.nextSerial;
  while (mesh.nextSerial === serial) {
    mesh.stepEvent();
  }
  return serial;
}

function row(test: TestMesh, serial: number): { outcome: string; took: number } {
  const { batch } = test.mesh.trace({ fromSerial: serial, limit: 1 });
  const outcome = MESSAGE_OUTCOMES[batch.outcome[0] ?? -1] ?? "";
  return { outcome, took: (batch.arrivedAt[0] ?? 0) - (batch.sentAt[0] ?? 0) };
}

describe("a message on its way", () => {
  test("that is dropped never arrives, and the stream tells which it was", () => {
    const test = new TestMesh(OPTIONS).run(1);
    const unharmed = new TestMesh(OPTIONS).run(1);
    const message = nextMessage(test);
    nextMessage(unharmed);
    test.do({ type: "message.drop", message });
    expect(row(test, message).outcome).toBe("lost");
    expect(test.last("message.meddled")).toMatchObject({
      message,
      what: "dropped",
      from: test.mesh.message(message).from,
      to: test.mesh.message(message).to,
      name: test.mesh.message(message).name,
    });
    test.run(0.051);
    unharmed.run(0.051);
    expect(row(test, message).outcome).toBe("lost");
    expect(unharmed.mesh.delivered - test.mesh.delivered).toBe(1);
    expect(code(() => test.do({ type: "message.drop", message }))).toBe("unknown-message");
  });

  test("that is delayed arrives that much later, twice as late when delayed twice", () => {
    const test = new TestMesh(OPTIONS).run(1);
    const message = nextMessage(test);
    test.do({ type: "message.delay", message, byMs: 200 });
    test.run(0.1);
    expect(row(test, message).outcome).toBe("in-flight");
    test.do({ type: "message.delay", message, byMs: 300 });
    test.run(1);
    expect(row(test, message)).toEqual({ outcome: "delivered", took: 550_000 });
  });

  test("that is duplicated arrives twice", () => {
    const [once, twice] = [new TestMesh(OPTIONS).run(1), new TestMesh(OPTIONS).run(1)];
    const message = nextMessage(once);
    nextMessage(twice);
    twice.do({ type: "message.duplicate", message });
    once.run(0.052);
    twice.run(0.052);
    expect(twice.mesh.delivered - once.mesh.delivered).toBe(1);
  });

  test("that was duplicated is dropped with its copy", () => {
    const [once, none] = [new TestMesh(OPTIONS).run(1), new TestMesh(OPTIONS).run(1)];
    const message = nextMessage(once);
    nextMessage(none);
    none.do({ type: "message.duplicate", message });
    none.do({ type: "message.drop", message });
    once.run(0.052);
    none.run(0.052);
    expect(once.mesh.delivered - none.mesh.delivered).toBe(1);
    expect(row(none, message).outcome).toBe("lost");
  });

  test("can be dropped when the network doubled it, all copies at once", () => {
    const test = new TestMesh({ ...OPTIONS, network: { ...OPTIONS.network, duplicate: 1 } }).run(1);
    const message = nextMessage(test);
    test.do({ type: "message.drop", message });
    test.run(1);
    expect(row(test, message).outcome).toBe("lost");
  });
});

describe("a message that is not on its way", () => {
  test.each([
    { type: "message.drop", message: 0 },
    { type: "message.delay", message: 0, byMs: 5 },
    { type: "message.duplicate", message: 0 },
    { type: "message.drop", message: 1_000_000 },
  ] satisfies MeshCommandInput[])("is refused: %o", (command) => {
    const test = new TestMesh(OPTIONS).run(2);
    expect(code(() => test.do(command))).toBe("unknown-message");
    expect(test.of("message.meddled")).toEqual([]);
    expect(test.last("command.executed")).toMatchObject({ ok: false });
  });

  test("because it waits in the socket of a paused node arrives when that goes on", () => {
    const test = new TestMesh(OPTIONS).run(1);
    const message = nextMessage(test);
    test.do({ type: "node.pause", nodes: [test.mesh.message(message).to] });
    test.run(0.2);
    expect(code(() => test.do({ type: "message.drop", message }))).toBe("unknown-message");
    test.do({ type: "node.resume", nodes: [test.mesh.message(message).to] });
    test.run(0.01);
    expect(row(test, message).outcome).toBe("delivered");
  });
});

describe("meddling", () => {
  test("is part of the run: its replay comes to the same hash", () => {
    const test = new TestMesh({ ...OPTIONS, nodes: 4 }).run(1);
    test.do({ type: "message.drop", message: nextMessage(test) });
    test.do({ type: "message.delay", message: nextMessage(test), byMs: 777 });
    test.do({ type: "message.duplicate", message: nextMessage(test) });
    test.run(3);
    const events: MeshEvent[] = [];
    const recording = recordingOf(test.mesh, test.events, "test");
    const sink = (event: MeshEvent): unknown => events.push(event);
    expect(replay(recording, { factory: toyFactory(), sink }).same).toBe(true);
    expect(events).toEqual(test.events);
  });

  test("leaves the account of traffic whole", () => {
    const test = new TestMesh(OPTIONS).run(1);
    for (let i = 0; i < 50; i++) {
      const message = nextMessage(test);
      if (i % 3 === 0) test.do({ type: "message.drop", message });
      if (i % 3 === 1) test.do({ type: "message.delay", message, byMs: 5 });
      if (i % 3 === 2) test.do({ type: "message.duplicate", message });
    }
    test.run(1);
    expect(test.of("invariant.violated")).toEqual([]);
  });
});

describe("what a scenario says", () => {
  test("is an event of the stream", () => {
    const test = new TestMesh(OPTIONS);
    test.do({ type: "lesson.say", index: 0, total: 2, en: "Look.", point: "node:A", pause: true });
    expect(test.last("lesson.step")).toMatchObject({
      index: 0,
      total: 2,
      en: "Look.",
      point: "node:A",
      pause: true,
    });
  });
});

describe("messages of a stretch of time", () => {
  test("are those of the nodes asked for; an unknown node has none", () => {
    const test = new TestMesh({ ...OPTIONS, nodes: 5 }).run(3);
    const window = { from: seconds(1), to: seconds(2), limit: 1_000 };
    const all = test.mesh.messages(window);
    expect(all.sentAt.length).toBeGreaterThan(20);
    expect(all.sentAt.every((at) => at >= seconds(1) && at <= seconds(2))).toBe(true);
    const some = test.mesh.messages({ ...window, nodes: ["B"] });
    expect(some.sentAt.length).toBeLessThan(all.sentAt.length);
    expect(some.from.every((from, i) => from === 1 || some.to[i] === 1)).toBe(true);
    expect(test.mesh.messages({ ...window, nodes: ["nobody"] }).sentAt).toEqual([]);
  });

  test("keep their content in a small mesh only", () => {
    const small = new TestMesh({ nodes: 64 }).run(0.3);
    expect(small.mesh.message(0).content).toBeInstanceOf(Uint8Array);
    const large = new TestMesh({ nodes: 65 }).run(0.3);
    expect(large.mesh.message(0)).toMatchObject({ name: "toy.ping", content: undefined });
    expect(code(() => large.mesh.message(9_999_999))).toBe("unknown-message");
  });
});

describe("looking into a node", () => {
  test("that tells nothing of itself gives its clock and empty lists", () => {
    const test = new TestMesh({ nodes: 2 });
    test.do({ type: "clock.skew", node: "A", driftPpm: 250_000 });
    test.run(1);
    expect(test.mesh.inspect("A", undefined, 10)).toEqual({
      node: "A",
      at: seconds(1),
      clock: seconds(1.25),
      log: [],
      memory: [],
      memorySkipped: 0,
      reputation: [],
    });
  });

  test("that is not there, or does not run, is refused", () => {
    const test = new TestMesh({ nodes: 2 }).run(1);
    expect(code(() => test.mesh.inspect("Z", undefined, 10))).toBe("unknown-node");
    test.do({ type: "node.kill", nodes: ["B"] });
    expect(code(() => test.mesh.inspect("B", undefined, 10))).toBe("not-running");
  });
});
