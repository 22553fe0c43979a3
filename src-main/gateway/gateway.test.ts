/** The gateway over real sockets on loopback, with clients that know no manners. */
import { once } from "node:events";
import { createConnection, type Socket } from "node:net";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import type { Role } from "#shared/contract/commands.ts";
import type { MeshDescription } from "#shared/contract/description.ts";
import { MeshError } from "#shared/contract/errors.ts";
import type { SavedRun } from "#shared/contract/inspection.ts";
import { MAX_CLIENT_FRAME_BYTES, PROTOCOL_VERSION } from "#shared/contract/protocol.ts";
import { summarise } from "#shared/contract/summary.ts";
import { emptyView } from "#shared/view/empty.ts";
import type { MeshSource } from "#main/sources/mesh-source.ts";
import { Gateway } from "./gateway.ts";
import { type HttpEndpoint, openHttpEndpoint } from "./http-endpoint.ts";
import type { AuditIntent, AuditLog, AuditVerdict, RunShelf } from "./ports.ts";
import { createTokens, roleOfToken } from "./tokens.ts";
import { WebSocketEndpoint } from "./websocket-endpoint.ts";

const tokens = createTokens();

type Written = { readonly intent: AuditIntent; verdict?: AuditVerdict };

/** A journal that can be told to fail. */
class FakeAudit implements AuditLog {
  readonly written: Written[] = [];
  failure: MeshError | undefined;
  beginAudit(intent: AuditIntent): number {
    if (this.failure !== undefined) throw this.failure;
    return this.written.push({ intent });
  }
  completeAudit(ticket: number, verdict: AuditVerdict): never {
    const entry = this.written[ticket - 1];
    if (entry !== undefined) entry.verdict = verdict;
    return undefined as never;
  }
  listAudit(): readonly [] {
    return [];
  }
}

class FakeRuns implements RunShelf {
  readonly texts = new Map<string, string>();
  async list(): Promise<readonly SavedRun[]> {
    return [...this.texts.keys()].map(savedRun);
  }
  async save(name: string, text: string): Promise<SavedRun> {
    this.texts.set(name, text);
    return savedRun(name);
  }
  async read(id: string): Promise<string> {
    const text = this.texts.get(id);
    if (text === undefined) throw new MeshError("unknown-run", `There is no saved run "${id}".`);
    return text;
  }
  async delete(id: string): Promise<void> {
    await this.read(id);
    this.texts.delete(id);
  }
}

function savedRun(id: string): SavedRun {
  return { id, name: id, savedMs: 1, bytes: 1, nodes: 1, endsAt: 1, consensus: "none" };
}

const DESCRIPTION: MeshDescription = {
  id: "m",
  name: "m",
  kind: "simulated",
  clock: "virtual",
  capabilities: { "node.kill": null, "route.trace": null, "user.event": "Not with this one." },
  traces: false,
  sandbox: true,
};

function fakeSource(executed: string[]): MeshSource {
  return {
    describe: () => DESCRIPTION,
    status: () => ({ connection: { state: "live" }, seq: 0, at: 0, historyFrom: 0 }),
    snapshot: emptyView,
    subscribe: () => () => undefined,
    execute: async (command, context) => {
      executed.push(`${command.type} by ${context.actor}`);
      if (command.type === "node.kill" && command.nodes[0] === "bug") throw new TypeError("a bug");
      if (command.type === "node.kill" && command.nodes[0] === "Q") {
        throw new MeshError("unknown-node", "There is no node Q.");
      }
      return { note: "killed" };
    },
    snapshotAt: async () => emptyView(),
    events: async () => [],
    record: async () => "x".repeat(17 * 1024 * 1024),
    close: async () => undefined,
  };
}

interface Answer {
  readonly kind: string;
  readonly error?: { readonly code: string; readonly message: string };
  readonly [key: string]: unknown;
}

class RudeClient {
  readonly socket: WebSocket;
  readonly frames: Answer[] = [];
  closed: number | undefined;

  constructor(port: number) {
    this.socket = new WebSocket(`ws://127.0.0.1:${port}/ws`);
    this.socket.on("message", (data) => this.frames.push(JSON.parse(String(data)) as Answer));
    this.socket.on("close", (code) => (this.closed = code));
    this.socket.on("error", () => undefined);
  }

  async opened(): Promise<this> {
    await once(this.socket, "open");
    return this;
  }

  send(frame: unknown): void {
    this.socket.send(typeof frame === "string" ? frame : JSON.stringify(frame));
  }

  hello(token: string | undefined): void {
    this.send({ kind: "hello", protocol: PROTOCOL_VERSION, client: "rude", token });
  }

  async next(kind: string): Promise<Answer> {
    return vi.waitFor(() => {
      const index = this.frames.findIndex((frame) => frame.kind === kind);
      if (index < 0) throw new Error(`no ${kind} among ${JSON.stringify(this.frames)}`);
      return this.frames.splice(index, 1)[0] as Answer;
    }, 4_000);
  }

  async request(method: string, params: unknown): Promise<Answer> {
    const id = Math.floor(Math.random() * 1e9);
    this.send({ kind: "request", id, method, params });
    return vi.waitFor(() => {
      const frame = this.frames.find((one) => one["id"] === id);
      if (frame === undefined) throw new Error("no answer yet");
      return frame;
    }, 4_000);
  }
}

let audit: FakeAudit;
let executed: string[];
let runs: FakeRuns;
let gateway: Gateway;
let endpoint: HttpEndpoint;
let sockets: WebSocketEndpoint;
let internal: unknown[];
let stored: unknown;
let clients: { readonly socket: { terminate(): void } }[];

async function start(mostRole: Role = "admin"): Promise<void> {
  audit = new FakeAudit();
  executed = [];
  runs = new FakeRuns();
  internal = [];
  stored = undefined;
  clients = [];
  const source = fakeSource(executed);
  gateway = new Gateway(
    {
      meshes: {
        list: () => [{ description: DESCRIPTION, status: source.status() }],
        get: (id) => {
          if (id === "m") return source;
          throw new MeshError("unknown-mesh", `There is no mesh "${id}".`);
        },
        open: async () => ["m"],
        fork: async (id, { seq }) => `${id}-fork-${seq}`,
        close: async () => undefined,
        watch: () => () => undefined,
      },
      runs,
      lessons: { list: () => [] },
      audit,
      settings: { getSetting: () => stored, setSetting: (_key, value) => void (stored = value) },
      wallMs: () => 1_000,
      onInternalError: (error) => internal.push(error),
    },
    { name: "host", mostRole, roleOfToken: (token) => roleOfToken(tokens, token) },
  );
  sockets = new WebSocketEndpoint({
    onChannel: (channel) => gateway.serve(channel, { byToken: true }),
    maxSessions: 12,
    monotonicMs: () => performance.now(),
  });
  endpoint = await openHttpEndpoint({
    address: "127.0.0.1",
    port: 0,
    consoleFolder: "/nowhere",
    onUpgrade: (request, socket, head) => sockets.accept(request, socket, head),
  });
}

beforeEach(() => start());
afterEach(async () => {
  for (const client of clients) client.socket.terminate();
  sockets.close();
  await endpoint.close();
});

async function connect(): Promise<RudeClient> {
  const client = await new RudeClient(endpoint.port).opened();
  clients.push(client);
  return client;
}

async function enter(role: Role): Promise<RudeClient> {
  const client = await connect();
  client.hello(tokens[role]);
  expect(await client.next("welcome")).toMatchObject({ role });
  return client;
}

const KILL = { mesh: "m", command: { type: "node.kill", nodes: ["E"] } };

/** A socket that asks for a WebSocket, then neither reads nor answers. */
async function muteUpgrade(port: number): Promise<Socket> {
  const socket = createConnection(port, "127.0.0.1");
  socket.on("error", () => undefined);
  clients.push({ socket: { terminate: () => socket.destroy() } });
  await once(socket, "connect");
  const key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n";
  socket.write(`GET /ws HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nUpgrade: websocket\r\n`);
  socket.write(`Connection: Upgrade\r\n${key}\r\n`);
  socket.resume();
  return socket;
}

describe("who is let in", () => {
  it.each([undefined, "", "wrong", tokens.admin.slice(0, -1)])(
    "not with token %s",
    async (token) => {
      const client = await connect();
      client.hello(token);
      expect((await client.next("bye")).error?.code).toBe("bad-token");
      await vi.waitFor(() => expect(client.closed).toBe(1000));
    },
  );

  it.each(["viewer", "operator", "admin"] as const)("a %s by their token", async (role) => {
    await enter(role);
  });

  it("everybody as a viewer where nothing may be changed", async () => {
    sockets.close();
    await endpoint.close();
    await start("viewer");
    const client = await connect();
    client.hello(tokens.admin);
    expect(await client.next("welcome")).toMatchObject({ role: "viewer" });
    expect((await client.request("mesh.command", KILL)).error?.code).toBe("forbidden");
  });

  it("only so many", async () => {
    const insiders = [];
    for (let count = 0; count < 12; count += 1) insiders.push(await enter("viewer"));
    const late = await connect();
    await vi.waitFor(() => expect(late.closed).toBe(1013));
    insiders[0]?.socket.close();
    await vi.waitFor(() => expect(gateway.sessions).toBe(11));
    await enter("viewer");
  });

  it("and only so many that have not said who they are", async () => {
    const strangers = [];
    for (let count = 0; count < 8; count += 1) strangers.push(await connect());
    const late = await connect();
    await vi.waitFor(() => expect(late.closed).toBe(1013));
    strangers[3]?.hello(tokens.viewer);
    await strangers[3]?.next("welcome");
    await enter("viewer");
  });

  it("and those that were turned away hold nothing, even when they never close", async () => {
    for (let count = 0; count < 8; count += 1) await connect();
    const mute = await Promise.all(Array.from({ length: 20 }, () => muteUpgrade(endpoint.port)));
    await vi.waitFor(() => expect(mute.filter((socket) => !socket.closed)).toEqual([]), 4_000);
    expect(gateway.sessions).toBe(8);
  });
});

describe("commands", () => {
  it("run by role, and are on record with what came of them", async () => {
    const operator = await enter("operator");
    expect(await operator.request("mesh.command", { ...KILL, reason: "why not" })).toMatchObject({
      kind: "reply",
      result: { note: "killed" },
    });
    expect(executed).toEqual(["node.kill by rude #1"]);
    expect(audit.written).toEqual([
      {
        intent: expect.objectContaining({
          timeMs: 1_000,
          actor: "rude #1",
          role: "operator",
          mesh: "m",
          command: "node.kill",
          summary: summarise({ type: "node.kill", nodes: ["E"] }),
          reason: "why not",
        }),
        verdict: { outcome: "done" },
      },
    ]);
  });

  it.each([
    ["forbidden", "viewer", KILL, "refused"],
    ["unknown-mesh", "admin", { ...KILL, mesh: "x" }, "refused"],
    [
      "unknown-node",
      "admin",
      { mesh: "m", command: { type: "node.kill", nodes: ["Q"] } },
      "refused",
    ],
    [
      "not-supported",
      "admin",
      { mesh: "m", command: { type: "user.event", name: "n", payload: "" } },
      "refused",
    ],
    ["not-supported", "admin", { mesh: "m", command: { type: "time.play" } }, "refused"],
    ["internal", "admin", { mesh: "m", command: { type: "node.kill", nodes: ["bug"] } }, "failed"],
  ] as const)("that end in %s are on record too", async (code, role, params, outcome) => {
    const client = await enter(role);
    expect((await client.request("mesh.command", params)).error?.code).toBe(code);
    expect(audit.written[0]?.verdict).toMatchObject({ outcome, error: { code } });
    if (code !== "unknown-node" && code !== "internal") expect(executed).toEqual([]);
    expect(internal).toHaveLength(code === "internal" ? 1 : 0);
  });

  it("a viewer may run what changes nothing", async () => {
    const viewer = await enter("viewer");
    const command = { type: "route.trace", from: "A", to: "B" };
    expect((await viewer.request("mesh.command", { mesh: "m", command })).kind).toBe("reply");
  });

  it("do not run when they cannot be recorded", async () => {
    audit.failure = new MeshError("journal-damaged", "The journal is damaged.");
    const client = await enter("admin");
    expect((await client.request("mesh.command", KILL)).error).toMatchObject({
      code: "journal-damaged",
      message: "The journal is damaged.",
    });
    expect(executed).toEqual([]);
    expect((await client.request("meshes.list", {})).kind).toBe("reply");
  });

  it("that are none change nothing", async () => {
    const client = await enter("admin");
    const bad = { mesh: "m", command: { type: "node.hug" } };
    expect((await client.request("mesh.command", bad)).error?.code).toBe("bad-command");
    expect((await client.request("mesh.hug", {})).error?.code).toBe("unknown-method");
    expect(audit.written).toEqual([]);
  });

  it("a recording that is too large for a frame is refused in words", async () => {
    const client = await enter("viewer");
    const answer = await client.request("mesh.record", { mesh: "m" });
    expect(answer.error).toMatchObject({ code: "too-large" });
  });
});

describe("settings", () => {
  it("are the defaults until an admin sets them, on record", async () => {
    const admin = await enter("admin");
    const { result } = await admin.request("settings.get", {});
    expect(result).toMatchObject({ settings: { theme: "system", language: "auto" } });
    const settings = { ...(result as { settings: object }).settings, theme: "dark" };
    expect((await admin.request("settings.set", { settings })).kind).toBe("reply");
    expect(stored).toMatchObject({ theme: "dark" });
    expect(audit.written.map(({ intent }) => intent.command)).toEqual(["settings.set"]);
  });

  it("that make no sense are refused and nothing is stored", async () => {
    const admin = await enter("admin");
    const answer = await admin.request("settings.set", { settings: { theme: "pink" } });
    expect(answer.error?.code).toBe("bad-options");
    expect(stored).toBeUndefined();
  });

  it("cannot be changed by an operator", async () => {
    const operator = await enter("operator");
    expect((await operator.request("settings.set", { settings: {} })).error?.code).toBe(
      "forbidden",
    );
  });
});

describe("requests that a role forbids", () => {
  it.each([
    ["meshes.open", { kind: "simulated", options: {} }],
    ["meshes.close", { mesh: "m" }],
    ["mesh.fork", { mesh: "m", seq: 1 }],
    ["runs.save", { mesh: "m", name: "n" }],
    ["runs.delete", { run: "r" }],
    ["settings.set", { settings: {} }],
    ["settings.set", "nothing like it"],
  ])("%s: are on record as refused", async (method, params) => {
    const viewer = await enter("viewer");
    expect((await viewer.request(method, params)).error?.code).toBe("forbidden");
    const mesh = typeof params === "object" && "mesh" in params ? "m" : "";
    expect(audit.written).toMatchObject([
      {
        intent: { command: method, role: "viewer", mesh, actor: "rude #1" },
        verdict: { outcome: "refused", error: { code: "forbidden" } },
      },
    ]);
  });

  it("whatever they hold, in bounded words", async () => {
    const viewer = await enter("viewer");
    await viewer.request("meshes.close", { mesh: "x".repeat(5_000), command: { type: [1] } });
    expect(audit.written).toMatchObject([
      { intent: { mesh: "x".repeat(64), command: "meshes.close" } },
    ]);
  });

  it("those that only read are not", async () => {
    const viewer = await enter("viewer");
    expect((await viewer.request("mesh.events", { mesh: "m" })).error?.code).toBe("bad-frame");
    expect(audit.written).toEqual([]);
  });

  it("are refused where nothing can be recorded, too", async () => {
    audit.failure = new MeshError("journal-damaged", "The journal is damaged.");
    const viewer = await enter("viewer");
    expect((await viewer.request("runs.delete", { run: "r" })).error?.code).toBe("forbidden");
  });
});

describe("what a mesh holds", () => {
  it.each([
    ["mesh.messages", { mesh: "m", from: 0, to: 1, limit: 1 }],
    ["mesh.message", { mesh: "m", message: 1 }],
    ["mesh.inspect", { mesh: "m", node: "A" }],
  ])("%s says why it cannot be shown", async (method, params) => {
    const viewer = await enter("viewer");
    const { error } = await viewer.request(method, params);
    expect(error).toMatchObject({
      code: "not-supported",
      message: expect.stringContaining("shows nothing"),
    });
  });
});

describe("runs", () => {
  it("are saved, listed, read and deleted, on record where something changes", async () => {
    const operator = await enter("operator");
    const saved = await operator.request("runs.save", { mesh: "m", name: "first" });
    expect(saved).toMatchObject({ result: { id: "first" } });
    expect(await operator.request("runs.list", {})).toMatchObject({ result: [{ id: "first" }] });
    runs.texts.set("first", "text");
    expect(await operator.request("runs.read", { run: "first" })).toMatchObject({
      result: { text: "text" },
    });
    expect(await operator.request("runs.delete", { run: "first" })).toMatchObject({ result: {} });
    const again = await operator.request("runs.delete", { run: "first" });
    expect(again.error?.code).toBe("unknown-run");
    expect(audit.written.map(({ intent, verdict }) => [intent.command, verdict?.outcome])).toEqual([
      ["runs.save", "done"],
      ["runs.delete", "done"],
      ["runs.delete", "refused"],
    ]);
  });

  it("that are longer than a frame cannot be read over the wire", async () => {
    runs.texts.set("long", "x".repeat(17 * 1024 * 1024));
    const viewer = await enter("viewer");
    expect((await viewer.request("runs.read", { run: "long" })).error?.code).toBe("too-large");
  });

  it("are forked, on record", async () => {
    const operator = await enter("operator");
    expect(await operator.request("mesh.fork", { mesh: "m", seq: 7 })).toMatchObject({
      result: { mesh: "m-fork-7" },
    });
    expect(audit.written[0]?.intent).toMatchObject({
      command: "mesh.fork",
      summary: "Fork m at event 7",
    });
  });
});

describe("bad frames", () => {
  it.each([
    ["text that is no JSON", "{"],
    ["an unknown kind", { kind: "hug" }],
    ["a request before hello", { kind: "request", id: 1, method: "meshes.list", params: {} }],
  ])("%s ends the session with bad-frame", async (_what, frame) => {
    const client = await connect();
    client.send(frame);
    expect((await client.next("bye")).error?.code).toBe("bad-frame");
    await vi.waitFor(() => expect(client.closed).toBe(1000));
    await enter("viewer");
  });

  it("a binary one as well", async () => {
    const client = await enter("admin");
    client.socket.send(new Uint8Array([1, 2, 3]));
    expect((await client.next("bye")).error?.code).toBe("bad-frame");
  });

  it("a large one is too large, from a stranger and from a friend", async () => {
    const large = {
      kind: "request",
      id: 1,
      method: "x",
      params: "y".repeat(MAX_CLIENT_FRAME_BYTES),
    };
    const stranger = await connect();
    stranger.send(large);
    expect((await stranger.next("bye")).error?.code).toBe("too-large");
    const friend = await enter("admin");
    friend.send(large);
    expect((await friend.next("bye")).error?.code).toBe("too-large");
  });

  it("one beyond any measure is cut off by the wire", async () => {
    const client = await enter("admin");
    client.send("x".repeat(32 * 1024 * 1024 + 1));
    await vi.waitFor(() => expect(client.closed).toBe(1009));
  });

  it("a recording may be large", async () => {
    const client = await enter("operator");
    const params = { kind: "recording", text: "y".repeat(MAX_CLIENT_FRAME_BYTES * 2) };
    expect(await client.request("meshes.open", params)).toMatchObject({ result: ["m"] });
  });

  it("too many in a second end the session", async () => {
    const client = await enter("viewer");
    for (let id = 0; id < 1_300; id += 1) client.send({ kind: "ping", id });
    expect((await client.next("bye")).error?.code).toBe("limit-reached");
  });

  it("of any shape never hurt the host", async () => {
    const kind = fc.constantFrom("hello", "request", "subscribe", "credit", "cancel", "ping", "x");
    const method = fc.constantFrom(
      "mesh.command",
      "meshes.open",
      "mesh.events",
      "__proto__",
      "toString",
    );
    const frame = fc.record(
      { kind, id: fc.oneof(fc.nat(), fc.anything()), method, topic: method, params: fc.anything() },
      { requiredKeys: ["kind"] },
    );
    const text = fc.oneof(
      frame.map(
        (value) =>
          JSON.stringify(value, (_key, part: unknown) =>
            typeof part === "bigint" ? String(part) : part,
          ) ?? "null",
      ),
      fc.json(),
      fc.string(),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(text, { maxLength: 8 }), fc.boolean(), async (frames, inside) => {
        const client = await connect();
        if (inside) client.hello(tokens.viewer);
        for (const one of frames) client.send(one);
        await new Promise((resolve) => setTimeout(resolve, 2));
        client.socket.terminate();
      }),
      { numRuns: 60 },
    );
    expect(executed).toEqual([]);
    expect(internal).toEqual([]);
    await vi.waitFor(() => expect(gateway.sessions).toBe(0));
    await enter("viewer");
  });
});

it("a closing host says so", async () => {
  const client = await enter("viewer");
  gateway.close();
  expect((await client.next("bye")).error).toMatchObject({ code: "closed", retryable: true });
});
