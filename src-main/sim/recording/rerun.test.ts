import { describe, expect, test } from "vitest";
import type { MeshEvent } from "#shared/contract/events.ts";
import { meshOptionsSchema } from "#shared/contract/mesh-options.ts";
import { seconds } from "#main/kernel/time.ts";
import { SimMesh } from "../mesh/sim-mesh.ts";
import { TestMesh } from "../testing/toy-mesh.ts";
import { toyFactory } from "../testing/toy-node.ts";
import type { GivenCommand } from "../types.ts";
import { Rerun } from "./rerun.ts";

/** Commands between steps, several at one moment, one that is refused. */
function original(): TestMesh {
  const test = new TestMesh({ nodes: 4, seed: 11 }).run(1);
  test.do({ type: "node.kill", nodes: ["A"] });
  expect(() => test.do({ type: "node.kill", nodes: ["A"] })).toThrow("A is stopped");
  test.do({ type: "node.restart", nodes: ["A"], disk: "keep" });
  test.mesh.runUntil(seconds(1.5), 7);
  test.do({ type: "node.slow", node: "B", delayMs: 30 });
  return test.run(2);
}

function again(commands: readonly GivenCommand[], seq: number, slice: number): TestMesh {
  const fork = new TestMesh({ nodes: 4, seed: 11 });
  const rerun = new Rerun(fork.mesh, commands, { seq });
  while (!rerun.advance(slice)) {
    expect(fork.mesh.seq - seq).toBeLessThan(20);
  }
  return fork;
}

describe("a run done again up to an event", () => {
  const test1 = original();
  const { commands } = test1.mesh;
  const seqs = test1.events.map((event) => event.seq);

  test.each([1, 3, 1_000_000])("is what it was, in slices of %i steps", (slice) => {
    for (const seq of seqs.filter((seq) => seq % 3 === 1 || seq > 20)) {
      const fork = again(commands, seq, slice);
      expect(fork.mesh.seq).toBeGreaterThanOrEqual(seq);
      expect(fork.events).toEqual(test1.events.slice(0, fork.events.length));
    }
  });

  test("takes along the commands before the event and none after it", () => {
    const killed = test1.events.find((event) => event.type === "node.stopped")?.seq ?? 0;
    expect(again(commands, killed - 1, 10).mesh.commands).toEqual([]);
    expect(again(commands, killed, 10).mesh.commands).toEqual(commands.slice(0, 1));
    const last = test1.events.findLast((event) => event.type === "command.executed")?.seq ?? 0;
    expect(again(commands, last, 10).mesh.commands).toEqual(commands);
  });

  test("without further commands goes on as it went, to the same hash", () => {
    const last = test1.events.findLast((event) => event.type === "command.executed")?.seq ?? 0;
    const fork = again(commands, last, 10);
    fork.mesh.runUntil(test1.mesh.now);
    expect(fork.mesh.traceHash).toBe(test1.mesh.traceHash);
    expect(fork.events).toEqual(test1.events);
    expect(fork.mesh.finalDraw()).toBe(original().mesh.finalDraw());
  });

  test("with another command goes another way", () => {
    const fork = again(commands, 12, 10);
    fork.do({ type: "node.kill", nodes: ["D"] });
    fork.mesh.runUntil(test1.mesh.now);
    expect(fork.events.slice(0, 12)).toEqual(test1.events.slice(0, 12));
    expect(fork.mesh.traceHash).not.toBe(test1.mesh.traceHash);
  });

  test("of a fork is a fork again", () => {
    const first = again(commands, 14, 10);
    first.do({ type: "node.pause", nodes: ["C"] });
    first.run(1);
    const second = again(first.mesh.commands, first.mesh.seq, 10);
    expect(second.events).toEqual(first.events);
  });

  test("of a run that another program made is refused", () => {
    const moved = commands.map((given) => ({ ...given, at: given.at - 1 }));
    expect(() => again(moved, 1_000, 10)).toThrow("was it made by another version?");
  });
});

test("a run of nothing but time ends where it was saved", () => {
  const events: MeshEvent[] = [];
  const options = meshOptionsSchema.parse({ nodes: 2 });
  const mesh = new SimMesh(options, { factory: toyFactory(), sink: (event) => events.push(event) });
  mesh.runUntil(1_234);
  const copy = new TestMesh({ nodes: 2 }).mesh;
  expect(new Rerun(copy, [], { steps: mesh.steps, at: 1_234 }).advance(1_000)).toBe(true);
  expect(copy.now).toBe(1_234);
});
