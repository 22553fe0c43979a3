import { describe, expect, it } from "vitest";
import type { MeshEvent } from "../contract/events.ts";
import { INITIAL_CREDIT, type TopicPush } from "../contract/protocol.ts";
import { FakeFeed } from "../testing/fake-host.ts";
import { decodeSnapshot } from "../view/snapshot.ts";
import { MeshStream, STREAM_LIMITS, type StreamLimits } from "./mesh-stream.ts";

function opened(limits: Partial<StreamLimits> = {}, sinceSeq?: number, feed = new FakeFeed()) {
  const pushes: TopicPush<"mesh">[] = [];
  const context = { changed: () => {}, limits: { ...STREAM_LIMITS, ...limits } };
  const stream = MeshStream.open(feed, sinceSeq, context);
  const outlet = { ready: () => true, push: (push: unknown) => pushes.push(push as never) };
  const flush = () => {
    pushes.length = 0;
    feed.settle();
    stream.flush(outlet);
    return pushes.filter((push) => push.kind !== "status");
  };
  return { feed, stream, flush };
}

function events(fromSeq: number, types: string): MeshEvent[] {
  return [...types].map((type, index): MeshEvent => {
    const stamp = { seq: fromSeq + index, at: 1 };
    return type === "l"
      ? { ...stamp, type: "log", level: "info", topic: "t", text: "" }
      : { ...stamp, type: "mesh.topology", kind: "ring" };
  });
}

const seqsOf = (push: TopicPush<"mesh"> | undefined) =>
  push?.kind === "events" ? push.events.map((event) => (event as MeshEvent).seq) : undefined;

describe("credit", () => {
  it("is spent by one for each event, and nothing is pushed without", () => {
    const { feed, stream, flush } = opened({ initialCredit: 3 });
    flush();
    feed.emit(events(1, "sssss"));
    expect(flush().map(seqsOf)).toEqual([[1, 2, 3]]);
    expect(flush()).toEqual([]);
    stream.grant(1);
    expect(flush().map(seqsOf)).toEqual([[4]]);
    stream.grant(5);
    expect(flush().map(seqsOf)).toEqual([[5]]);
  });

  it("is spent in bounded batches", () => {
    const { feed, flush } = opened({ maxBatch: 2 });
    flush();
    feed.emit(events(1, "sssss"));
    expect(flush().map(seqsOf)).toEqual([[1, 2], [3, 4], [5]]);
  });

  it("cannot be hoarded", () => {
    const { feed, stream, flush } = opened({ initialCredit: 1, maxCredit: 2 });
    flush();
    stream.grant(1e15);
    feed.emit(events(1, "sss"));
    expect(flush().map(seqsOf)).toEqual([[1, 2]]);
  });
});

describe("log lines", () => {
  it("are skipped first when credit runs out, in place and counted", () => {
    const { feed, stream, flush } = opened({ initialCredit: 2 });
    flush();
    feed.emit(events(1, "lsllsls"));
    expect(flush().map(seqsOf)).toEqual([[1, 2]]);
    stream.grant(10);
    const gap = { kind: "gap", what: "log" };
    const pushes = flush();
    expect(pushes).toMatchObject([
      { ...gap, fromSeq: 3, toSeq: 4, skipped: 2 },
      { kind: "events" },
      { ...gap, fromSeq: 6, toSeq: 6, skipped: 1 },
      { kind: "events" },
    ]);
    expect([pushes[1], pushes[3]].map(seqsOf)).toEqual([[5], [7]]);
  });

  it("are not skipped while there is credit for them", () => {
    const { feed, flush } = opened({ initialCredit: 3 });
    flush();
    feed.emit(events(1, "lll"));
    expect(flush().map(seqsOf)).toEqual([[1, 2, 3]]);
  });

  it("at 10,000 a second do not grow what waits for a client that does not read", () => {
    const { feed, stream, flush } = opened();
    flush();
    let seq = 1;
    for (let second = 0; second < 30; second += 1) {
      feed.emit(events(seq, "l".repeat(10_000)));
      seq += 10_000;
      expect(stream.waiting).toBeLessThanOrEqual(INITIAL_CREDIT + 1);
    }
    const first = flush();
    const delivered = first.flatMap((push) => seqsOf(push) ?? []);
    expect(delivered).toHaveLength(INITIAL_CREDIT);
    stream.grant(1);
    expect(flush()).toMatchObject([
      { kind: "gap", fromSeq: INITIAL_CREDIT + 1, toSeq: seq - 1, skipped: 295_000 },
    ]);
  });
});

describe("a client that does not read", () => {
  it("gets a fresh snapshot instead of more than the limit of waiting events", () => {
    const { feed, stream, flush } = opened({ initialCredit: 2, maxWaiting: 3 });
    flush();
    feed.emit(events(1, "sssss"));
    expect(stream.waiting).toBe(5);
    feed.emit(events(6, "s"));
    expect(stream.waiting).toBe(0);
    feed.emit(events(7, "sss"));
    expect(stream.waiting).toBe(0);
    const [push] = flush();
    if (push?.kind !== "snapshot") throw new Error("a snapshot was due");
    expect(decodeSnapshot(push.snapshot).seq).toBe(9);
    feed.emit(events(10, "s"));
    expect(flush().map(seqsOf)).toEqual([[10]]);
  });

  it("gets that snapshot only when it takes events again", () => {
    const { feed, stream, flush } = opened({ initialCredit: 1, maxWaiting: 1 });
    flush();
    feed.emit(events(1, "s"));
    flush();
    const before = feed.snapshots;
    feed.emit(events(2, "sss"));
    expect(flush()).toEqual([]);
    expect(feed.snapshots).toBe(before);
    stream.grant(1);
    expect(flush()).toMatchObject([{ kind: "snapshot", snapshot: { seq: 4 } }]);
  });
});

describe("resuming", () => {
  const withHistory = (kept?: number) => {
    const feed = new FakeFeed(kept);
    feed.emit(events(1, "ssssss"));
    return feed;
  };

  it("delivers exactly what was missed", () => {
    const { flush } = opened({}, 4, withHistory());
    expect(flush().map(seqsOf)).toEqual([[5, 6]]);
  });

  it("delivers nothing when nothing was missed", () => {
    expect(opened({}, 6, withHistory()).flush()).toEqual([]);
  });

  it("falls back to a snapshot when history is gone", () => {
    const { flush } = opened({}, 2, withHistory(3));
    expect(flush()).toMatchObject([{ kind: "snapshot", snapshot: { seq: 6 } }]);
  });

  it("falls back to a snapshot when the client claims to know the future", () => {
    const { flush } = opened({}, 7, withHistory());
    expect(flush()).toMatchObject([{ kind: "snapshot", snapshot: { seq: 6 } }]);
  });

  it("restarts when the source lost continuity", () => {
    const { feed, stream, flush } = opened({}, 6, withHistory());
    flush();
    feed.emit(events(7, "s"));
    stream.reset();
    expect(flush()).toMatchObject([{ kind: "snapshot", snapshot: { seq: 7 } }]);
  });
});
