import { describe, expect, it } from "vitest";
import type { ConnectionState } from "../contract/description.ts";
import { MeshError } from "../contract/errors.ts";
import { FakeFeed, fakeHost } from "../testing/fake-host.ts";
import { ManualTimers } from "../testing/manual-timers.ts";
import type { Channel } from "./channel.ts";
import { RpcClient } from "./client.ts";
import { memoryChannels } from "./memory-channel.ts";
import { backoffMs, keepConnected } from "./reconnect.ts";
import { Session } from "./server.ts";

describe("backoffMs", () => {
  it("draws evenly below a bound that doubles up to the cap", () => {
    expect([1, 2, 3, 4, 5, 6].map((attempt) => backoffMs(attempt, 0.5))).toEqual([
      500, 1_000, 2_000, 4_000, 8_000, 15_000,
    ]);
    expect(backoffMs(1, 0)).toBe(0);
    expect(backoffMs(1, 0.999_999)).toBe(999);
    expect(backoffMs(1_000, 0.999_999)).toBeLessThan(30_000);
  });
});

function setUp(token?: string) {
  const timers = new ManualTimers();
  const states: ConnectionState[] = [];
  const hosts: Channel[] = [];
  const network = { up: true };
  const dial = async (): Promise<Channel> => {
    if (!network.up) throw new MeshError("unreachable", "Nobody listens.", { retryable: true });
    const { client, host } = memoryChannels(queueMicrotask);
    hosts.push(host);
    const options = { name: "host", instance: "i", session: "s", onEnd: () => {} };
    const session = new Session(host, { ...options, host: fakeHost(new FakeFeed()), timers });
    expect(session.info).toBeUndefined();
    return client;
  };
  const connection = keepConnected({
    client: new RpcClient({ name: "test", timers }),
    timers,
    dial,
    token,
    random: () => 0.5,
    onState: (state) => states.push(state),
  });
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  return { timers, states, hosts, network, connection, settle };
}

describe("keepConnected", () => {
  it("goes live, notices the loss, and dials again with growing waits", async () => {
    const { states, hosts, network, timers, settle } = setUp();
    await settle();
    expect(states).toEqual([{ state: "connecting" }, { state: "live" }]);
    network.up = false;
    hosts[0]?.close();
    await settle();
    expect(states.at(-1)).toMatchObject({ state: "reconnecting", retryInMs: 500, attempt: 1 });
    timers.advance(499);
    await settle();
    expect(states).toHaveLength(3);
    timers.advance(1);
    await settle();
    expect(states.at(-1)).toMatchObject({
      attempt: 2,
      retryInMs: 1_000,
      reason: "Nobody listens.",
    });
    network.up = true;
    timers.advance(1_000);
    await settle();
    expect(states.at(-1)).toEqual({ state: "live" });
    network.up = false;
    hosts[1]?.close();
    await settle();
    expect(states.at(-1)).toMatchObject({ attempt: 1 });
  });

  it("retries at once when asked to, and once", async () => {
    const { states, network, connection, hosts, settle, timers } = setUp();
    await settle();
    network.up = false;
    hosts[0]?.close();
    await settle();
    network.up = true;
    connection.retryNow();
    connection.retryNow();
    await settle();
    expect(states.at(-1)).toEqual({ state: "live" });
    timers.advance(2_000);
    await settle();
    expect(hosts).toHaveLength(2);
  });

  it("stops for good when repeating cannot help", async () => {
    const { states, timers, hosts, settle } = setUp("wrong");
    await settle();
    expect(states.at(-1)).toMatchObject({
      state: "stopped",
      reason: expect.stringContaining("token"),
    });
    timers.advance(120_000);
    await settle();
    expect(hosts).toHaveLength(1);
  });

  it("stops when closed, also while it waits", async () => {
    const { states, network, timers, hosts, connection, settle } = setUp();
    await settle();
    network.up = false;
    hosts[0]?.close();
    await settle();
    connection.close();
    connection.close();
    network.up = true;
    timers.advance(120_000);
    await settle();
    expect(states.map(({ state }) => state)).toEqual([
      "connecting",
      "live",
      "reconnecting",
      "stopped",
    ]);
    expect(hosts).toHaveLength(1);
  });
});
