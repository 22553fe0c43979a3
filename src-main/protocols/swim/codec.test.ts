import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DecodeError, WireReader, WireWriter } from "#main/kernel/wire.ts";
import { swimCodec } from "./codec.ts";
import type { SwimMessage } from "./types.ts";

const node = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);
const sequence = fc.nat();
const message: fc.Arbitrary<SwimMessage> = fc.oneof(
  fc.record({ kind: fc.constant("ping" as const), sequence, target: node }),
  fc.record({ kind: fc.constant("ack" as const), sequence, incarnation: fc.nat() }),
  fc.record({ kind: fc.constant("ping-req" as const), sequence, target: node }),
  fc.record({ kind: fc.constant("nack" as const), sequence }),
);

function encode(value: SwimMessage): Uint8Array {
  const writer = new WireWriter();
  swimCodec.encode(writer, value);
  return writer.finish();
}

function decode(bytes: Uint8Array): SwimMessage {
  const reader = new WireReader(bytes);
  const value = swimCodec.decode(reader);
  reader.expectEnd();
  return value;
}

describe("the swim codec", () => {
  it("returns what was encoded", () => {
    fc.assert(
      fc.property(message, (value) => {
        expect(decode(encode(value))).toEqual(value);
      }),
    );
  });

  it("answers arbitrary or shortened bytes with a DecodeError, or a message", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 90 }), message, fc.nat(), (noise, value, cut) => {
        const whole = encode(value);
        for (const bytes of [noise, whole.slice(0, cut % whole.length)]) {
          try {
            decode(bytes);
          } catch (error) {
            expect(error).toBeInstanceOf(DecodeError);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it("refuses an unknown tag", () => {
    expect(() => decode(new Uint8Array([9, 1, 1]))).toThrow("unknown");
  });
});
