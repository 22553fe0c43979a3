import { once } from "node:events";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import type { Channel } from "#shared/rpc/channel.ts";
import { type HttpEndpoint, openHttpEndpoint } from "./http-endpoint.ts";
import { WebSocketEndpoint } from "./websocket-endpoint.ts";

const MEGABYTE = 1024 * 1024;

let channels: Channel[];
let sockets: WebSocketEndpoint;
let endpoint: HttpEndpoint;
let client: WebSocket;

beforeEach(async () => {
  channels = [];
  sockets = new WebSocketEndpoint({
    onChannel: (channel) => channels.push(channel),
    maxSessions: 4,
    monotonicMs: () => performance.now(),
  });
  endpoint = await openHttpEndpoint({
    address: "127.0.0.1",
    port: 0,
    consoleFolder: "/nowhere",
    onUpgrade: (request, socket, head) => sockets.accept(request, socket, head),
  });
  client = new WebSocket(`ws://127.0.0.1:${endpoint.port}/ws`);
  await once(client, "open");
});
afterEach(async () => {
  client.terminate();
  sockets.close();
  await endpoint.close();
});

async function channel(): Promise<Channel> {
  return vi.waitFor(() => {
    const [first] = channels;
    if (first === undefined) throw new Error("no channel yet");
    return first;
  });
}

it("is congested while its reader is slow, and no longer when it caught up", async () => {
  const wire = await channel();
  expect(wire.congested?.()).toBe(false);
  client.pause();
  let sent = 0;
  const received: unknown[] = [];
  client.on("message", (data) => received.push(data));
  while (wire.congested?.() === false && sent < 40) {
    wire.send("x".repeat(MEGABYTE));
    sent += 1;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(wire.congested?.()).toBe(true);
  expect(sent).toBeLessThan(40);
  client.resume();
  await vi.waitFor(() => expect(received).toHaveLength(sent), 5_000);
  expect(wire.congested?.()).toBe(false);
});

it("lets a reader go that takes nothing of all it asked for", async () => {
  const wire = await channel();
  const closed = vi.fn<() => void>();
  wire.onClose(closed);
  client.pause();
  for (let sent = 0; sent < 90; sent += 1) wire.send("x".repeat(MEGABYTE));
  await vi.waitFor(() => expect(closed).toHaveBeenCalledOnce());
  wire.send("dropped without a word");
});

it("hands frames over as values, and what is no JSON as nothing", async () => {
  const wire = await channel();
  const frames: unknown[] = [];
  wire.onFrame((frame) => frames.push(frame));
  client.send('{"kind":"hello"}');
  client.send("{");
  client.send(new Uint8Array([123, 125]));
  await vi.waitFor(() => expect(frames).toEqual([{ kind: "hello" }, undefined, undefined]));
});

it("tells once that it closed, whoever closed it", async () => {
  const wire = await channel();
  const closed = vi.fn<() => void>();
  wire.onClose(closed);
  wire.close();
  client.close();
  await vi.waitFor(() => expect(closed).toHaveBeenCalledOnce());
});
