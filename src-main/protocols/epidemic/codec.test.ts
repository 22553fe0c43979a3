import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Codec, DecodeError, WireReader, WireWriter } from "#main/kernel/wire.ts";
import { epidemicCodec, epidemicRecordCodec } from "./codec.ts";
import { MAX_COUNTER, MAX_MEMBERS } from "./limits.ts";
import type { EpidemicMessage, EpidemicRecord, Row } from "./types.ts";

const counter = fc.oneof(fc.nat(300), fc.integer({ min: 0, max: MAX_COUNTER / 2 }));
const name = fc.string({ minLength: 1, maxLength: 8, unit: "grapheme" });
const digest = fc.string({ minLength: 16, maxLength: 16, unit: fc.constantFrom(..."0123abcf") });
const bytes = fc.uint8Array({ maxLength: 40 });
const place = fc.record({ lamport: counter, origin: fc.oneof(fc.constant(""), name) });
const vote = fc.record({ lamport: counter, origin: name, index: counter, chain: digest });

const proposal = fc
  .record({ origin: name, time: counter, command: bytes, before: counter, at: counter })
  .map(({ origin, time, command, before, at }) => ({
    origin,
    sequence: before + 1,
    previous: { sequence: before, lamport: at },
    lamport: at + 1,
    time,
    command,
  }));

const group = fc.nat(7).chain((size) =>
  fc.record({
    rows: fc.array(
      fc.record({
        clock: counter,
        held: fc.array(counter, { minLength: size, maxLength: size }),
        closed: vote,
        decided: place,
      }),
      { minLength: size, maxLength: size },
    ),
    counts: fc.array(counter, { minLength: size, maxLength: size }),
    decided: vote,
  }),
);

const message: fc.Arbitrary<EpidemicMessage> = fc.oneof(
  fc.record({ type: fc.constant("probe" as const), group: digest, hash: digest }),
  fc
    .record({
      digest,
      group,
      answer: fc.constantFrom("none", "news", "always"),
      all: fc.array(proposal),
    })
    .map(({ digest: name, group: { rows, counts, decided }, answer, all }) => ({
      type: "gossip" as const,
      group: name,
      answer: answer as "none",
      rows,
      decided: { ...decided, counts },
      proposals: all,
    })),
  fc.record({
    type: fc.constant("fetch" as const),
    group: digest,
    at: counter,
    offset: fc.nat(10_000),
  }),
  fc.record({
    type: fc.constant("chunk" as const),
    group: digest,
    at: counter,
    digest,
    offset: fc.nat(10_000),
    total: fc.nat(10_000),
    bytes,
  }),
);

const record: fc.Arbitrary<EpidemicRecord> = fc
  .record({
    all: fc.array(proposal),
    closed: fc.option(place),
    group,
    snapshot: bytes,
    time: counter,
  })
  .map(({ all, closed, group: { counts, decided }, snapshot, time }) => {
    const rest = { proposals: all, closed: closed?.lamport === 0 ? null : closed };
    return time % 2 === 0
      ? { kind: "log" as const, ...rest }
      : { kind: "checkpoint" as const, base: { ...decided, counts, time, snapshot }, ...rest };
  });

function encode<Message>(codec: Codec<Message>, value: Message): Uint8Array {
  const writer = new WireWriter();
  codec.encode(writer, value);
  return writer.finish();
}

function decode<Message>(codec: Codec<Message>, encoded: Uint8Array): Message {
  const reader = new WireReader(encoded);
  const value = codec.decode(reader);
  reader.expectEnd();
  return value;
}

const ROW: Row = {
  clock: 0,
  held: [0, 0],
  closed: { lamport: 0, origin: "", index: 0, chain: "0".repeat(16) },
  decided: { lamport: 0, origin: "" },
};

function gossip(rows: readonly Row[]): EpidemicMessage {
  const counts = rows.map(() => 0);
  const decided = { ...ROW.closed, counts };
  const none = "none" as const;
  return { type: "gossip", group: "0".repeat(16), answer: none, rows, decided, proposals: [] };
}

describe("epidemic codec", () => {
  it("messages come back as they were", () => {
    fc.assert(
      fc.property(message, (one) => {
        expect(decode(epidemicCodec, encode(epidemicCodec, one))).toEqual(one);
      }),
    );
  });

  it("records come back as they were", () => {
    fc.assert(
      fc.property(record, (one) => {
        expect(decode(epidemicRecordCodec, encode(epidemicRecordCodec, one))).toEqual(one);
      }),
    );
  });

  it("any bytes are a message or a DecodeError", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        for (const codec of [epidemicCodec, epidemicRecordCodec] as Codec<unknown>[]) {
          try {
            decode(codec, noise);
          } catch (error) {
            expect(error).toBeInstanceOf(DecodeError);
          }
        }
      }),
    );
  });

  it("a table costs a few bytes a row where all hold the same, however large the counts", () => {
    const held = Array.from({ length: 50 }, () => 1_000_000);
    const rows = held.map(() => ({ ...ROW, held }));
    expect(encode(epidemicCodec, gossip(rows)).length).toBeLessThan(50 * 30 + 400);
  });

  it("a table of more members than a group can have is refused", () => {
    const held = Array.from({ length: MAX_MEMBERS + 1 }, () => 0);
    const rows = held.map(() => ({ ...ROW, held }));
    expect(() => decode(epidemicCodec, encode(epidemicCodec, gossip(rows)))).toThrow(DecodeError);
  });

  it("a proposal that does not come after its predecessor is refused", () => {
    const wrong = { sequence: 3, lamport: 4 };
    const command = new Uint8Array(0);
    const one = { origin: "a", sequence: 3, previous: wrong, lamport: 5, time: 0, command };
    const encoded = encode(epidemicRecordCodec, { kind: "log", proposals: [one], closed: null });
    expect(() => decode(epidemicRecordCodec, encoded)).toThrow(DecodeError);
  });
});
