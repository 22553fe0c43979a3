import { describe, expect, it } from "vitest";
import type { MeshError } from "../contract/errors.ts";
import { type ClientFrame, INITIAL_CREDIT, PROTOCOL_VERSION } from "../contract/protocol.ts";
import { randomEvents } from "../testing/random-events.ts";
import { ManualTimers } from "../testing/manual-timers.ts";
import { emptyView } from "../view/empty.ts";
import { encodeSnapshot } from "../view/snapshot.ts";
import type { Channel } from "./channel.ts";
import { RpcClient } from "./client.ts";
import type { MeshPush } from "./client-stream.ts";

const WELCOME = {
  kind: "welcome",
  protocol: PROTOCOL_VERSION,
  instance: "i1",
  host: "host",
  session: "s1",
  role: "viewer",
};

/** A client, and a host that says exactly what the test wants. */
function setUp() {
  const timers = new ManualTimers();
  const client = new RpcClient({ name: "test", timers });
  const downs: MeshError[] = [];
  const welcomes: string[] = [];
  const connect = (token?: string) => {
    const sent: ClientFrame[] = [];
    let receive: (frame: unknown) => void = () => {};
    const wire = { open: true, sent, say: (frame: unknown) => receive(frame), drop: () => {} };
    const channel: Channel = {
      send: (frame) => sent.push(frame as ClientFrame),
      onFrame: (to) => {
        receive = to;
      },
      onClose: (closed) => {
        wire.drop = closed;
      },
      close: () => {
        wire.open = false;
      },
    };
    client.connect(channel, token, {
      welcome: ({ session }) => welcomes.push(session),
      down: (error) => downs.push(error),
    });
    return wire;
  };
  return { timers, client, downs, welcomes, connect };
}

function listenTo(client: RpcClient, credit: "auto" | "manual" = "auto") {
  const pushes: MeshPush[] = [];
  const ends: (MeshError | undefined)[] = [];
  const listener = {
    push: (push: MeshPush) => pushes.push(push),
    end: (error: MeshError | undefined) => ends.push(error),
  };
  const subscription = client.subscribe("mesh", { mesh: "demo" }, listener, { credit });
  return { pushes, ends, subscription };
}

const snapshotPush = (seq: number) => ({
  kind: "snapshot",
  snapshot: { ...encodeSnapshot(emptyView()), seq },
});
const eventsPush = (from: number, to: number) => ({
  kind: "events",
  events: randomEvents(1, to).slice(from - 1),
});

describe("the greeting", () => {
  it("says who is there, with the token, and waits for the welcome", () => {
    const { connect, client, welcomes } = setUp();
    const wire = connect("secret");
    expect(wire.sent).toEqual([
      { kind: "hello", protocol: PROTOCOL_VERSION, client: "test", token: "secret" },
    ]);
    listenTo(client);
    expect(wire.sent).toHaveLength(1);
    wire.say(WELCOME);
    expect(welcomes).toEqual(["s1"]);
    expect(wire.sent.slice(1)).toMatchObject([{ kind: "subscribe", params: { mesh: "demo" } }]);
  });

  it.each([
    ["a host of another version", { ...WELCOME, protocol: 99, more: 1 }, "version-mismatch", false],
    ["nonsense", { kind: "what" }, "bad-frame", true],
    ["frames before the welcome", { kind: "pong", id: 1 }, "bad-frame", true],
    [
      "a refusal",
      { kind: "bye", error: { code: "bad-token", message: "no", retryable: false } },
      "bad-token",
      false,
    ],
  ])("ends with %s", (_, frame, code, retryable) => {
    const { connect, downs } = setUp();
    const wire = connect();
    wire.say(frame);
    expect(downs).toMatchObject([{ code, retryable }]);
    expect(wire.open).toBe(false);
    wire.drop();
    expect(downs).toHaveLength(1);
  });
});

describe("requests", () => {
  it("resolve with the checked answer to their id, whatever the order", async () => {
    const { connect, client } = setUp();
    const wire = connect();
    wire.say(WELCOME);
    const list = client.request("meshes.list", {});
    const record = client.request("mesh.record", { mesh: "demo" });
    const [first, second] = wire.sent.slice(1) as { id: number }[];
    wire.say({ kind: "reply", id: 12_345, result: "nobody asked" });
    wire.say({ kind: "reply", id: second?.id, result: { text: "tape" } });
    wire.say({ kind: "reply", id: first?.id, result: [] });
    await expect(record).resolves.toEqual({ text: "tape" });
    await expect(list).resolves.toEqual([]);
  });

  it("reject with the host's error, and when the answer is malformed", async () => {
    const { connect, client } = setUp();
    const wire = connect();
    wire.say(WELCOME);
    const refused = client.request("mesh.record", { mesh: "demo" });
    const malformed = client.request("mesh.record", { mesh: "demo" });
    const [first, second] = wire.sent.slice(1) as { id: number }[];
    const error = { code: "not-supported", message: "no tape", retryable: false };
    wire.say({ kind: "failure", id: first?.id, error });
    wire.say({ kind: "reply", id: second?.id, result: { tape: 1 } });
    await expect(refused).rejects.toMatchObject({ code: "not-supported", message: "no tape" });
    await expect(malformed).rejects.toMatchObject({ code: "bad-frame" });
  });

  it("time out, and tell a read that may be repeated from a change that may have happened", async () => {
    const { connect, client, timers } = setUp();
    connect().say(WELCOME);
    const read = client.request("meshes.list", {}, 1_000);
    const change = client.request("meshes.close", { mesh: "demo" }, 1_000);
    timers.advance(1_000);
    await expect(read).rejects.toMatchObject({ code: "timeout", retryable: true });
    await expect(change).rejects.toMatchObject({ code: "timeout", retryable: false });
  });

  it("reject at once without a session and when it is lost", async () => {
    const { connect, client } = setUp();
    await expect(client.request("meshes.list", {})).rejects.toMatchObject({ code: "disconnected" });
    const wire = connect();
    wire.say(WELCOME);
    const change = client.request("meshes.close", { mesh: "demo" });
    wire.drop();
    await expect(change).rejects.toMatchObject({ code: "disconnected", retryable: false });
    await expect(change).rejects.toThrow(/Whether it was carried out is not known/);
  });
});

describe("a session", () => {
  it("ends when the host is silent, not while it answers", () => {
    const { connect, timers, downs } = setUp();
    const wire = connect();
    wire.say(WELCOME);
    for (let second = 0; second < 60; second += 5) {
      timers.advance(5_000);
      wire.say({ kind: "pong", id: 1 });
    }
    expect(downs).toEqual([]);
    timers.advance(15_000);
    expect(downs).toEqual([]);
    timers.advance(5_000);
    expect(downs).toMatchObject([{ code: "timeout", retryable: true }]);
    expect(timers.pending).toBe(0);
  });
});

describe("streams", () => {
  it("deliver snapshot, events, gaps and status in order", () => {
    const { connect, client } = setUp();
    const wire = connect();
    const { pushes } = listenTo(client);
    wire.say(WELCOME);
    const { id } = wire.sent[1] as { id: number };
    wire.say({ kind: "push", id, push: snapshotPush(0) });
    wire.say({ kind: "push", id, push: eventsPush(1, 3) });
    const gap = { kind: "gap", fromSeq: 4, toSeq: 6, skipped: 3, what: "log" };
    wire.say({ kind: "push", id, push: gap });
    wire.say({ kind: "push", id, push: eventsPush(7, 7) });
    expect(pushes.map((push) => push.kind)).toEqual(["snapshot", "events", "gap", "events"]);
  });

  it.each([
    ["an event twice", eventsPush(3, 3)],
    ["a hole", eventsPush(5, 5)],
    ["a gap that overlaps", { kind: "gap", fromSeq: 3, toSeq: 4, skipped: 2, what: "log" }],
    ["a gap that miscounts", { kind: "gap", fromSeq: 4, toSeq: 6, skipped: 2, what: "log" }],
    ["an unknown event", { kind: "events", events: [{ seq: 4, at: 1, type: "nope" }] }],
    ["an unknown push", { kind: "surprise" }],
  ])("take %s for a broken session", (_, push) => {
    const { connect, client, downs } = setUp();
    const wire = connect();
    listenTo(client);
    wire.say(WELCOME);
    const { id } = wire.sent[1] as { id: number };
    wire.say({ kind: "push", id, push: snapshotPush(3) });
    wire.say({ kind: "push", id, push });
    expect(downs).toMatchObject([{ code: "bad-frame", retryable: true }]);
  });

  it("resume after the last event on the same host, and start anew on another", () => {
    const { connect, client } = setUp();
    const first = connect();
    const { pushes } = listenTo(client);
    first.say(WELCOME);
    const { id } = first.sent[1] as { id: number };
    first.say({ kind: "push", id, push: snapshotPush(40) });
    first.drop();
    const second = connect();
    second.say(WELCOME);
    expect(second.sent[1]).toMatchObject({ kind: "subscribe", params: { sinceSeq: 40 } });
    const third = connect();
    third.say({ ...WELCOME, instance: "i2" });
    expect(third.sent[1]).toEqual({
      kind: "subscribe",
      id,
      topic: "mesh",
      params: { mesh: "demo" },
    });
    first.say({ kind: "push", id, push: snapshotPush(1) });
    expect(pushes).toHaveLength(1);
  });

  it("start anew after a hole", () => {
    const { connect, client } = setUp();
    const first = connect();
    listenTo(client);
    first.say(WELCOME);
    const { id } = first.sent[1] as { id: number };
    first.say({ kind: "push", id, push: snapshotPush(3) });
    first.say({ kind: "push", id, push: eventsPush(5, 5) });
    const second = connect();
    second.say(WELCOME);
    expect((second.sent[1] as { params: unknown }).params).toEqual({ mesh: "demo" });
  });

  it("hand credit back in portions as events are digested", () => {
    const { connect, client } = setUp();
    const wire = connect();
    listenTo(client);
    wire.say(WELCOME);
    const { id } = wire.sent[1] as { id: number };
    wire.say({ kind: "push", id, push: snapshotPush(0) });
    const portion = INITIAL_CREDIT / 4;
    wire.say({ kind: "push", id, push: eventsPush(1, portion - 1) });
    expect(wire.sent).toHaveLength(2);
    wire.say({ kind: "push", id, push: eventsPush(portion, portion) });
    expect(wire.sent.slice(2)).toEqual([{ kind: "credit", id, events: portion }]);
  });

  it("end when the host ends them, and are not resumed", () => {
    const { connect, client } = setUp();
    const wire = connect();
    const { ends } = listenTo(client);
    wire.say(WELCOME);
    const { id } = wire.sent[1] as { id: number };
    const error = { code: "closed", message: "The mesh was closed.", retryable: false };
    wire.say({ kind: "end", id, error });
    expect(ends).toMatchObject([{ code: "closed" }]);
    const next = connect();
    next.say(WELCOME);
    expect(next.sent).toHaveLength(1);
  });

  it("push nothing after cancel", () => {
    const { connect, client } = setUp();
    const wire = connect();
    const { pushes, subscription } = listenTo(client);
    wire.say(WELCOME);
    const { id } = wire.sent[1] as { id: number };
    subscription.cancel();
    subscription.cancel();
    wire.say({ kind: "push", id, push: snapshotPush(3) });
    expect(pushes).toEqual([]);
    expect(wire.sent.slice(2)).toEqual([{ kind: "cancel", id }]);
  });
});
