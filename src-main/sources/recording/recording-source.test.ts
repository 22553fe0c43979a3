import { describe, expect, it } from "vitest";
import { meshOptionsSchema } from "#shared/contract/mesh-options.ts";
import type { MeshEvent } from "#shared/contract/events.ts";
import { formatRecording } from "#main/sim/recording/format.ts";
import { recordingSink } from "../conformance/harness.ts";
import { ToyEngine } from "../simulated/toy-testkit.ts";
import { RecordingSource } from "./recording-source.ts";

function recordingText(steps: number): { text: string; events: readonly MeshEvent[] } {
  const events: MeshEvent[] = [];
  const engine = new ToyEngine((event) => events.push(event));
  for (let step = 0; step < steps; step += 1) engine.stepEvent();
  const options = meshOptionsSchema.parse({ name: "toy" });
  const text = formatRecording({
    header: { kind: "meshdeck-recording", version: 1, build: "0.1.0", options },
    commands: [],
    events,
    end: {
      kind: "end",
      steps,
      at: engine.now + 5,
      hash: "0123456789abcdef",
      commands: 0,
      events: events.length,
    },
  });
  return { text, events };
}

function open(text: string): RecordingSource {
  return new RecordingSource({ id: "r", text, onSinkError: () => undefined });
}

describe("a recording", () => {
  const { text, events } = recordingText(200);

  it("is the whole run, at its end, and does not move", () => {
    const source = open(text);
    expect(source.describe()).toMatchObject({ name: "toy (recording)", kind: "recording" });
    expect(source.status()).toEqual({
      connection: { state: "stopped", reason: "This is a recording; it has ended." },
      seq: 207,
      at: 2_000_005,
      historyFrom: 0,
      playing: false,
    });
    expect(source.snapshot().nodes.size).toBe(3);
  });

  it("can be looked into at any moment", async () => {
    const source = open(text);
    expect((await source.snapshotAt(1_000_000)).seq).toBe(107);
    expect(await source.events(100, 3)).toEqual(events.slice(99, 102));
    expect(await source.record()).toBe(text);
  });

  it("gives all of its events to who asks for them", async () => {
    const sink = recordingSink();
    open(text).subscribe(sink, 0);
    await Promise.resolve();
    expect(sink.seen).toEqual(events);
  });

  it("cannot be changed", async () => {
    await expect(open(text).execute()).rejects.toMatchObject({ code: "not-supported" });
  });

  it.each([
    ["empty", ""],
    ["cut off", text.slice(0, text.length / 2)],
    ["no recording", "hello\n"],
    ["damaged in the middle", text.replace('"seq":50,', '"seq":51,')],
  ])("that is %s is refused", (_what, broken) => {
    expect(() => open(broken)).toThrow(expect.objectContaining({ code: "bad-recording" }));
  });
});
