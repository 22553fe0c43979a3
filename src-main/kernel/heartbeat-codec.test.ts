import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DecodeError, WireReader, WireWriter } from "./wire.ts";
import { heartbeatCodec } from "./heartbeat-codec.ts";
import type { Heartbeat } from "./detector.ts";

const message: fc.Arbitrary<Heartbeat> = fc.record({
  kind: fc.constant("heartbeat" as const),
  sequence: fc.nat(),
  incarnation: fc.nat(),
});

function encode(value: Heartbeat): Uint8Array {
  const writer = new WireWriter();
  heartbeatCodec.encode(writer, value);
  return writer.finish();
}

function decode(bytes: Uint8Array): Heartbeat {
  const reader = new WireReader(bytes);
  const value = heartbeatCodec.decode(reader);
  reader.expectEnd();
  return value;
}

describe("the heartbeat codec", () => {
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
