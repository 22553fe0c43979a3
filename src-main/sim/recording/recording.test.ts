import { describe, expect, test } from "vitest";
import * as fc from "fast-check";
import { MeshError } from "#shared/contract/errors.ts";
import type { MeshEvent } from "#shared/contract/events.ts";
import { seconds } from "#main/kernel/time.ts";
import { TestMesh } from "../testing/toy-mesh.ts";
import { toyFactory } from "../testing/toy-node.ts";
import { formatRecording, parseRecording, type Recording } from "./format.ts";
import { recordingOf, replay } from "./replay.ts";

/** A run with commands between steps, at equal times, and one that is refused. */
function eventfulRun(): TestMesh {
  const test = new TestMesh({ nodes: 5, seed: 77, network: { latencyMs: 3, jitterMs: 4 } }).run(1);
  test.do({ type: "node.kill", nodes: ["A"] });
  test.do({
    type: "network.conditions",
    scope: { kind: "mesh" },
    conditions: { loss: 0.3 },
    forMs: 900,
  });
  test.mesh.runUntil(seconds(2), 17);
  test.do({ type: "node.slow", node: "B", delayMs: 30 });
  expect(() => test.do({ type: "node.kill", nodes: ["A"] })).toThrow(MeshError);
  test.mesh.runUntil(seconds(2), 3);
  test.do({ type: "node.restart", nodes: ["A"], disk: "keep" });
  test.do({ type: "clock.skew", node: "C", driftPpm: 50_000, offsetMs: 10 });
  test.do({ type: "node.pause", nodes: ["D"], forMs: 700 });
  return test.run(2.5);
}

function recorded(): Recording {
  const test = eventfulRun();
  return recordingOf(test.mesh, test.events, "0.0.1");
}

const text = formatRecording(recorded());

function problem(broken: string): { code: string; message: string } {
  try {
    parseRecording(broken);
  } catch (error) {
    if (error instanceof MeshError) {
      return { code: error.code, message: error.message };
    }
    throw error;
  }
  throw new Error("was not refused");
}

describe("recording", () => {
  test("comes back from its text as it was", () => {
    expect(parseRecording(text)).toEqual(recorded());
  });

  test("replays to the same hash, the same events and the same final draw", () => {
    const original = eventfulRun();
    const events: MeshEvent[] = [];
    const result = replay(parseRecording(text), {
      factory: toyFactory(),
      sink: (event) => events.push(event),
    });
    expect(result.same).toBe(true);
    expect(events).toEqual(original.events);
    expect(result.mesh.finalDraw()).toBe(original.mesh.finalDraw());
  });

  test("a run of another seed or with a command less is not the same", () => {
    const recording = parseRecording(text);
    const sink = (): void => undefined;
    const options = { ...recording.header.options, seed: 78 };
    const header = { ...recording.header, options };
    expect(
      outcome(() => replay({ ...recording, header }, { factory: toyFactory(), sink }).same),
    ).not.toBe(true);
    const commands = recording.commands.slice(0, -1);
    expect(
      outcome(() => replay({ ...recording, commands }, { factory: toyFactory(), sink }).same),
    ).not.toBe(true);
  });

  test("a file cut off anywhere is refused", () => {
    const lines = text.split("\n").length - 1;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: text.length - 2 }), (length) => {
        expect(problem(text.slice(0, length)).code).toBe("bad-recording");
      }),
      { numRuns: 50 },
    );
    const whole = text
      .split("\n")
      .slice(0, lines - 1)
      .join("\n");
    expect(problem(whole)).toEqual({
      code: "bad-recording",
      message: `line ${lines}: the file ends early; it was cut off`,
    });
  });

  test("the line with the damage is named", () => {
    const damage = (line: number, change: (content: string) => string): string =>
      text
        .split("\n")
        .map((content, i) => (i + 1 === line ? change(content) : content))
        .join("\n");
    expect(problem(damage(2, (line) => line.slice(5))).message).toMatch(/^line 2: not JSON/);
    expect(problem(damage(3, (line) => line.replace("network.", "netwurk."))).message).toMatch(
      /^line 3: /,
    );
    expect(problem(damage(20, (line) => line.replace('"seq":', '"seq":9'))).message).toMatch(
      /^line 20: event/,
    );
    expect(problem(damage(20, () => "")).message).toMatch(/^line 21: event \d+ does not follow/);
    expect(problem(damage(1, () => '{"kind":"meshdeck-recording","version":2}')).code).toBe(
      "version-mismatch",
    );
    expect(problem(damage(1, () => '{"hello":1}')).message).toBe(
      "line 1: this is no Meshdeck recording",
    );
    expect(problem(`${text}{}`).message).toMatch(/there is more after the end$/);
    expect(problem("").message).toMatch(/^line 1: /);
  });

  test("random text is refused as a bad recording, never with another error", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (noise) => {
        expect(problem(noise).code).toBe("bad-recording");
      }),
    );
  });
});

function outcome(run: () => boolean): boolean | string {
  try {
    return run();
  } catch (error) {
    return error instanceof MeshError ? error.code : "another error";
  }
}
