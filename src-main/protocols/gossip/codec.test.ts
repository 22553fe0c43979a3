import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DecodeError, WireReader, WireWriter } from "#main/kernel/wire.ts";
import { gossipCodec, gossipRecordCodec } from "./codec.ts";
import * as limits from "./limits.ts";
import type { GossipMessage, GossipRecord, RumourId } from "./types.ts";

function bytesOf(message: GossipMessage): Uint8Array {
  const writer = new WireWriter();
  gossipCodec.encode(writer, message);
  return writer.finish();
}

function roundTrip(message: GossipMessage): GossipMessage {
  const reader = new WireReader(bytesOf(message));
  const copy = gossipCodec.decode(reader);
  reader.expectEnd();
  return copy;
}

const count = fc.integer({ min: 0, max: 2 ** 40 });
const id: fc.Arbitrary<RumourId> = fc.record({
  origin: fc.string({ minLength: 1, maxLength: 16 }),
  epoch: count,
  sequence: fc.integer({ min: 1, max: 2 ** 40 }),
});
const copy: fc.Arbitrary<GossipRecord> = fc.record({
  hops: fc.integer({ min: 0, max: limits.MAX_HOPS }),
  rumour: fc.record({
    id,
    topic: fc.string({ minLength: 1, maxLength: limits.MAX_TOPIC_LENGTH }),
    payload: fc.uint8Array({ maxLength: 200 }),
    urgent: fc.boolean(),
    lamport: count,
  }),
});
const stream = fc
  .record({
    origin: fc.string({ minLength: 1, maxLength: 16 }),
    epoch: count,
    floor: count,
    gaps: fc.uniqueArray(fc.integer({ min: 1, max: 500 }), { maxLength: 20 }),
  })
  .map(({ origin, epoch, floor, gaps }) => {
    const missing = gaps.sort((a, b) => a - b).map((gap) => floor + gap);
    return { origin, epoch, floor, highest: floor + 501, missing };
  });
const digest = fc.record({
  hash: fc.string({ minLength: 16, maxLength: 16, unit: fc.constantFrom(..."0123456789abcdef") }),
  after: fc.string({ maxLength: 20 }),
  until: fc.option(fc.string({ minLength: 1, maxLength: 20 })),
  streams: fc.array(stream, { maxLength: 5 }),
});
const message: fc.Arbitrary<GossipMessage> = fc.oneof(
  fc.record({
    type: fc.constant("rumours" as const),
    via: fc.constantFrom("push", "pull", "anti-entropy", "mongering"),
    copies: fc.array(copy, { maxLength: 5 }),
  }),
  fc.record({ type: fc.constant("feedback" as const), known: fc.array(id, { maxLength: 5 }) }),
  fc.record({ type: fc.constant("want" as const), ids: fc.array(id, { maxLength: 5 }) }),
  fc.record({ type: fc.constantFrom("pull", "compare"), digest }),
);

describe("gossip messages", () => {
  it("come back as they were", () => {
    fc.assert(
      fc.property(message, (one) => {
        expect(roundTrip(one)).toEqual(one);
      }),
    );
  });

  it("decode to a DecodeError or a message, whatever the bytes", () => {
    const bytes = fc.oneof(fc.uint8Array({ maxLength: 300 }), message.map(bytesOf).chain(damaged));
    fc.assert(
      fc.property(bytes, (raw) => {
        try {
          gossipCodec.decode(new WireReader(raw));
        } catch (error) {
          expect(error).toBeInstanceOf(DecodeError);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it("of unknown types are refused", () => {
    expect(() => gossipCodec.decode(new WireReader(new Uint8Array([5])))).toThrow(DecodeError);
  });
});

function damaged(raw: Uint8Array): fc.Arbitrary<Uint8Array> {
  const at = fc.integer({ min: 0, max: Math.max(0, raw.length - 1) });
  return fc.tuple(at, fc.integer({ min: 0, max: 255 })).map(([position, byte]) => {
    const copy = raw.slice();
    copy[position] = byte;
    return copy;
  });
}

describe("bounds", () => {
  const rumours = (change: Partial<GossipRecord["rumour"]>, copies = 1): GossipMessage => {
    const rumour = {
      id: { origin: "A", epoch: 0, sequence: 1 },
      topic: "t",
      payload: new Uint8Array(0),
      urgent: false,
      lamport: 1,
      ...change,
    };
    const list = Array.from({ length: copies }, () => ({ rumour, hops: 1 }));
    return { type: "rumours", via: "push", copies: list };
  };

  it.each([
    [
      "payload",
      { payload: new Uint8Array(limits.MAX_PAYLOAD_BYTES) },
      { payload: new Uint8Array(limits.MAX_PAYLOAD_BYTES + 1) },
    ],
    ["topic", { topic: "x".repeat(128) }, { topic: "x".repeat(129) }],
    ["empty topic", { topic: "x" }, { topic: "" }],
    [
      "sequence",
      { id: { origin: "A", epoch: 0, sequence: 1 } },
      { id: { origin: "A", epoch: 0, sequence: 0 } },
    ],
    [
      "origin",
      { id: { origin: "x".repeat(64), epoch: 0, sequence: 1 } },
      { id: { origin: "x".repeat(65), epoch: 0, sequence: 1 } },
    ],
    [
      "nobody",
      { id: { origin: "A", epoch: 0, sequence: 1 } },
      { id: { origin: "", epoch: 0, sequence: 1 } },
    ],
  ])("of the %s hold at the limit and just over it", (_name, allowed, refused) => {
    expect(roundTrip(rumours(allowed))).toEqual(rumours(allowed));
    expect(() => roundTrip(rumours(refused))).toThrow(DecodeError);
  });

  it("of the number of copies", () => {
    const most = rumours({}, limits.MAX_COPIES);
    expect(roundTrip(most)).toEqual(most);
    expect(() => roundTrip(rumours({}, limits.MAX_COPIES + 1))).toThrow(DecodeError);
  });

  it("of the number of ids", () => {
    const ids = Array.from({ length: limits.MAX_IDS + 1 }, (_, i) => ({
      origin: "A",
      epoch: 0,
      sequence: i + 1,
    }));
    expect(() => roundTrip({ type: "want", ids })).toThrow(DecodeError);
    expect(() => roundTrip({ type: "feedback", known: ids })).toThrow(DecodeError);
    expect(roundTrip({ type: "want", ids: ids.slice(1) })).toEqual({
      type: "want",
      ids: ids.slice(1),
    });
  });

  it("of gaps: they rise and stay between floor and highest", () => {
    const digest = (missing: readonly number[]): GossipMessage => ({
      type: "pull",
      digest: {
        hash: "0123456789abcdef",
        after: "",
        until: null,
        streams: [{ origin: "A", epoch: 0, floor: 3, highest: 9, missing }],
      },
    });
    expect(roundTrip(digest([4, 9]))).toEqual(digest([4, 9]));
    expect(() => roundTrip(digest([3]))).toThrow(DecodeError);
    expect(() => roundTrip(digest([5, 5]))).toThrow(DecodeError);
    expect(() => roundTrip(digest([10]))).toThrow(DecodeError);
  });
});

describe("records", () => {
  it("come back as they were", () => {
    fc.assert(
      fc.property(copy, (record) => {
        const writer = new WireWriter();
        gossipRecordCodec.encode(writer, record);
        expect(gossipRecordCodec.decode(new WireReader(writer.finish()))).toEqual(record);
      }),
    );
  });
});
