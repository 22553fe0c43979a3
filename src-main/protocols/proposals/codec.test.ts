import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Codec, DecodeError, WireReader, WireWriter } from "#main/kernel/wire.ts";
import { byText } from "./electorates.ts";
import { contradictionCodec, proposalsCodec, proposalsRecordCodec } from "./codec.ts";
import * as limits from "./limits.ts";
import type { Call, Item, Proposal, ProposalsMessage } from "./types.ts";

function bytesOf<T>(codec: Codec<T>, value: T): Uint8Array {
  const writer = new WireWriter();
  codec.encode(writer, value);
  return writer.finish();
}

function roundTrip<T>(codec: Codec<T>, value: T): T {
  const reader = new WireReader(bytesOf(codec, value));
  const copy = codec.decode(reader);
  reader.expectEnd();
  return copy;
}

const count = fc.integer({ min: 0, max: 2 ** 40 });
const node = fc.string({ minLength: 1, maxLength: 16 });
const id = fc.record({ origin: node, epoch: count, sequence: count });
const signature = fc.uint8Array({ maxLength: limits.MAX_SIGNATURE_BYTES });
const share = fc.integer({ min: 0, max: limits.BASIS_POINTS });
const call: fc.Arbitrary<Call> = fc.record({
  kind: fc.constant("call" as const),
  proposal: fc.record({
    id,
    title: fc.string({ maxLength: limits.MAX_TITLE_LENGTH }),
    text: fc.string({ maxLength: 200 }),
    thresholdBasisPoints: share,
    quorumBasisPoints: share,
    deadline: count,
    electorate: fc.uniqueArray(node, { maxLength: 8 }).map((all) => all.sort(byText)),
  }),
  signature,
});
const statement = { proposal: id, member: node, signature };
const item: fc.Arbitrary<Item> = fc.oneof(
  call,
  fc.record({
    kind: fc.constant("vote" as const),
    ...statement,
    choice: fc.constantFrom("yes", "no", "abstain"),
    reason: fc.string({ maxLength: limits.MAX_REASON_LENGTH }),
  }),
  fc.record({
    kind: fc.constant("closing" as const),
    ...statement,
    outcome: fc.constantFrom("accepted", "rejected", "no-quorum"),
  }),
);
const held = fc.record({ id, hash: fc.string({ maxLength: 16, unit: "grapheme-ascii" }) });
const message: fc.Arbitrary<ProposalsMessage> = fc.oneof(
  fc.record({ type: fc.constant("items" as const), items: fc.array(item, { maxLength: 5 }) }),
  fc.record({ type: fc.constant("digest" as const), held: fc.array(held, { maxLength: 5 }) }),
  fc.record({
    type: fc.constant("have" as const),
    id,
    content: fc.uint8Array({ maxLength: 32 }),
    bits: fc.uint8Array({ maxLength: limits.MAX_HAVE_BYTES }),
    answer: fc.boolean(),
  }),
);

describe("messages about proposals", () => {
  it("come back as they were", () => {
    fc.assert(
      fc.property(message, (one) => {
        expect(roundTrip(proposalsCodec, one)).toEqual(one);
      }),
    );
  });

  it("decode to a DecodeError or a message, whatever the bytes", () => {
    fc.assert(
      fc.property(message, count, count, (one, at, value) => {
        const raw = bytesOf(proposalsCodec, one);
        raw[at % raw.length] = value & 0xff;
        expect(outcome(() => proposalsCodec.decode(new WireReader(raw)))).not.toBe("broken");
      }),
    );
  });

  it("refuse more items, bits and longer texts than the limits say", () => {
    const vote = { kind: "vote", proposal: { origin: "A", epoch: 1, sequence: 1 } } as const;
    const one: Item = { ...vote, member: "A", choice: "yes", reason: "", signature: bytes(1) };
    const decode = (value: ProposalsMessage) => outcome(() => roundTrip(proposalsCodec, value));
    const items = (count: number) => Array.from({ length: count }, () => one);
    expect(decode({ type: "items", items: items(limits.MAX_ITEMS) })).toBe("fine");
    expect(decode({ type: "items", items: items(limits.MAX_ITEMS + 1) })).toBe("refused");
    const long = "é".repeat(limits.MAX_REASON_LENGTH);
    expect(decode({ type: "items", items: [{ ...one, reason: long }] })).toBe("fine");
    expect(decode({ type: "items", items: [{ ...one, reason: `${long}x` }] })).toBe("refused");
    expect(decode({ type: "items", items: [{ ...one, signature: bytes(129) }] })).toBe("refused");
    const have = { type: "have", id: one.proposal, content: bytes(32), answer: true } as const;
    expect(decode({ ...have, bits: bytes(limits.MAX_HAVE_BYTES) })).toBe("fine");
    expect(decode({ ...have, bits: bytes(limits.MAX_HAVE_BYTES + 1) })).toBe("refused");
  });

  it("refuse an electorate that names a member twice or is not sorted", () => {
    const decode = (electorate: readonly string[]) =>
      outcome(() => roundTrip(proposalsRecordCodec, callOf({ electorate })));
    expect(decode(["A", "B"])).toBe("fine");
    expect(decode(["B", "A"])).toBe("refused");
    expect(decode(["A", "A"])).toBe("refused");
  });
});

describe("evidence", () => {
  it("comes back as it was", () => {
    fc.assert(
      fc.property(node, fc.option(call), item, item, (accused, about, first, second) => {
        const proof = { accused, call: about, first, second };
        expect(roundTrip(contradictionCodec, proof)).toEqual(proof);
      }),
    );
  });
});

function bytes(length: number): Uint8Array {
  return new Uint8Array(length);
}

function callOf(change: Partial<Proposal>): Call {
  const proposal: Proposal = {
    id: { origin: "A", epoch: 1, sequence: 1 },
    title: "t",
    text: "",
    thresholdBasisPoints: 6_700,
    quorumBasisPoints: 5_000,
    deadline: 1,
    electorate: ["A"],
    ...change,
  };
  return { kind: "call", proposal, signature: bytes(0) };
}

function outcome(act: () => unknown): "fine" | "refused" | "broken" {
  try {
    act();
    return "fine";
  } catch (error) {
    return error instanceof DecodeError ? "refused" : "broken";
  }
}
