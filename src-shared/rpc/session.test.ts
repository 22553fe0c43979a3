import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MeshError } from "../contract/errors.ts";
import { type HostFrame, hostFrameSchema, PROTOCOL_VERSION } from "../contract/protocol.ts";
import { FakeFeed, fakeHost } from "../testing/fake-host.ts";
import { ManualTimers } from "../testing/manual-timers.ts";
import type { Channel } from "./channel.ts";
import type { HostPort } from "./host-port.ts";
import { HELLO_TIMEOUT_MS, MAX_PENDING_REQUESTS, MAX_SUBSCRIPTIONS, Session } from "./server.ts";

const HELLO = { kind: "hello", protocol: PROTOCOL_VERSION, client: "test" };

/** A session, and a client that says exactly what the test wants. */
function openSession(overrides: Partial<HostPort> = {}) {
  const timers = new ManualTimers();
  const feed = new FakeFeed();
  const frames: HostFrame[] = [];
  let receive: (frame: unknown) => void = () => {};
  let closed: () => void = () => {};
  const wire = { congested: false, open: true, ended: 0 };
  const channel: Channel = {
    send: (frame) => frames.push(hostFrameSchema.parse(frame)),
    onFrame: (to) => {
      receive = to;
    },
    onClose: (to) => {
      closed = to;
    },
    close: () => {
      wire.open = false;
      closed();
    },
    congested: () => wire.congested,
  };
  const session = new Session(channel, {
    host: fakeHost(feed, overrides),
    timers,
    name: "host",
    instance: "i1",
    session: "s1",
    onEnd: () => {
      wire.ended += 1;
    },
  });
  const say = (frame: unknown) => receive(frame);
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  const greet = async () => {
    say(HELLO);
    await settle();
    frames.length = 0;
  };
  return { timers, feed, frames, wire, session, say, settle, greet };
}

function byeOf(frames: readonly HostFrame[]) {
  const last = frames.at(-1);
  return last?.kind === "bye" ? last.error : undefined;
}

describe("the greeting", () => {
  it("answers hello with what the client needs to know", async () => {
    const { frames, say, settle, session } = openSession();
    say({ ...HELLO, token: "secret" });
    await settle();
    expect(frames).toEqual([
      {
        kind: "welcome",
        protocol: PROTOCOL_VERSION,
        instance: "i1",
        host: "host",
        session: "s1",
        role: "operator",
      },
    ]);
    expect(session.info).toEqual({ id: "s1", role: "operator", client: "test" });
  });

  it("names the older side when the versions differ, also to a client of a later shape", () => {
    const { frames, say, wire } = openSession();
    say({ kind: "hello", protocol: PROTOCOL_VERSION + 1, somethingNew: true });
    expect(byeOf(frames)).toMatchObject({ code: "version-mismatch" });
    expect(byeOf(frames)?.message).toMatch(/update the host/);
    expect(wire).toMatchObject({ open: false, ended: 1 });
  });

  it("turns a wrong token away", async () => {
    const { frames, say, settle, wire } = openSession();
    say({ ...HELLO, token: "wrong" });
    await settle();
    expect(frames).toHaveLength(1);
    expect(byeOf(frames)).toMatchObject({ code: "bad-token", retryable: false });
    expect(wire.open).toBe(false);
  });

  it("answers nothing before it", () => {
    const { frames, say } = openSession();
    say({ kind: "ping", id: 1 });
    expect(byeOf(frames)).toMatchObject({ code: "bad-frame" });
  });

  it("has to come in time", () => {
    const { frames, timers, wire } = openSession();
    timers.advance(HELLO_TIMEOUT_MS - 1);
    expect(wire.open).toBe(true);
    timers.advance(1);
    expect(byeOf(frames)).toMatchObject({ code: "timeout" });
    expect(wire.ended).toBe(1);
  });

  it("comes once", async () => {
    const { frames, say, greet } = openSession();
    await greet();
    say(HELLO);
    expect(byeOf(frames)).toMatchObject({ code: "bad-frame" });
  });
});

describe("malformed frames", () => {
  it("end the session with a reason, whatever they are, and leave no timer behind", async () => {
    await fc.assert(
      fc.asyncProperty(fc.anything(), async (junk) => {
        const { frames, say, greet, wire, timers } = openSession();
        await greet();
        say(junk);
        expect(byeOf(frames)).toMatchObject({ code: "bad-frame" });
        expect(wire).toMatchObject({ open: false, ended: 1 });
        expect(timers.pending).toBe(0);
      }),
      { numRuns: 200 },
    );
  });

  it("are not answered any more once the session is over", async () => {
    const { frames, say, greet } = openSession();
    await greet();
    say("junk");
    frames.length = 0;
    say({ kind: "ping", id: 3 });
    expect(frames).toEqual([]);
  });
});

describe("requests", () => {
  const list = { kind: "request", id: 7, method: "meshes.list", params: {} };

  it("get the host's result under their own id", async () => {
    const { frames, say, greet, settle } = openSession({ request: async () => [] as never });
    await greet();
    say(list);
    await settle();
    expect(frames).toEqual([{ kind: "reply", id: 7, result: [] }]);
  });

  it("fail with the host's error and its code", async () => {
    const { frames, say, greet, settle } = openSession();
    await greet();
    say(list);
    await settle();
    expect(frames).toMatchObject([{ kind: "failure", id: 7, error: { code: "not-supported" } }]);
  });

  it.each([
    ["meshes.nope", {}, "unknown-method"],
    ["toString", {}, "unknown-method"],
    ["meshes.list", { extra: 1 }, "bad-frame"],
    ["meshes.open", { kind: "simulated", options: { nodes: 0 } }, "bad-options"],
    ["mesh.command", { mesh: "demo", command: { type: "node.explode" } }, "bad-command"],
    ["settings.set", { settings: {} }, "forbidden"],
  ])("%s with %j is refused as %s, and the session goes on", async (method, params, code) => {
    const { frames, say, greet, settle, wire } = openSession();
    await greet();
    say({ kind: "request", id: 1, method, params });
    await settle();
    expect(frames).toMatchObject([{ kind: "failure", id: 1, error: { code } }]);
    expect(wire.open).toBe(true);
  });

  it("do not show defects of the host to the client, but to its log", async () => {
    const defects: unknown[] = [];
    const { frames, say, greet, settle } = openSession({
      request: () => Promise.reject(new TypeError("secret detail")),
      defect: (cause) => defects.push(cause),
    });
    await greet();
    say(list);
    await settle();
    expect(frames).toMatchObject([{ kind: "failure", error: { code: "internal" } }]);
    expect(JSON.stringify(frames)).not.toContain("secret detail");
    expect(defects).toHaveLength(1);
  });

  it("are refused beyond the cap, and taken again when one was answered", async () => {
    const answers: (() => void)[] = [];
    const request = () => new Promise<never>((resolve) => answers.push(() => resolve([] as never)));
    const { frames, say, greet, settle } = openSession({ request });
    await greet();
    for (let id = 0; id <= MAX_PENDING_REQUESTS; id += 1) say({ ...list, id });
    await settle();
    expect(frames).toMatchObject([
      { kind: "failure", id: MAX_PENDING_REQUESTS, error: { code: "limit-reached" } },
    ]);
    answers[0]?.();
    await settle();
    say({ ...list, id: 1_000 });
    await settle();
    expect(answers).toHaveLength(MAX_PENDING_REQUESTS + 1);
  });

  it("must not reuse an id that still waits", async () => {
    const { frames, say, greet } = openSession({ request: () => new Promise(() => {}) });
    await greet();
    say(list);
    say(list);
    expect(byeOf(frames)).toMatchObject({ code: "bad-frame" });
  });
});

describe("streams", () => {
  const subscribe = { kind: "subscribe", id: 1, topic: "mesh", params: { mesh: "demo" } };

  it("begin with a snapshot and the status", async () => {
    const { frames, say, greet, timers } = openSession();
    await greet();
    say(subscribe);
    timers.advance(20);
    expect(frames).toMatchObject([
      { kind: "push", id: 1, push: { kind: "snapshot" } },
      { kind: "push", id: 1, push: { kind: "status" } },
    ]);
  });

  it.each([
    ["an unknown topic", { topic: "nope" }, "unknown-method"],
    ["an unknown mesh", { params: { mesh: "other" } }, "unknown-mesh"],
    ["bad parameters", { params: { mesh: 5 } }, "bad-frame"],
    [
      "a mesh that cannot trace",
      { topic: "trace", params: { mesh: "demo", maxPerBatch: 1 } },
      "not-supported",
    ],
  ])("end at once for %s", async (_, change, code) => {
    const { frames, say, greet, wire } = openSession();
    await greet();
    say({ ...subscribe, ...change });
    expect(frames).toMatchObject([{ kind: "end", id: 1, error: { code } }]);
    expect(wire.open).toBe(true);
  });

  it("are limited in number", async () => {
    const { frames, say, greet } = openSession();
    await greet();
    for (let id = 0; id <= MAX_SUBSCRIPTIONS; id += 1) say({ ...subscribe, id });
    expect(frames).toMatchObject([
      { kind: "end", id: MAX_SUBSCRIPTIONS, error: { code: "limit-reached" } },
    ]);
  });

  it("stop with cancel, and with the session", async () => {
    const { feed, say, greet, session } = openSession();
    await greet();
    say(subscribe);
    say({ ...subscribe, id: 2 });
    expect(feed.subscribers).toBe(2);
    say({ kind: "cancel", id: 1 });
    expect(feed.subscribers).toBe(1);
    say({ kind: "cancel", id: 99 });
    session.close(new MeshError("closed", "The host stops."));
    expect(feed.subscribers).toBe(0);
  });

  it("end when their mesh is closed, and only those", async () => {
    const { frames, say, greet, session, timers } = openSession();
    await greet();
    say(subscribe);
    say({ kind: "subscribe", id: 2, topic: "meshes", params: {} });
    timers.advance(20);
    frames.length = 0;
    session.endMesh("demo", new MeshError("closed", "The mesh was closed."));
    expect(frames).toMatchObject([{ kind: "end", id: 1, error: { code: "closed" } }]);
  });

  it("push nothing while the wire is full, then the latest", async () => {
    const { frames, say, greet, timers, wire, feed } = openSession();
    await greet();
    say(subscribe);
    timers.advance(20);
    frames.length = 0;
    wire.congested = true;
    for (let ratio = 1; ratio <= 100; ratio += 1) {
      feed.say({ ratio });
      timers.advance(20);
    }
    expect(frames).toEqual([]);
    wire.congested = false;
    timers.advance(100);
    expect(frames).toMatchObject([{ push: { kind: "status", status: { ratio: 100 } } }]);
  });

  it("push nothing to a client that has gone silent, and go on when it speaks", async () => {
    const { frames, say, greet, timers, feed } = openSession();
    await greet();
    say(subscribe);
    timers.advance(16_000);
    frames.length = 0;
    feed.say({ ratio: 3 });
    timers.advance(60_000);
    expect(frames).toEqual([]);
    say({ kind: "ping", id: 5 });
    timers.advance(20);
    expect(frames).toMatchObject([
      { kind: "pong", id: 5 },
      { kind: "push", push: { kind: "status", status: { ratio: 3 } } },
    ]);
  });

  it("count rows of traces that were overtaken", async () => {
    let offer: (sentAt: number[], skipped: number) => void = () => {};
    const { frames, say, greet, timers, wire } = openSession({
      trace: (_, push) => {
        const empty = { nodes: [], kinds: [], arrivedAt: [], from: [], to: [], kind: [] };
        offer = (sentAt, skipped) => {
          push({ ...empty, bytes: [], outcome: [], sentAt, skipped });
        };
        return () => {};
      },
    });
    await greet();
    const params = { mesh: "demo", maxPerBatch: 100 };
    say({ kind: "subscribe", id: 1, topic: "trace", params });
    wire.congested = true;
    offer([1, 2, 3], 10);
    offer([4], 100);
    wire.congested = false;
    timers.advance(20);
    expect(frames).toMatchObject([{ push: { sentAt: [4], skipped: 113 } }]);
  });
});
