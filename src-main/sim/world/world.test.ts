import { describe, expect, test } from "vitest";
import { seconds } from "#main/kernel/time.ts";
import type { MeshNode, NodeEffect, NodeInput } from "#main/node/mesh-node.ts";
import { INBOX_CAPACITY, type Process, SWEEP_AT } from "./process.ts";
import { World } from "./world.ts";

type Behaviour = (input: NodeInput) => readonly NodeEffect[];

interface Heard {
  readonly at: number;
  readonly input: NodeInput;
}

/** A world whose nodes write down what they hear. */
class Lab {
  readonly heard = new Map<string, Heard[]>();
  readonly failures: string[] = [];
  readonly world = new World(
    { seed: 3, network: { latencyMs: 1 }, zoneLatencyMs: 0 },
    {
      emitted: () => undefined,
      answered: () => undefined,
      failed: (process) => this.failures.push(process.id),
      sentTooEarly: () => {
        throw new Error("too early");
      },
    },
  );

  add(id: string, behave: Behaviour = () => []): Process {
    const process = this.world.add(id, undefined);
    this.start(process, behave);
    return process;
  }

  start(process: Process, behave: Behaviour = () => []): void {
    const heard = this.heard.get(process.id) ?? [];
    this.heard.set(process.id, heard);
    const step = (input: NodeInput): readonly NodeEffect[] => {
      heard.push({ at: this.world.now, input });
      return behave(input);
    };
    this.world.start(process, (): MeshNode => ({ id: process.id, step }));
  }

  run(untilSeconds: number): void {
    while (this.world.step(seconds(untilSeconds))) {
      // Until nothing is due any more.
    }
    this.world.advance(seconds(untilSeconds));
  }

  times(id: string, kind: NodeInput["kind"]): number[] {
    return (this.heard.get(id) ?? [])
      .filter(({ input }) => input.kind === kind)
      .map(({ at }) => at);
  }
}

const send = (to: string, byte = 1): NodeEffect => ({
  kind: "send",
  to,
  bytes: Uint8Array.of(byte),
  name: "x",
});
const timer = (at: number | null, name = "t"): NodeEffect => ({ kind: "timer", timer: name, at });
const onStart =
  (...effects: NodeEffect[]): Behaviour =>
  (input) =>
    input.kind === "start" ? effects : [];

describe("timers", () => {
  test("fire once, at their time", () => {
    const lab = new Lab();
    lab.add("A", onStart(timer(500)));
    lab.run(1);
    expect(lab.times("A", "timer")).toEqual([500]);
  });

  test("set again they replace, put off or brought forward; null cancels", () => {
    const lab = new Lab();
    lab.add("A", onStart(timer(500), timer(900)));
    lab.add("B", onStart(timer(900), timer(500)));
    lab.add("C", onStart(timer(500), timer(null)));
    lab.add("D", onStart(timer(500), timer(null), timer(700), timer(600)));
    lab.run(1);
    expect(["A", "B", "C", "D"].map((id) => lab.times(id, "timer"))).toEqual([
      [900],
      [500],
      [],
      [600],
    ]);
  });

  test("in the past fire as soon as possible", () => {
    const lab = new Lab();
    lab.add("A", (input) => (input.kind === "message" ? [timer(0)] : []));
    lab.add("B", onStart(send("A")));
    lab.run(1);
    expect(lab.times("A", "timer")).toEqual([1_000]);
  });

  test("go by the node's own monotonic clock: its drift counts, a jump of its wall clock does not", () => {
    const lab = new Lab();
    const fast = lab.add("A", onStart(timer(10_000)));
    const slow = lab.add("B", onStart(timer(10_000)));
    const ahead = lab.add("C", onStart(timer(10_000)));
    lab.world.setClock(fast, 250_000, 0);
    lab.world.setClock(slow, -200_000, 0);
    lab.world.setClock(ahead, 0, 4_000);
    lab.run(1);
    expect([lab.times("A", "timer"), lab.times("B", "timer"), lab.times("C", "timer")]).toEqual([
      [8_000],
      [12_500],
      [10_000],
    ]);
    expect(lab.heard.get("A")?.[1]?.input.now).toBe(10_000);
  });

  test("of ever new names do not pile up", () => {
    const lab = new Lab();
    let count = 0;
    const process = lab.add("A", (input) => {
      count++;
      return count < 5_000 ? [timer(input.now + 10, `t${count}`)] : [];
    });
    lab.run(1);
    expect(count).toBe(5_000);
    expect(process.timers.size).toBeLessThanOrEqual(SWEEP_AT);
  });

  test("of an earlier life do not fire in the next", () => {
    const lab = new Lab();
    const process = lab.add("A", onStart(timer(500)));
    lab.world.crash(process, false);
    lab.start(process);
    lab.run(1);
    expect(lab.times("A", "timer")).toEqual([]);
  });
});

describe("messages", () => {
  test("to an earlier life, to a stopped process, or to nobody are dropped", () => {
    const lab = new Lab();
    const receiver = lab.add("B");
    lab.add("A", onStart(send("B"), send("nobody")));
    lab.world.crash(receiver, false);
    lab.start(receiver);
    lab.run(1);
    expect(lab.times("B", "message")).toEqual([]);
    expect(lab.world.traffic).toMatchObject({ sent: 2, delivered: 0, deadReceiver: 2 });
  });

  test("from a process that died meanwhile still arrive", () => {
    const lab = new Lab();
    lab.add("B");
    const sender = lab.add("A", onStart(send("B")));
    lab.world.crash(sender, false);
    lab.run(1);
    expect(lab.times("B", "message")).toEqual([1_000]);
  });

  test("under way when a cut comes do not arrive", () => {
    const lab = new Lab();
    lab.add("B");
    lab.add("A", onStart(send("B")));
    lab.world.network.apply("f", { kind: "cut", from: [0], to: [1], oneWay: false });
    lab.run(1);
    expect(lab.world.traffic).toMatchObject({ delivered: 0, cut: 1 });
  });

  test("at the same instant are not always first in, first out", () => {
    const lab = new Lab();
    lab.add("B");
    lab.add("A", onStart(...Array.from({ length: 20 }, (_, i) => send("B", i))));
    lab.run(1);
    const order = (lab.heard.get("B") ?? []).flatMap(({ input }) =>
      input.kind === "message" ? [input.bytes[0]] : [],
    );
    expect([...order].sort((a, b) => (a ?? 0) - (b ?? 0))).toEqual(
      Array.from({ length: 20 }, (_, i) => i),
    );
    expect(order).not.toEqual(Array.from({ length: 20 }, (_, i) => i));
  });
});

describe("writes", () => {
  const persist = (record: number, ...then: NodeEffect[]): NodeEffect => ({
    kind: "persist",
    record: Uint8Array.of(record),
    checkpoint: false,
    then,
  });

  test("hold back what the node wanted afterwards, across steps, in order", () => {
    const lab = new Lab();
    lab.add("B");
    const process = lab.add("A", (input) =>
      input.kind === "start"
        ? [persist(1, send("B", 1)), send("B", 2), persist(2, send("B", 3))]
        : [send("B", 4)],
    );
    lab.world.command(process, { id: 1, type: "leave" });
    expect(lab.world.traffic.sent).toBe(0);
    lab.world.step(seconds(1));
    expect([lab.world.traffic.sent, process.disk.completed]).toEqual([2, 1]);
    lab.world.step(seconds(1));
    expect(process.disk.completed).toBe(2);
    expect(lab.world.traffic.sent).toBe(4);
  });

  test("that a crash interrupts lose the record and what was to follow", () => {
    const lab = new Lab();
    lab.add("B");
    const process = lab.add("A", onStart(persist(1, send("B"))));
    lab.world.crash(process, false);
    lab.run(1);
    expect([process.disk.records.length, lab.world.traffic.sent]).toEqual([0, 0]);
  });

  test("end during a pause, and the node goes on with them when it goes on", () => {
    const lab = new Lab();
    lab.add("B");
    const process = lab.add("A", onStart(persist(1, send("B"))));
    lab.world.pause(process);
    lab.run(1);
    expect([process.disk.completed, lab.world.traffic.sent]).toEqual([1, 0]);
    lab.world.resume(process);
    expect(lab.world.traffic.sent).toBe(1);
  });
});

describe("a pause", () => {
  test("keeps messages in the socket in their order, and makes timers late", () => {
    const lab = new Lab();
    const process = lab.add("B", onStart(timer(2_000)));
    lab.world.pause(process);
    lab.add("A", (input) => {
      if (input.kind === "start") {
        return [timer(10, "one"), timer(20, "two")];
      }
      return input.kind === "timer" ? [send("B", input.timer === "one" ? 1 : 2)] : [];
    });
    lab.run(1);
    expect(lab.heard.get("B")).toHaveLength(1);
    lab.world.resume(process);
    lab.run(2);
    const after = (lab.heard.get("B") ?? [])
      .slice(1)
      .map(({ at, input }) => [at, input.kind === "message" ? input.bytes[0] : input.kind]);
    expect(after).toEqual([
      [1_000_000, "timer"],
      [1_000_001, 1],
      [1_000_002, 2],
    ]);
  });

  test("loses what the socket cannot hold, exactly", () => {
    const lab = new Lab();
    const process = lab.add("B");
    lab.world.pause(process);
    lab.add("A", onStart(...Array.from({ length: INBOX_CAPACITY + 3 }, () => send("B"))));
    lab.run(1);
    expect(lab.world.traffic.lost).toBe(3);
    expect(lab.world.inFlight).toBe(INBOX_CAPACITY);
    lab.world.crash(process, false);
    expect(lab.world.inFlight).toBe(0);
    expect(lab.world.traffic.deadReceiver).toBe(INBOX_CAPACITY);
  });
});

describe("a slow node", () => {
  test("handles messages and timers later, in their order", () => {
    const lab = new Lab();
    const process = lab.add("B", onStart(timer(5_000)));
    lab.world.setSlowness(process, 3_000);
    lab.add("A", onStart(send("B")));
    lab.run(1);
    expect([lab.times("B", "message"), lab.times("B", "timer")]).toEqual([[4_000], [8_000]]);
  });
});
