import type { TraceBatch } from "#shared/contract/trace.ts";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { HostClient } from "../../../client/host-client.ts";
import { batchOf, type Sent, serialsOf } from "../model/testing.ts";
import { MessageFeed } from "./feed.ts";

interface Read {
  readonly from: number;
  readonly to: number;
  readonly limit: number;
}

/** A host that answers from a list of messages, at most `limit` at once. */
class TracingHost {
  readonly reads: Read[] = [];
  messages: Sent[] = [];
  now = 1_000;
  gone = 0;
  fails = false;
  live: ((batch: TraceBatch) => void) | undefined;
  most = Number.POSITIVE_INFINITY;

  readonly client = {
    request: async (method: string, params: Read) => {
      expect(method).toBe("mesh.messages");
      if (this.fails) throw new Error("not today");
      const { from, to, limit } = params;
      this.reads.push({ from, to, limit });
      const all = this.messages.filter(({ at }) => at >= from && at <= to);
      const some = all.slice(0, Math.min(limit, this.most));
      return batchOf(some, all.length - some.length + this.gone);
    },
    subscribe: (_topic: string, _params: object, sink: { push(batch: TraceBatch): void }) => {
      this.live = (batch) => sink.push(batch);
      return { grant: () => {}, cancel: () => (this.live = undefined) };
    },
  } as unknown as HostClient;
}

let host: TracingHost;
let feed: MessageFeed;
let failures: number;

beforeEach(() => {
  vi.useFakeTimers();
  host = new TracingHost();
  failures = 0;
  feed = new MessageFeed({
    host: host.client,
    mesh: "m",
    now: () => host.now,
    changed: () => {},
    failed: () => {
      failures += 1;
    },
  });
});

afterEach(() => {
  feed.close();
  vi.useRealTimers();
});

const rest = (ms = 1_000) => vi.advanceTimersByTimeAsync(ms);
const numbered = (count: number, everyUs: number): Sent[] =>
  Array.from({ length: count }, (_, serial) => ({
    serial,
    at: serial * everyUs,
    arrives: serial * everyUs + 1,
  }));

describe("what is looked at", () => {
  it("is read once, and only the part that is not known", async () => {
    host.messages = numbered(100, 10);
    feed.look({ from: 200, to: 400 });
    await rest();
    expect(host.reads.map(({ from, to }) => [from, to])).toEqual([[200, 400]]);
    feed.look({ from: 300, to: 600 });
    await rest();
    expect(host.reads.slice(1).map(({ from, to }) => [from, to])).toEqual([[401, 600]]);
    feed.look({ from: 250, to: 500 });
    await rest();
    expect(host.reads).toHaveLength(2);
    expect(feed.messages.count).toBe(41);
  });

  it("is not asked for beyond the present, nor again and again while time stands still", async () => {
    host.messages = numbered(10, 10);
    feed.look({ from: 0, to: 5_000 });
    await rest(5_000);
    expect(host.reads.map(({ from, to }) => [from, to])).toEqual([[0, 1_000]]);
    host.messages.push({ serial: 10, at: 1_000, arrives: 1_001 });
    feed.refresh();
    await rest();
    expect(feed.messages.count).toBe(11);
  });

  it("follows the latest wish only, however fast wishes come", async () => {
    for (let at = 0; at < 500; at += 5) feed.look({ from: at, to: at + 10 });
    await rest();
    expect(host.reads.length).toBeLessThanOrEqual(2);
    expect(host.reads.at(-1)?.to).toBe(505);
  });

  it("is asked for again after a failure, which is told once", async () => {
    host.messages = numbered(10, 10);
    host.fails = true;
    feed.look({ from: 0, to: 500 });
    await rest(3_000);
    expect(failures).toBe(1);
    host.fails = false;
    await rest(3_000);
    expect(feed.messages.count).toBe(10);
  });
});

describe("messages that are not held", () => {
  it("are told, and brought by looking closer where they did not fit", async () => {
    host.messages = numbered(100_050, 1);
    host.now = 200_000;
    feed.look({ from: 0, to: 150_000 });
    await rest();
    const [gap] = feed.gapsIn({ from: 0, to: 150_000 });
    expect(gap).toMatchObject({ skipped: 50, readable: true });
    expect(feed.gapsIn({ from: 0, to: 10 })).toEqual([]);
    feed.look({ from: 99_990, to: 100_100 });
    await rest();
    expect(feed.messages.count).toBe(100_050);
    expect(feed.gapsIn({ from: 0, to: 150_000 })).toEqual([]);
  });

  it("are told as gone where the host keeps them no longer", async () => {
    host.messages = numbered(10, 10).map((sent) => ({ ...sent, at: sent.at + 500, arrives: 999 }));
    host.gone = 7;
    feed.look({ from: 0, to: 900 });
    await rest();
    expect(feed.gapsIn({ from: 0, to: 100 })[0]).toMatchObject({ skipped: 7, readable: false });
    expect(feed.gapsIn({ from: 600, to: 700 })).toEqual([]);
  });
});

describe("messages under way", () => {
  it("are asked about until it is known how they ended", async () => {
    host.messages = [{ serial: 0, at: 10 }];
    feed.look({ from: 0, to: 900 });
    await rest();
    host.messages = [{ serial: 0, at: 10, outcome: "lost" }];
    feed.refresh();
    await rest();
    expect(feed.messages.columns.outcome[0]).toBe(2);
    const { length } = host.reads;
    feed.refresh();
    await rest();
    expect(host.reads.slice(length).every(({ from }) => from >= host.now)).toBe(true);
  });

  it("come live, without a gap in what is known of the window", async () => {
    feed.setLive(true);
    host.live?.(batchOf([{ serial: 5, at: 990, arrives: 991 }]));
    expect(serialsOf(feed.messages)).toEqual([5]);
    host.messages = numbered(6, 190);
    feed.look({ from: 0, to: 1_000 });
    await rest();
    expect(serialsOf(feed.messages)).toEqual([0, 1, 2, 3, 4, 5]);
    feed.setLive(false);
    expect(host.live).toBeUndefined();
  });
});

it("asks and takes nothing after it was closed", async () => {
  feed.setLive(true);
  feed.look({ from: 0, to: 100 });
  feed.close();
  await rest();
  expect(host.reads).toEqual([]);
  expect(host.live).toBeUndefined();
});
