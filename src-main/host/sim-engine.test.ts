/** The paced source over the real simulator and the real nodes. */
import { afterEach, describe, expect, it, vi } from "vitest";
import type { MeshEvent } from "#shared/contract/events.ts";
import { meshOptionsSchema } from "#shared/contract/mesh-options.ts";
import { parseRecording } from "#main/sim/recording/format.ts";
import { replay } from "#main/sim/recording/replay.ts";
import { describeMeshSource } from "#main/sources/conformance/describe-mesh-source.ts";
import { RecordingSource } from "#main/sources/recording/recording-source.ts";
import { SimulatedSource } from "#main/sources/simulated/simulated-source.ts";
import { meshFactory } from "#main/sim/mesh-factory.ts";
import { SimEngine } from "./sim-engine.ts";

const CONTEXT = { actor: "test" };
const OPTIONS = meshOptionsSchema.parse({ name: "demo", seed: 5 });
const opened: SimulatedSource[] = [];
afterEach(async () => {
  for (const source of opened.splice(0)) await source.close();
});

function open(): SimulatedSource {
  const source = new SimulatedSource({
    id: "demo",
    name: "demo",
    engine: (sink) => new SimEngine(OPTIONS, [], sink),
    monotonicMs: () => performance.now(),
    wallMs: Date.now,
    onSinkError: () => undefined,
  });
  opened.push(source);
  return source;
}

describeMeshSource("simulated, real nodes", async () => {
  const source = open();
  const change = async (): Promise<void> =>
    void (await source.execute({ type: "time.step", unit: "change" }, CONTEXT));
  while (source.snapshot().counts.running < 9) await change();
  return {
    source,
    begin: 0,
    change,
    accepted: { type: "node.kill", nodes: ["E"] },
    unknownNode: { type: "node.kill", nodes: ["nobody"] },
    unsupported: { type: "user.event", name: "deploy", payload: "", coalesce: false },
    close: async () => undefined,
  };
});

describe("a run against the clock", () => {
  it("is recorded so that it can be repeated bit for bit, and looked into", async () => {
    const source = open();
    await source.execute({ type: "time.speed", ratio: 200 }, CONTEXT);
    await source.execute({ type: "time.play" }, CONTEXT);
    await vi.waitFor(() => expect(source.status().at).toBeGreaterThan(1_000_000), 4_000);
    await source.execute({ type: "node.kill", nodes: ["E"] }, CONTEXT);
    await new Promise((resolve) => setTimeout(resolve, 60));
    await source.execute({ type: "time.pause" }, CONTEXT);
    const text = await source.record();

    const events: MeshEvent[] = [];
    const recording = parseRecording(text);
    const sink = (event: MeshEvent): unknown => events.push(event);
    const again = replay(recording, { factory: meshFactory, sink });
    expect(again.same).toBe(true);
    expect(events).toEqual(await source.events(1, 1_000_000));
    expect(recording.commands.map(({ command }) => command.type)).toEqual(["node.kill"]);

    const past = new RecordingSource({ id: "r", text, onSinkError: () => undefined });
    expect(past.status().at).toBe(source.status().at);
    expect(past.snapshot().nodes.get("E")?.process).toBe("stopped");
    const { at: killedAt } = recording.commands[0] ?? { at: 0 };
    const before = await past.snapshotAt(killedAt - 1);
    expect(before.nodes.get("E")?.process).toBe("running");
  });
});
