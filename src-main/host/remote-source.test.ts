/** The remote source against a real gateway over a real socket on loopback. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { type HttpEndpoint, openHttpEndpoint } from "#main/gateway/http-endpoint.ts";
import { Gateway } from "#main/gateway/gateway.ts";
import { createTokens, roleOfToken } from "#main/gateway/tokens.ts";
import { WebSocketEndpoint } from "#main/gateway/websocket-endpoint.ts";
import { describeMeshSource } from "#main/sources/conformance/describe-mesh-source.ts";
import { comparable, recordingSink } from "#main/sources/conformance/harness.ts";
import type { MeshSource } from "#main/sources/mesh-source.ts";
import { openRemote } from "#main/sources/remote/open-remote.ts";
import { RemoteHost } from "#main/sources/remote/remote-host.ts";
import { SimulatedSource } from "#main/sources/simulated/simulated-source.ts";
import { ToyEngine } from "#main/sources/simulated/toy-testkit.ts";
import { MemoryJournal } from "#main/storage/memory-journal.ts";
import { MeshCatalogue } from "./mesh-catalogue.ts";

const CONTEXT = { actor: "test" };
const tokens = createTokens();

interface FarHost {
  readonly catalogue: MeshCatalogue;
  readonly engine: ToyEngine;
  readonly port: number;
  /** Cuts the wire; the host itself goes on. */
  cut(): Promise<void>;
  /** Listens again, on the same port. */
  mend(): Promise<void>;
  close(): Promise<void>;
}

async function none(): Promise<never> {
  throw new Error("nothing is saved here");
}

async function openFarHost(): Promise<FarHost> {
  const engines: ToyEngine[] = [];
  const catalogue = new MeshCatalogue(async (how, takeId) => {
    const name = how.kind === "simulated" ? how.options.name : how.kind;
    return [
      new SimulatedSource({
        id: takeId(name),
        name,
        engine: (sink) => {
          const engine = new ToyEngine(sink);
          engines.push(engine);
          return engine;
        },
        monotonicMs: () => performance.now(),
        wallMs: Date.now,
        onSinkError: () => undefined,
      }),
    ];
  });
  await catalogue.open({ kind: "recording", text: "" });
  const journal = new MemoryJournal();
  const gateway = new Gateway(
    {
      meshes: catalogue,
      runs: { list: none, save: none, read: none, delete: none },
      lessons: { list: () => [] },
      audit: journal,
      settings: journal,
      wallMs: Date.now,
      onInternalError: (error) => {
        throw error;
      },
    },
    { name: "far", mostRole: "admin", roleOfToken: (token) => roleOfToken(tokens, token) },
  );
  let endpoint: HttpEndpoint;
  let sockets: WebSocketEndpoint;
  const listen = async (port: number): Promise<number> => {
    sockets = new WebSocketEndpoint({
      onChannel: (channel) => gateway.serve(channel, { byToken: true }),
      maxSessions: 8,
      monotonicMs: () => performance.now(),
    });
    endpoint = await openHttpEndpoint({
      address: "127.0.0.1",
      port,
      consoleFolder: "/nowhere",
      onUpgrade: (request, socket, head) => sockets.accept(request, socket, head),
    });
    return endpoint.port;
  };
  const port = await listen(0);
  const cut = async (): Promise<void> => {
    sockets.close();
    await endpoint.close();
  };
  const [engine] = engines;
  if (engine === undefined) throw new Error("the far mesh has no engine");
  return {
    catalogue,
    engine,
    port,
    cut,
    mend: async () => void (await listen(port)),
    close: async () => {
      await cut();
      await catalogue.closeAll();
    },
  };
}

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

async function attach(far: FarHost, token: string = tokens.admin): Promise<MeshSource> {
  const [source] = await openRemote({
    address: `ws://127.0.0.1:${far.port}`,
    token,
    hub: { onSinkError: () => undefined },
    takeId: (wish) => `far-${wish}`,
    wallMs: Date.now,
  });
  if (source === undefined) throw new Error("nothing was opened");
  closers.push(() => source.close());
  return source;
}

async function farHost(): Promise<FarHost> {
  const far = await openFarHost();
  closers.push(() => far.close());
  return far;
}

describeMeshSource("remote", async () => {
  const far = await openFarHost();
  const source = await attach(far);
  const begin = source.status().seq;
  const change = async (): Promise<void> => {
    const { seq } = source.status();
    far.engine.stepEvent();
    await vi.waitFor(() => expect(source.status().seq).toBeGreaterThan(seq));
  };
  await change();
  return {
    source,
    begin,
    change,
    accepted: { type: "node.kill", nodes: ["A"] },
    unknownNode: { type: "node.kill", nodes: ["nobody"] },
    unsupported: { type: "user.event", name: "deploy", payload: "", coalesce: false },
    close: () => far.close(),
  };
});

describe("a mesh of another host", () => {
  it("shows the other host's view under its own numbers", async () => {
    const far = await farHost();
    for (let step = 0; step < 50; step += 1) far.engine.stepEvent();
    const source = await attach(far);
    expect(source.status().seq).toBe(57);
    expect(comparable(source.snapshot())).toEqual(
      comparable(far.catalogue.get("recording").snapshot()),
    );
    expect(source.describe()).toMatchObject({
      id: "far-recording",
      kind: "remote",
      address: `ws://127.0.0.1:${far.port}/recording`,
      sandbox: false,
    });
  });

  it("looks further back than it has been watching", async () => {
    const far = await farHost();
    far.engine.stepEvent();
    const source = await attach(far);
    expect((await source.events(1, 3)).map((event) => event.seq)).toEqual([1, 2, 3]);
    expect((await source.snapshotAt(0)).seq).toBe(7);
    expect(source.status().historyFrom).toBe(0);
  });

  it("says it reconnects, then goes on without losing an event", async () => {
    const far = await farHost();
    const source = await attach(far);
    const sink = recordingSink();
    source.subscribe(sink);
    const { seq } = source.status();
    await far.cut();
    await vi.waitFor(() => expect(source.status().connection.state).toBe("reconnecting"));
    expect(source.status().connection).toMatchObject({ attempt: expect.any(Number) });
    await expect(source.execute({ type: "time.pause" }, CONTEXT)).rejects.toMatchObject({
      code: "disconnected",
    });
    for (let step = 0; step < 20; step += 1) far.engine.stepEvent();
    await far.mend();
    await vi.waitFor(() => expect(sink.seen.at(-1)?.seq).toBe(seq + 20), 10_000);
    expect(sink.resets).toBe(0);
    expect(sink.seen.map((event) => event.seq)).toEqual(
      Array.from({ length: 20 }, (_unused, index) => seq + 1 + index),
    );
    expect(source.status().connection.state).toBe("live");
  });

  it("fetches log lines that were skipped on the way", async () => {
    const far = await farHost();
    const source = await attach(far);
    const sink = recordingSink();
    source.subscribe(sink);
    const { seq } = source.status();
    const count = 30_000;
    for (let step = 0; step < count; step += 1) far.engine.stepEvent();
    await vi.waitFor(() => expect(source.status().seq).toBe(seq + count), 15_000);
    await vi.waitFor(() => expect(sink.seen).toHaveLength(count));
    expect(sink.resets).toBe(0);
    expect(sink.seen.every((event, index) => event.seq === seq + 1 + index)).toBe(true);
  });

  it("offers only what our role there allows", async () => {
    const far = await farHost();
    const source = await attach(far, tokens.viewer);
    const { capabilities } = source.describe();
    expect(capabilities["node.kill"]).toMatch(/role viewer; this takes operator/);
    expect(capabilities["route.trace"]).toBeNull();
    await expect(
      source.execute({ type: "node.kill", nodes: ["A"] }, CONTEXT),
    ).rejects.toMatchObject({ code: "not-supported" });
  });

  it("stops when the other host closes the mesh", async () => {
    const far = await farHost();
    const source = await attach(far);
    const other = new RemoteHost({
      address: `ws://127.0.0.1:${far.port}`,
      token: tokens.operator,
      name: "other",
    });
    await other.open();
    await other.client.request("meshes.close", { mesh: "recording" });
    other.close();
    await vi.waitFor(() =>
      expect(source.status().connection).toEqual({
        state: "stopped",
        reason: "This mesh was closed.",
      }),
    );
  });

  it("refuses a wrong token, a wrong address and a host that is not there", async () => {
    const far = await farHost();
    await expect(attach(far, "wrong")).rejects.toMatchObject({ code: "bad-token" });
    const missing = { ...far, port: 1 };
    await expect(attach(missing)).rejects.toMatchObject({ code: "unreachable" });
  });

  it("traces messages", async () => {
    const far = await farHost();
    const source = await attach(far);
    const batches: unknown[] = [];
    const stop = source.trace?.({ maxPerBatch: 5 }, (batch) => batches.push(batch));
    await vi.waitFor(() => {
      far.engine.stepEvent();
      expect(batches.length).toBeGreaterThan(0);
    }, 5_000);
    stop?.();
  });

  it("shows messages and what nodes hold, and passes on why it cannot", async () => {
    const far = await farHost();
    for (let step = 0; step < 20; step += 1) far.engine.stepEvent();
    const source = await attach(far, tokens.viewer);
    const window = { from: 50_000, to: 100_000, nodes: ["A"], limit: 10 };
    expect(await source.messages?.(window)).toMatchObject({ sentAt: [50_000] });
    expect(await source.message?.(3)).toMatchObject({ message: 3, name: "toy", decoded: "{}" });
    await expect(source.message?.(3_000)).rejects.toMatchObject({ code: "unknown-message" });
    expect(await source.inspect?.("B", { from: 7, limit: 2 })).toMatchObject({
      node: "B",
      log: [{ index: 7, bytes: 2 }],
    });
    await expect(source.inspect?.("Z", { from: undefined, limit: 2 })).rejects.toMatchObject({
      code: "unknown-node",
    });
    await far.cut();
    await expect(source.message?.(3)).rejects.toMatchObject({ code: "disconnected" });
  });
});
