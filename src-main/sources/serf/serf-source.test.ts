/** The source against a scripted agent; `e2e/daemon` has the real one. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { healthOf } from "#shared/view/health.ts";
import { describeMeshSource } from "../conformance/describe-mesh-source.ts";
import { codeOf, recordingSink } from "../conformance/harness.ts";
import type { MeshSource } from "../mesh-source.ts";
import { FakeAgent, header, pack } from "./fake-agent-testkit.ts";
import { openSerf } from "./open-serf.ts";
import { parseSerfAddress } from "./address.ts";
import { SerfSource } from "./serf-source.ts";

const CONTEXT = { actor: "test" };
const TIMINGS = { timeoutMs: 300, pollMs: 50 };
const SOON = { timeout: 5_000, interval: 10 };

let agent: FakeAgent;
const sources: MeshSource[] = [];

beforeEach(async () => {
  agent = new FakeAgent();
  await agent.listen();
});

afterEach(async () => {
  for (const source of sources.splice(0)) await source.close();
  await agent.stop();
});

async function open(authKey?: string): Promise<SerfSource> {
  const source = await SerfSource.open({
    id: "serf",
    address: parseSerfAddress(`serf://127.0.0.1:${agent.port}`),
    authKey,
    timings: TIMINGS,
    wallMs: Date.now,
    random: () => 0,
    onSinkError: (error) => {
      throw error;
    },
  });
  sources.push(source);
  return source;
}

function health(source: MeshSource, id: string): string {
  const node = source.snapshot().nodes.get(id);
  return node === undefined ? "not there" : healthOf(node);
}

function logs(source: MeshSource): readonly string[] {
  return source.snapshot().logs.lines.map(({ text }) => text);
}

describeMeshSource("serf, scripted", async () => {
  const own = new FakeAgent();
  await own.listen();
  const hub = { onSinkError: () => undefined };
  const address = `serf://127.0.0.1:${own.port}`;
  const source = await openSerf({ id: "serf", address, hub, wallMs: Date.now });
  return {
    source,
    begin: 0,
    change: async () => {
      const { seq } = source.status();
      const record = { Event: "user", LTime: 1, Name: "ping", Payload: null, Coalesce: false };
      own.push("stream", record);
      await vi.waitFor(() => expect(source.status().seq).toBeGreaterThan(seq), SOON);
    },
    accepted: { type: "user.event", name: "deploy", payload: "v2", coalesce: false },
    unknownNode: { type: "member.forceLeave", node: "nobody", prune: false },
    unsupported: { type: "node.kill", nodes: ["a"] },
    close: () => own.stop(),
  };
});

describe("attaching", () => {
  it("shows the members as the agent sees them, with its own health", async () => {
    agent.healthScore = "2";
    agent.members = [...agent.members, { name: "c", status: "failed" }];
    const source = await open();
    expect(source.status().connection).toEqual({ state: "live" });
    expect(["a", "b", "c"].map((id) => health(source, id))).toEqual([
      "degraded",
      "healthy",
      "failed",
    ]);
    expect(source.snapshot().mesh).toMatchObject({ name: "Serf at a", source: "serf" });
    expect(source.snapshot().links.size).toBe(0);
    expect(source.snapshot().nodes.get("b")?.zone).toBe("z1");
  });

  it("gives the key where one is wanted", async () => {
    agent.authKey = "secret";
    const source = await open("secret");
    expect(source.status().connection.state).toBe("live");
  });

  it.each([
    ["no key", undefined, /wants its RPC key: give --auth-key/],
    ["another key", "wrong", /does not take that RPC key/],
  ])("with %s is refused, and leaves no connection behind", async (_what, key, message) => {
    agent.authKey = "secret";
    await expect(open(key)).rejects.toMatchObject({ code: "bad-token", retryable: false });
    await expect(open(key)).rejects.toThrow(message);
    await vi.waitFor(() => expect(agent.connections).toBe(0), SOON);
  });

  it("where nobody listens says so", async () => {
    await agent.stop();
    expect(await codeOf(() => open())).toBe("unreachable");
  });

  it.each(["handshake", "stats", "stream", "members", "monitor"])(
    "to an agent that does not answer %s ends in time",
    async (command) => {
      agent.silentTo.add(command);
      expect(await codeOf(() => open())).toBe("timeout");
      await vi.waitFor(() => expect(agent.connections).toBe(0), SOON);
    },
  );

  it.each([
    ["HTTP", "handshake", Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n")],
    ["members of another form", "members", pack(header(4), { Members: [{ Name: 5 }] })],
    ["members without a body", "members", pack(header(4), header(4))],
    ["a status nobody knows", "stats", pack(header(2), { agent: {} })],
  ])("to something that answers %s says so", async (_what, command, bytes) => {
    agent.instead.set(command, bytes);
    expect(await codeOf(() => open())).toBe("peer-protocol");
  });
});

describe("while attached", () => {
  it("looks again when the agent hints at a change", async () => {
    const source = await open();
    agent.members = [
      { name: "a", status: "alive" },
      { name: "b", status: "failed" },
    ];
    agent.push("stream", { Event: "member-failed", Members: [] });
    await vi.waitFor(() => expect(health(source, "b")).toBe("failed"), SOON);
  });

  it("looks again without a hint", async () => {
    const source = await open();
    agent.members = [{ name: "a", status: "alive" }];
    await vi.waitFor(() => expect(health(source, "b")).toBe("not there"), SOON);
  });

  it("shows doubts and refutations from the log, which the list does not have", async () => {
    const source = await open();
    await new Promise((resolve) => setTimeout(resolve, 250));
    agent.push("monitor", {
      Log: "2026/11/21 13:37:52 [INFO] memberlist: Suspect b has failed, no acks received",
    });
    await vi.waitFor(() => expect(health(source, "b")).toBe("suspect"), SOON);
    agent.push("monitor", {
      Log: "2026/11/21 13:37:53 [WARN] memberlist: Refuting a suspect message (from: b)",
    });
    await vi.waitFor(() => expect(source.snapshot().nodes.get("a")?.refutations).toBe(1), SOON);
    expect(logs(source)).toContain("Suspect b has failed, no acks received");
  });

  it("tells user events with their payload as text, or as hexadecimal digits", async () => {
    const source = await open();
    const sink = recordingSink();
    source.subscribe(sink);
    const user = (LTime: number | bigint, Payload: Buffer | null): object => {
      return { Event: "user", LTime, Name: "deploy", Payload, Coalesce: false };
    };
    agent.push("stream", user(1, Buffer.from("é")));
    agent.push("stream", user(2n ** 40n, Buffer.from([0xff, 0x00])));
    agent.push("stream", user(3, null));
    const events = (): unknown[] => sink.seen.filter(({ type }) => type === "user.event");
    await vi.waitFor(() => expect(events()).toHaveLength(3), SOON);
    expect(events()).toMatchObject([
      { name: "deploy", payload: "é", lamport: 1 },
      { payload: "0xff00", lamport: 2 ** 40 },
      { payload: "", lamport: 3 },
    ]);
  });

  it("keeps a flood of log lines bounded and says what is missing", async () => {
    const source = await open();
    for (let index = 0; index < 5_000; index++) {
      agent.push("monitor", { Log: `2026/11/21 13:37:52 [DEBUG] serf: line ${index}` });
    }
    const skipped = /^Skipped lines of this agent's log, which came too fast: \d+\.$/;
    const toldSkipped = (): boolean => logs(source).some((text) => skipped.test(text));
    await vi.waitFor(() => expect(toldSkipped()).toBe(true), SOON);
    expect(logs(source).length).toBeLessThan(2_500);
  });
});

describe("commands", () => {
  it("send a user event as Serf wants it", async () => {
    const source = await open();
    const command = { type: "user.event", name: "n", payload: "é", coalesce: true } as const;
    await source.execute(command, CONTEXT);
    expect(agent.requests.find(({ command: name }) => name === "event")?.body).toEqual({
      Name: "n",
      Payload: new TextEncoder().encode("é"),
      Coalesce: true,
    });
    const [executed] = (await source.events(1, 1_000)).filter((e) => e.type === "command.executed");
    expect(executed).toMatchObject({ command: "user.event", actor: "test", ok: true });
  });

  it("refuse a user event of 513 bytes before it is sent, not one of 512", async () => {
    const source = await open();
    const event = (payload: string) =>
      source.execute({ type: "user.event", name: "four", payload, coalesce: false }, CONTEXT);
    expect(await codeOf(() => event("é".repeat(254)))).toBe("no error");
    expect(await codeOf(() => event(`${"é".repeat(254)}x`))).toBe("too-large");
    expect(agent.requests.filter(({ command }) => command === "event")).toHaveLength(1);
  });

  it("make a failed member leave, by Serf's name for it", async () => {
    agent.members = [...agent.members, { name: "node two", status: "failed" }];
    const source = await open();
    const [node = ""] = [...source.snapshot().nodes.keys()].filter((id) => id.startsWith("node-"));
    for (const prune of [false, true]) {
      const command = { type: "member.forceLeave", node, prune } as const;
      expect(await source.execute(command, CONTEXT)).toEqual({});
    }
    const asked = agent.requests.filter(({ command }) => command === "force-leave");
    expect(asked.map(({ body }) => body)).toEqual([
      { Node: "node two" },
      { Node: "node two", Prune: true },
    ]);
    const command = { type: "member.forceLeave", node: "b", prune: false } as const;
    expect((await source.execute(command, CONTEXT)).note).toMatch(/alive/);
  });

  it("say why for what Serf cannot do", async () => {
    const source = await open();
    const kill = source.execute({ type: "node.kill", nodes: ["b"] }, CONTEXT);
    await expect(kill).rejects.toThrow("Serf can't stop another machine's process");
  });
});

describe("losing the agent", () => {
  it("says so, keeps what was known, and goes on when it is back", async () => {
    const source = await open();
    const sink = recordingSink();
    source.subscribe(sink);
    await agent.stop();
    await vi.waitFor(() => expect(source.status().connection.state).toBe("reconnecting"), SOON);
    expect(source.status().connection).toMatchObject({ attempt: expect.any(Number) });
    expect(health(source, "b")).toBe("healthy");
    const event = { type: "user.event", name: "x", payload: "", coalesce: false } as const;
    expect(await codeOf(() => source.execute(event, CONTEXT))).toBe("disconnected");
    const heard = source.status().lastHeardMs;
    agent.members = [
      { name: "a", status: "alive" },
      { name: "b", status: "left" },
    ];
    await agent.listen();
    await vi.waitFor(() => expect(source.status().connection.state).toBe("live"), SOON);
    expect(health(source, "b")).toBe("left");
    expect(source.status().lastHeardMs).toBeGreaterThan(heard ?? Infinity);
    expect(sink.resets).toBe(0);
  });

  it.each([
    ["dies in the middle of a message", pack(header(1)).subarray(0, 5), /closed the connection/],
    ["speaks nonsense", Buffer.from([0xc1]), /does not speak Serf's RPC/],
  ])("because it %s is told with the reason", async (_what, bytes, reason) => {
    const source = await open();
    const sink = recordingSink();
    source.subscribe(sink);
    agent.say(bytes);
    agent.cut();
    await vi.waitFor(() => {
      const lost = sink.statuses.find(({ connection }) => connection.state === "reconnecting");
      expect(lost?.connection).toMatchObject({ reason: expect.stringMatching(reason) });
    }, SOON);
    await vi.waitFor(() => expect(source.status().connection.state).toBe("live"), SOON);
  });

  it("because it hangs is noticed", async () => {
    const source = await open();
    agent.silentTo.add("members");
    await vi.waitFor(() => {
      expect(source.status().connection).toMatchObject({
        state: "reconnecting",
        reason: expect.stringMatching(/did not answer within 0\.3 s/),
      });
    }, SOON);
  });

  it("for good, when it no longer takes the key, stops", async () => {
    agent.authKey = "one";
    const source = await open("one");
    agent.authKey = "two";
    agent.cut();
    await vi.waitFor(() => {
      expect(source.status().connection).toMatchObject({
        state: "stopped",
        reason: expect.stringMatching(/does not take that RPC key/),
      });
    }, SOON);
  });

  it("and closing meanwhile ends it", async () => {
    const source = await open();
    await agent.stop();
    await vi.waitFor(() => expect(source.status().connection.state).toBe("reconnecting"), SOON);
    await source.close();
    await agent.listen();
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(agent.connections).toBe(0);
  });
});
