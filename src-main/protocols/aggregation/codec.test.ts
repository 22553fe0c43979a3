import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DecodeError, WireReader, WireWriter } from "#main/kernel/wire.ts";
import { aggregationCodec } from "./codec.ts";
import { MAX_METRICS } from "./limits.ts";
import type { AggregationMessage, Share } from "./types.ts";

function bytesOf(message: AggregationMessage): Uint8Array {
  const writer = new WireWriter();
  aggregationCodec.encode(writer, message);
  return writer.finish();
}

function roundTrip(message: AggregationMessage): AggregationMessage {
  const reader = new WireReader(bytesOf(message));
  const copy = aggregationCodec.decode(reader);
  reader.expectEnd();
  return copy;
}

const count = fc.integer({ min: 0, max: 2 ** 40 });
const share = fc.record({
  weight: fc.double(),
  sum: fc.double(),
  extremes: fc.option(fc.record({ min: fc.double(), max: fc.double() })),
});
const message: fc.Arbitrary<AggregationMessage> = fc.oneof(
  fc.record({
    type: fc.constant("transfer" as const),
    epoch: count,
    sequence: count,
    mass: fc.record({
      root: fc.string({ minLength: 1, maxLength: 16 }),
      rootWeight: fc.double(),
      shares: fc.array(share, { maxLength: MAX_METRICS }),
    }),
  }),
  fc.record({
    type: fc.constant("ack" as const),
    epoch: count,
    sequence: count,
    applied: fc.boolean(),
  }),
);

describe("messages of aggregation", () => {
  it("come back as they were, bit by bit", () => {
    fc.assert(
      fc.property(message, (one) => {
        expect(roundTrip(one)).toEqual(one);
      }),
    );
  });

  it("decode to a DecodeError or a message, whatever the bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        try {
          aggregationCodec.decode(new WireReader(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(DecodeError);
        }
      }),
    );
  });

  it("refuse more metrics than a machine can have", () => {
    const one: Share = { weight: 1, sum: 1, extremes: null };
    const shares = Array.from({ length: MAX_METRICS + 1 }, () => one);
    const mass = { root: "A", rootWeight: 1, shares };
    expect(() => roundTrip({ type: "transfer", epoch: 1, sequence: 1, mass })).toThrow(DecodeError);
  });
});
