/** What a host keeps and plays, over the wire, as a console asks for it. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { MeshCommandInput } from "#shared/contract/commands.ts";
import { meshCommandSchema } from "#shared/contract/commands.ts";
import { type MeshEvent, parseMeshEvent } from "#shared/contract/events.ts";
import { meshOptionsSchema } from "#shared/contract/mesh-options.ts";
import type { MeshStatus } from "#shared/contract/description.ts";
import type { RpcClient } from "#shared/rpc/client.ts";
import { RemoteHost } from "#main/sources/remote/remote-host.ts";
import { meshdeck, type Serving, startServe, temporaryFolder } from "./cli-process.ts";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

function folder(): string {
  const { path, remove } = temporaryFolder();
  cleanups.push(remove);
  return path;
}

async function serve(data: string, args: readonly string[] = ["--no-demo"]): Promise<Serving> {
  const host = await startServe(data, args);
  cleanups.push(() => host.end("SIGKILL"));
  return host;
}

async function enter({ data, port }: Serving, role = "operator"): Promise<RpcClient> {
  const token = (await meshdeck(["token", role, "--data", data])).out.trim();
  const host = new RemoteHost({ address: `ws://127.0.0.1:${port}`, token, name: "test" });
  await host.open();
  cleanups.push(() => host.close());
  return host.client;
}

async function statusOf(client: RpcClient, mesh: string): Promise<MeshStatus> {
  const listings = await client.request("meshes.list", {});
  const found = listings.find(({ description }) => description.id === mesh);
  if (found === undefined) throw new Error(`no mesh ${mesh}`);
  return found.status;
}

async function eventsOf(client: RpcClient, mesh: string): Promise<readonly MeshEvent[]> {
  const events = await client.request("mesh.events", { mesh, fromSeq: 1, limit: 10_000 });
  return events.map(parseMeshEvent);
}

function act(client: RpcClient, mesh: string, input: MeshCommandInput): Promise<unknown> {
  return client.request("mesh.command", { mesh, command: meshCommandSchema.parse(input) });
}

/** Some seconds of a mesh of three, paused. */
async function shortRun(client: RpcClient): Promise<void> {
  const options = meshOptionsSchema.parse({ name: "short", nodes: 3 });
  await client.request("meshes.open", { kind: "simulated", options });
  await act(client, "short", { type: "time.speed", ratio: 100 });
  await act(client, "short", { type: "time.play" });
  await vi.waitFor(
    async () => expect((await statusOf(client, "short")).at).toBeGreaterThan(5_000_000),
    10_000,
  );
  await act(client, "short", { type: "node.kill", nodes: ["B"] });
  await act(client, "short", { type: "time.pause" });
}

describe("saved runs", () => {
  it("are there after a restart, open as what they were, and can be forked", async () => {
    const data = folder();
    const first = await serve(data);
    const before = await enter(first);
    await shortRun(before);
    const events = await eventsOf(before, "short");
    const saved = await before.request("runs.save", { mesh: "short", name: "My run" });
    expect(saved).toMatchObject({ id: "my-run", nodes: 3, consensus: "none" });
    await first.end("SIGKILL");

    const client = await enter(await serve(data));
    expect(await client.request("runs.list", {})).toEqual([saved]);
    const { text } = await client.request("runs.read", { run: "my-run" });
    expect(Buffer.byteLength(text)).toBe(saved.bytes);
    const [mesh = ""] = await client.request("meshes.open", { kind: "run", run: "my-run" });
    expect(await eventsOf(client, mesh)).toEqual(events);
    expect((await statusOf(client, mesh)).at).toBe(saved.endsAt);
    const fork = await client.request("mesh.fork", { mesh, seq: events.length });
    expect(await eventsOf(client, fork.mesh)).toEqual(events);
    await act(client, fork.mesh, { type: "node.restart", nodes: ["B"], disk: "keep" });

    const file = join(folder(), "run.meshdeck");
    writeFileSync(file, text);
    expect(await meshdeck(["replay", file])).toMatchObject({ code: 0 });
  });

  it("that were damaged are told, not opened, and the host goes on", async () => {
    const data = folder();
    const host = await serve(data);
    const client = await enter(host);
    await shortRun(client);
    const { id } = await client.request("runs.save", { mesh: "short", name: "x" });
    writeFileSync(join(data, "runs", `${id}.run`), "gone");
    const opening = client.request("meshes.open", { kind: "run", run: id });
    await expect(opening).rejects.toMatchObject({ code: "bad-recording" });
    await expect(client.request("runs.read", { run: "y" })).rejects.toMatchObject({
      code: "unknown-run",
    });
    await client.request("runs.delete", { run: id });
    expect(await client.request("runs.list", {})).toEqual([]);
  });
});

describe("looking closer", () => {
  it("reads messages by time, one by one, and meddles with one on its way", async () => {
    const client = await enter(await serve(folder()));
    await shortRun(client);
    const window = { mesh: "short", from: 1_000_000, to: 4_000_000, limit: 1_000 };
    const batch = await client.request("mesh.messages", window);
    expect(batch.sentAt.length).toBeGreaterThan(5);
    const message = batch.serial?.[0] ?? -1;
    const detail = await client.request("mesh.message", { mesh: "short", message });
    expect(JSON.parse(detail.decoded ?? "")).toHaveProperty("protocol");
    const gone = act(client, "short", { type: "message.drop", message });
    await expect(gone).rejects.toMatchObject({ code: "unknown-message" });
    const inspection = await client.request("mesh.inspect", { mesh: "short", node: "A" });
    expect(inspection).toMatchObject({ node: "A", log: [] });
    const dead = client.request("mesh.inspect", { mesh: "short", node: "B" });
    await expect(dead).rejects.toMatchObject({ code: "not-running" });
  });
});

describe("a lesson", () => {
  it("is listed, opens paused, pauses where it explains, and goes on", async () => {
    const client = await enter(await serve(folder()));
    const [first] = await client.request("lessons.list", {});
    expect(first?.steps).toBeGreaterThan(0);
    const lesson = first?.id ?? "";
    const [mesh = ""] = await client.request("meshes.open", { kind: "lesson", lesson });
    await act(client, mesh, { type: "time.speed", ratio: 100 });
    await act(client, mesh, { type: "time.play" });
    await vi.waitFor(async () => {
      const steps = (await eventsOf(client, mesh)).filter(({ type }) => type === "lesson.step");
      expect(steps.length).toBeGreaterThan(0);
    }, 20_000);
    const missing = client.request("meshes.open", { kind: "lesson", lesson: "nothing" });
    await expect(missing).rejects.toMatchObject({ code: "unknown-lesson" });
  });

  it("from a file is played by serve --mesh", async () => {
    const file = join(folder(), "lesson.yaml");
    const lines = ["name: mine", "about: a", "mesh: { nodes: 2 }", "steps:"];
    writeFileSync(file, [...lines, "  - { at: 2s, explain: Look., pause: true }", ""].join("\n"));
    const client = await enter(await serve(folder(), ["--no-demo", "--mesh", file]));
    await act(client, "mine", { type: "time.speed", ratio: 50 });
    await act(client, "mine", { type: "time.play" });
    await vi.waitFor(async () => {
      expect(await statusOf(client, "mine")).toMatchObject({ at: 2_000_000, playing: false });
    }, 10_000);
  });
});

describe("meshdeck memory", () => {
  const SCENARIO = `name: store
about: a
mesh:
  nodes: 3
  consensus: { kind: raft }
  memory: { namespaces: [{ name: app, mode: strong }] }
`;

  it("ends with 0, 1, 2 or 4, as the answer is", async () => {
    const data = folder();
    const file = join(data, "store.yaml");
    writeFileSync(file, SCENARIO);
    const client = await enter(await serve(data, ["--no-demo", "--mesh", file]));
    const memory = (...args: readonly string[]): ReturnType<typeof meshdeck> =>
      meshdeck(["memory", ...args, "--data", data]);
    await act(client, "store", { type: "time.play" });
    await vi.waitFor(async () => {
      expect(await memory("write", "app", "k", "one")).toMatchObject({ code: 0 });
    }, 20_000);
    expect(await memory("read", "app", "k")).toMatchObject({ code: 0, out: "one\n" });
    expect(await memory("read", "app", "other")).toMatchObject({ code: 1 });
    expect(await memory("write", "app", "k", "two", "--expect", "three")).toMatchObject({
      code: 1,
    });
    expect(await memory("write", "not a name", "k", "v")).toMatchObject({ code: 2 });
    expect(await memory("read", "app", "k", "--mesh", "nope")).toMatchObject({ code: 1 });
    expect(await meshdeck(["propose", "x", "--data", data])).toMatchObject({ code: 0 });
    await act(client, "store", { type: "time.pause" });
    const waiting = await memory("write", "app", "k", "three", "--timeout", "1", "--json");
    expect(waiting).toMatchObject({ code: 4 });
    expect(waiting.err).toContain("stands still");
    expect(JSON.parse(waiting.out)).toMatchObject({ code: "unknown" });
  });
});

describe("a mistake of the host that nobody caught", () => {
  it("is told, and the host ends in order", async () => {
    const data = folder();
    const planted = join(data, "planted.mjs");
    writeFileSync(
      planted,
      `process.on("SIGUSR2", () => void Promise.reject(new Error("planted mistake")));`,
    );
    const host = await startServe(data, ["--no-demo"], { NODE_OPTIONS: `--import ${planted}` });
    const ended = await host.end("SIGUSR2");
    expect(ended.code).toBe(1);
    expect(ended.err).toContain("planted mistake");
    const again = await serve(data);
    expect(again.url).toMatch(/^http/);
  });
});
