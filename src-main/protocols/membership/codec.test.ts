import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Codec } from "#main/kernel/wire.ts";
import { DecodeError, WireReader, WireWriter } from "#main/kernel/wire.ts";
import { membershipCodec, membershipRecordCodec, WIRE_LIMITS } from "./codec.ts";
import type { MemberSnapshot, MembershipMessage, Update } from "./messages.ts";
import { MAX_OBSERVERS_PER_UPDATE } from "./options.ts";
import type { MemberMetadata, MemberState } from "./types.ts";

function encode<T>(codec: Codec<T>, value: T): Uint8Array {
  const writer = new WireWriter();
  codec.encode(writer, value);
  return writer.finish();
}

function decode<T>(codec: Codec<T>, bytes: Uint8Array): T {
  const reader = new WireReader(bytes);
  const value = codec.decode(reader);
  reader.expectEnd();
  return value;
}

const id = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,20}$/),
  fc.constantFrom("é", "节点-1", "__proto__"),
);
const incarnation = fc.nat();
const metadata: fc.Arbitrary<MemberMetadata> = fc.record({
  zone: fc.string({ maxLength: 16 }),
  address: fc.string({ maxLength: 64 }),
  tags: fc.dictionary(id, fc.string({ maxLength: 100 }), { maxKeys: 4, noNullPrototype: true }),
});
const observations = fc.array(
  fc.record({ observer: id, ageMs: fc.integer({ min: 0, max: 9_000 }).map((n) => n * 100) }),
  { maxLength: 8 },
);
const ballots = fc.record({
  roster: fc.stringMatching(/^[0-9a-f]{16}$/),
  groups: fc.array(
    fc.record({
      ageMs: fc.integer({ min: 0, max: 9_000 }).map((n) => n * 100),
      bits: fc.uint8Array({ maxLength: 40 }),
    }),
    { maxLength: WIRE_LIMITS.ballotGroups },
  ),
});
const update: fc.Arbitrary<Update> = fc.oneof(
  fc.record({ kind: fc.constant("alive" as const), member: id, incarnation, metadata }),
  fc.record({ kind: fc.constant("suspect" as const), member: id, incarnation, accuser: id }),
  fc.record({ kind: fc.constant("observed" as const), member: id, incarnation, observations }),
  fc.record({
    kind: fc.constant("observed" as const),
    member: id,
    incarnation,
    observations,
    ballots,
  }),
  fc.record({ kind: fc.constant("left" as const), member: id, incarnation, leaveTime: fc.nat() }),
  fc.record({ kind: fc.constant("forgotten" as const), member: id, incarnation }),
);
const plainSnapshot: fc.Arbitrary<MemberSnapshot> = fc.record({
  id,
  state: fc.constantFrom<MemberState>("alive", "suspect", "unreachable", "dead", "left"),
  incarnation,
  metadata,
  agreed: fc.boolean(),
  leaveTime: fc.nat(),
  observations,
});
const snapshot: fc.Arbitrary<MemberSnapshot> = fc.oneof(
  plainSnapshot,
  fc.tuple(plainSnapshot, ballots).map(([row, votes]) => ({ ...row, ballots: votes })),
);
const message: fc.Arbitrary<MembershipMessage> = fc.oneof(
  fc.record({ kind: fc.constant("gossip" as const), updates: fc.array(update, { maxLength: 6 }) }),
  fc.record({ kind: fc.constant("join" as const), member: snapshot }),
  fc.record({
    kind: fc.constant("join-refused" as const),
    reason: fc.constantFrom("read-only" as const, "left" as const, "full" as const),
  }),
  fc.record({ kind: fc.constant("votes" as const), member: id, incarnation }),
  fc.record({ kind: fc.constant("sync" as const), digest: fc.stringMatching(/^[0-9a-f]{16}$/) }),
  fc.record({
    kind: fc.constant("state" as const),
    wanted: fc.boolean(),
    members: fc.array(snapshot, { maxLength: 5 }),
  }),
);

describe("the membership codec", () => {
  it("returns what was encoded", () => {
    fc.assert(
      fc.property(message, (value) => {
        expect(decode(membershipCodec, encode(membershipCodec, value))).toEqual(value);
      }),
    );
  });

  it("answers arbitrary bytes with a DecodeError, or a message", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expectOnlyDecodeErrors(bytes);
      }),
      { numRuns: 500 },
    );
  });

  it("answers damaged and shortened messages with a DecodeError, or a message", () => {
    fc.assert(
      fc.property(message, fc.nat(), fc.nat({ max: 255 }), fc.nat(), (value, at, byte, cut) => {
        const bytes = encode(membershipCodec, value);
        bytes[at % bytes.length] = byte;
        expectOnlyDecodeErrors(bytes);
        expectOnlyDecodeErrors(bytes.slice(0, cut % bytes.length));
      }),
    );
  });

  it("rounds ages up, never down: an observation does not grow younger on its way", () => {
    const aged = (ageMs: number): MembershipMessage => ({
      kind: "gossip",
      updates: [
        { kind: "observed", member: "E", incarnation: 0, observations: [{ observer: "B", ageMs }] },
      ],
    });
    expect(decode(membershipCodec, encode(membershipCodec, aged(100)))).toEqual(aged(100));
    expect(decode(membershipCodec, encode(membershipCodec, aged(101)))).toEqual(aged(200));
  });

  it.each([
    ["a node name over 64 bytes", (w: WireWriter) => update1(w, 5, "x".repeat(65))],
    ["an empty node name", (w: WireWriter) => update1(w, 5, "")],
    ["an unknown update", (w: WireWriter) => update1(w, 9, "A")],
    ["an unknown message", (w: WireWriter) => w.u8(99)],
    ["too many observers", (w: WireWriter) => manyObservers(w, MAX_OBSERVERS_PER_UPDATE + 1)],
    ["too many groups of ballots", (w: WireWriter) => ballotGroups(w, 9, 1)],
    ["ballots over a larger roster than may be", (w: WireWriter) => ballotGroups(w, 1, 1_251)],
    ["a roster's hash that is too long", (w: WireWriter) => ballotGroups(w, 0, 0, "x".repeat(17))],
    ["too many updates", (w: WireWriter) => manyUpdates(w, WIRE_LIMITS.updates + 1)],
    ["too many members", (w: WireWriter) => [4, 0].forEach((b) => w.u8(b)) ?? w.varint(10_001)],
    ["a flag that is none", (w: WireWriter) => [4, 2].forEach((b) => w.u8(b))],
    ["an unknown refusal", (w: WireWriter) => [2, 7].forEach((b) => w.u8(b))],
  ])("refuses %s", (_, write) => {
    const writer = new WireWriter();
    write(writer);
    expect(() => decode(membershipCodec, writer.finish())).toThrow(DecodeError);
  });

  it("accepts exactly the largest numbers of observers and updates", () => {
    const observers = new WireWriter();
    manyObservers(observers, MAX_OBSERVERS_PER_UPDATE);
    expect(decode(membershipCodec, observers.finish())).toMatchObject({ kind: "gossip" });
    const bits = new WireWriter();
    ballotGroups(bits, 8, 1_250, "x".repeat(16));
    expect(decode(membershipCodec, bits.finish())).toMatchObject({ kind: "gossip" });
    const many = new WireWriter();
    manyUpdates(many, WIRE_LIMITS.updates);
    expect(decode(membershipCodec, many.finish())).toMatchObject({ kind: "gossip" });
  });
});

describe("the membership record", () => {
  it("returns what was encoded, and refuses another version", () => {
    const record = { incarnation: 7, leaveTime: 300, joined: ["A", "Ö"], gone: ["C"] };
    const bytes = encode(membershipRecordCodec, record);
    expect(decode(membershipRecordCodec, bytes)).toEqual(record);
    bytes[0] = 3;
    expect(() => decode(membershipRecordCodec, bytes)).toThrow("version 3");
  });
});

function expectOnlyDecodeErrors(bytes: Uint8Array): void {
  try {
    decode(membershipCodec, bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(DecodeError);
  }
}

function update1(writer: WireWriter, tag: number, member: string): void {
  writer.u8(0);
  writer.u8(tag);
  writer.string(member);
  writer.varint(0);
  writer.u8(0);
}

function manyObservers(writer: WireWriter, count: number): void {
  writer.u8(0);
  writer.u8(3);
  writer.string("E");
  writer.varint(0);
  writer.varint(count);
  for (let i = 0; i < count; i++) {
    writer.string("B");
    writer.varint(0);
  }
  writer.u8(0);
  writer.u8(0);
}

function ballotGroups(writer: WireWriter, count: number, bytes: number, roster = "r"): void {
  writer.u8(0);
  writer.u8(3);
  writer.string("E");
  writer.varint(0);
  writer.varint(0);
  writer.u8(1);
  writer.string(roster);
  writer.varint(count);
  for (let i = 0; i < count; i++) {
    writer.varint(0);
    writer.bytes(new Uint8Array(bytes));
  }
  writer.u8(0);
}

function manyUpdates(writer: WireWriter, count: number): void {
  writer.u8(0);
  for (let i = 0; i < count; i++) {
    writer.u8(5);
    writer.string("E");
    writer.varint(0);
  }
  writer.u8(0);
}
