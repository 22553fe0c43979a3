import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Codec, DecodeError, WireReader, WireWriter } from "#main/kernel/wire.ts";
import {
  MAX_OPINIONS,
  MAX_PROOF_BYTES,
  evidenceCodec,
  opinionsCodec,
  reputationRecordCodec,
} from "./codec.ts";
import { FAULT_KINDS } from "./types.ts";

function roundTrip<T>(codec: Codec<T>, value: T): T {
  const writer = new WireWriter();
  codec.encode(writer, value);
  const reader = new WireReader(writer.finish());
  const copy = codec.decode(reader);
  reader.expectEnd();
  return copy;
}

const node = fc.string({ minLength: 1, maxLength: 16 });
const time = fc.integer({ min: 0, max: 2 ** 50 });
const thousandths = (max: number) => fc.integer({ min: 0, max }).map((value) => value / 1_000);

describe("records and messages of reputation", () => {
  it("come back as they were, to a thousandth", () => {
    const faults = fc.array(thousandths(1e6), { maxLength: FAULT_KINDS.length });
    const record = fc.record({ member: node, faults, at: time, bannedUntil: time });
    const opinions = fc.array(fc.record({ member: node, severity: thousandths(1_000) }));
    const protocol = fc.string({ maxLength: 16 });
    const evidence = fc.record({ accused: node, protocol, proof: fc.uint8Array() });
    fc.assert(
      fc.property(record, opinions, evidence, (one, two, three) => {
        expect(roundTrip(reputationRecordCodec, one)).toEqual(one);
        expect(roundTrip(opinionsCodec, two)).toEqual(two);
        expect(roundTrip(evidenceCodec, three)).toEqual(three);
      }),
    );
  });

  it("decode to a DecodeError or a value, whatever the bytes", () => {
    const codecs: Codec<unknown>[] = [reputationRecordCodec, opinionsCodec, evidenceCodec];
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(2), (bytes, which) => {
        try {
          codecs[which]?.decode(new WireReader(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(DecodeError);
        }
      }),
    );
  });

  it("refuse severities over 1, too many opinions and proofs that are too long", () => {
    const opinion = { member: "A", severity: 1.001 };
    const many = Array.from({ length: MAX_OPINIONS + 1 }, () => ({ ...opinion, severity: 1 }));
    const proof = new Uint8Array(MAX_PROOF_BYTES + 1);
    expect(() => roundTrip(opinionsCodec, [opinion])).toThrow(DecodeError);
    expect(() => roundTrip(opinionsCodec, many)).toThrow(DecodeError);
    expect(() => roundTrip(evidenceCodec, { accused: "A", protocol: "p", proof })).toThrow(
      DecodeError,
    );
  });
});
