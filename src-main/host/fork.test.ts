/** Forks of meshes in a catalogue: the same past, bit for bit, then a way of their own. */
import { afterEach, describe, expect, it } from "vitest";
import type { MeshCommandInput } from "#shared/contract/commands.ts";
import { meshCommandSchema } from "#shared/contract/commands.ts";
import { MeshError } from "#shared/contract/errors.ts";
import type { MeshEvent } from "#shared/contract/events.ts";
import { meshOptionsSchema } from "#shared/contract/mesh-options.ts";
import type { MeshSource } from "#main/sources/mesh-source.ts";
import { parseRecording } from "#main/sim/recording/format.ts";
import { MeshCatalogue } from "./mesh-catalogue.ts";
import { createSourceOpener } from "./open-sources.ts";

const ALL = Number.MAX_SAFE_INTEGER;
let catalogue: MeshCatalogue;

function newCatalogue(): MeshCatalogue {
  catalogue = new MeshCatalogue(
    createSourceOpener({
      onSinkError: (error) => {
        throw error;
      },
      segments: undefined,
    }),
  );
  return catalogue;
}
afterEach(() => catalogue.closeAll());

async function run(source: MeshSource, steps: number): Promise<void> {
  for (let step = 0; step < steps; step += 1)
    await act(source, { type: "time.step", unit: "event" });
}

function act(source: MeshSource, command: MeshCommandInput): Promise<unknown> {
  return source.execute(meshCommandSchema.parse(command), { actor: "test" });
}

/** Steps, a kill, steps, a refused command, a restart, steps. */
async function eventfulMesh(): Promise<MeshSource> {
  const options = meshOptionsSchema.parse({ name: "demo", seed: 9, nodes: 5 });
  const [id = ""] = await newCatalogue().open({ kind: "simulated", options });
  const source = catalogue.get(id);
  await run(source, 300);
  await act(source, { type: "node.kill", nodes: ["B"] });
  await run(source, 200);
  await act(source, { type: "node.kill", nodes: ["B"] }).catch(() => undefined);
  await act(source, { type: "node.restart", nodes: ["B"], disk: "keep" });
  await run(source, 300);
  return source;
}

async function fork(of: string, seq: number, name?: string): Promise<MeshSource> {
  return catalogue.get(await catalogue.fork(of, { seq, name }));
}

function eventsOf(source: MeshSource): Promise<readonly MeshEvent[]> {
  return source.events(1, ALL);
}

async function hashOf(source: MeshSource): Promise<string> {
  return parseRecording(await source.record()).end.hash;
}

async function code(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof MeshError) return error.code;
    throw error;
  }
  return "no error";
}

describe("a fork", () => {
  it("has the past of its mesh up to the event, stands still there, and says where it came from", async () => {
    const source = await eventfulMesh();
    const events = await eventsOf(source);
    for (const seq of [0, 1, 7, Math.floor(events.length / 2), events.length]) {
      const twin = await fork("demo", seq);
      const past = await eventsOf(twin);
      expect(past.length).toBeGreaterThanOrEqual(seq);
      expect(past).toEqual(events.slice(0, past.length));
      const at = twin.status().at;
      expect(twin.describe()).toMatchObject({
        kind: "simulated",
        name: "demo (fork)",
        forkedFrom: { mesh: "demo", seq: past.length, at },
      });
      expect(twin.status().playing).toBe(false);
    }
  });

  it("that is left alone goes on as its mesh did, to the same hash", async () => {
    const source = await eventfulMesh();
    const restarted = (await eventsOf(source)).findLast(({ type }) => type === "command.executed");
    const twin = await fork("demo", restarted?.seq ?? 0);
    await run(twin, 300);
    expect(await eventsOf(twin)).toEqual(await eventsOf(source));
    expect(await hashOf(twin)).toBe(await hashOf(source));
  });

  it("goes its own way with another command, and leaves its mesh alone", async () => {
    const source = await eventfulMesh();
    const before = await eventsOf(source);
    const killed = before.find(({ type }) => type === "node.stopped")?.seq ?? 0;
    const twin = await fork("demo", killed - 1, "without B's death");
    await act(twin, { type: "node.kill", nodes: ["C"] });
    await run(twin, 500);
    const after = await eventsOf(twin);
    expect(after.slice(0, killed - 1)).toEqual(before.slice(0, killed - 1));
    expect(after.find(({ type }) => type === "node.stopped")).toMatchObject({ node: "C" });
    expect(await hashOf(twin)).not.toBe(await hashOf(source));
    expect(await eventsOf(source)).toEqual(before);
    expect(twin.describe().name).toBe("without B's death");
  });

  it("can be forked again, and its fork plays on", async () => {
    await eventfulMesh();
    const first = await fork("demo", 40);
    await act(first, { type: "node.pause", nodes: ["D"] });
    await run(first, 100);
    const seq = first.status().seq;
    const second = await fork(first.describe().id, seq);
    expect(await eventsOf(second)).toEqual(await eventsOf(first));
    expect(second.describe().forkedFrom).toMatchObject({ mesh: first.describe().id, seq });
    await act(second, { type: "time.step", unit: "change" });
    expect(second.status().seq).toBeGreaterThan(seq);
  });

  it("can be made of a recording, and outlives it", async () => {
    const source = await eventfulMesh();
    const [id = ""] = await catalogue.open({ kind: "recording", text: await source.record() });
    const twin = await fork(id, source.status().seq);
    await catalogue.close(id);
    expect(await eventsOf(twin)).toEqual(await eventsOf(source));
    await run(twin, 50);
  });

  it("of a mesh of one node in one moment is a mesh too", async () => {
    const options = meshOptionsSchema.parse({ name: "one", nodes: 1 });
    await newCatalogue().open({ kind: "simulated", options });
    expect((await eventsOf(await fork("one", 0))).length).toBeGreaterThan(0);
  });
});

describe("what cannot be forked", () => {
  it("a moment that has not come", async () => {
    const source = await eventfulMesh();
    expect(await code(fork("demo", source.status().seq + 1))).toBe("history-gone");
    expect(catalogue.list()).toHaveLength(1);
  });

  it("a mesh that is not there", async () => {
    newCatalogue();
    expect(await code(fork("nobody", 1))).toBe("unknown-mesh");
  });

  it("a run that another version made: it comes out differently, and is told by its event", async () => {
    const source = await eventfulMesh();
    const events = await eventsOf(source);
    const text = (await source.record()).replace(
      '"type":"node.stopped","node":"B"',
      '"type":"node.stopped","node":"E"',
    );
    const [id = ""] = await catalogue.open({ kind: "recording", text });
    const other = events.find(({ type }) => type === "node.stopped")?.seq ?? 0;
    const failing = catalogue.fork(id, { seq: events.length, name: undefined });
    await expect(failing).rejects.toMatchObject({
      code: "bad-recording",
      message: expect.stringContaining(`event ${other} `),
    });
    expect(catalogue.list()).toHaveLength(2);
    expect(await code(fork(id, other - 1))).toBe("no error");
  });

  it("more than two at a time", async () => {
    const source = await eventfulMesh();
    const { seq } = source.status();
    const forks = [1, 2, 3].map(() => code(catalogue.fork("demo", { seq, name: undefined })));
    expect(await Promise.all(forks)).toEqual(["no error", "no error", "busy"]);
  });

  it("anything, while the host closes", async () => {
    const source = await eventfulMesh();
    const forking = code(catalogue.fork("demo", { seq: source.status().seq, name: undefined }));
    await catalogue.closeAll();
    expect(await forking).toBe("closed");
    expect(catalogue.list()).toEqual([]);
  });
});

it("a long rebuild leaves the host responsive", async () => {
  const options = meshOptionsSchema.parse({ name: "long", nodes: 25, seed: 2 });
  await newCatalogue().open({ kind: "simulated", options });
  const source = catalogue.get("long");
  await run(source, 20_000);
  let longest = 0;
  let last = performance.now();
  const ticking = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 1);
  await fork("long", source.status().seq);
  clearInterval(ticking);
  expect(longest).toBeLessThan(150);
});
