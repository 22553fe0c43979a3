import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DecodeError, WireReader, WireWriter } from "#main/kernel/wire.ts";
import { linksCodec } from "./codec.ts";
import * as limits from "./limits.ts";
import type { Advert, LinksMessage } from "./types.ts";

function bytesOf(message: LinksMessage): Uint8Array {
  const writer = new WireWriter();
  linksCodec.encode(writer, message);
  return writer.finish();
}

function roundTrip(message: LinksMessage): LinksMessage {
  const reader = new WireReader(bytesOf(message));
  const copy = linksCodec.decode(reader);
  reader.expectEnd();
  return copy;
}

const node = fc.string({ minLength: 1, maxLength: 16 });
const count = fc.integer({ min: 0, max: 2 ** 40 });
const path = fc.array(node, { minLength: 1, maxLength: 6 });
const stamp = fc.record({ node, incarnation: count, version: count });
const advert = fc
  .record({
    node,
    incarnation: count,
    version: count,
    zone: fc.string({ maxLength: 10 }),
    links: fc.array(fc.tuple(node, count), { maxLength: 6 }),
  })
  .map(({ links, ...rest }) => ({
    ...rest,
    neighbours: links.map((one) => one[0]),
    roundTripsUs: links.map((one) => one[1]),
  }));
const offerReason = fc.constantFrom("join", "repair", "optimise", "topology");
const is = <Type extends string>(type: Type) => fc.constant(type);
const message: fc.Arbitrary<LinksMessage> = fc.oneof(
  fc.record({ type: is("offer"), reason: offerReason }),
  fc.record({ type: is("accept"), reason: offerReason }),
  fc.record({ type: is("reject"), reason: fc.constantFrom("full", "not-running", "unknown") }),
  fc.record({
    type: is("close"),
    reason: fc.constantFrom("topology", "trimmed", "optimise", "peer-silent", "no-link", "leaving"),
  }),
  fc.record({ type: fc.constantFrom("ping", "pong"), sequence: count }),
  fc.record({ type: is("adverts"), adverts: fc.array(advert, { maxLength: 4 }) }),
  fc.record({ type: is("compare"), digest: fc.string({ maxLength: 5 }) }),
  fc.record({
    type: is("summary"),
    after: fc.string({ maxLength: 8 }),
    until: fc.option(node),
    stamps: fc.array(stamp, { maxLength: 5 }),
  }),
  fc.record({ type: is("want"), nodes: fc.array(node, { maxLength: 5 }) }),
  fc.record({
    type: is("trace"),
    trace: count,
    to: node,
    ttl: fc.integer({ min: 0, max: limits.MAX_HOPS }),
    path,
  }),
  fc.record({
    type: is("traced"),
    trace: count,
    to: node,
    path,
    end: fc.constantFrom("arrived", "no-route", "ttl", "unknown", "timeout"),
  }),
);

describe("links messages", () => {
  it("come back as they were", () => {
    fc.assert(
      fc.property(message, (one) => {
        expect(roundTrip(one)).toEqual(one);
      }),
      { numRuns: 500 },
    );
  });

  it("decode to a DecodeError or a message, whatever the bytes", () => {
    const damaged = fc
      .tuple(message.map(bytesOf), fc.nat(), fc.integer({ min: 0, max: 255 }))
      .map(([bytes, at, byte]) => bytes.map((old, i) => (i === at % bytes.length ? byte : old)));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), damaged), (bytes) => {
        try {
          linksCodec.decode(new WireReader(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(DecodeError);
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it("of unknown types or reasons are refused", () => {
    expect(() => linksCodec.decode(new WireReader(new Uint8Array([12])))).toThrow(DecodeError);
    expect(() => linksCodec.decode(new WireReader(new Uint8Array([0, 4])))).toThrow(DecodeError);
  });
});

describe("bounds hold at the limit and just over it", () => {
  const one = (neighbours: number): Advert => ({
    node: "A",
    incarnation: 0,
    version: 1,
    zone: "",
    neighbours: Array.from({ length: neighbours }, () => "B"),
    roundTripsUs: Array.from({ length: neighbours }, () => 0),
  });
  const many = <Item>(length: number, item: Item) => Array.from({ length }, () => item);

  it.each<[string, (size: number) => LinksMessage, number]>([
    ["neighbours", (size) => ({ type: "adverts", adverts: [one(size)] }), limits.MAX_NEIGHBOURS],
    ["adverts", (size) => ({ type: "adverts", adverts: many(size, one(0)) }), limits.MAX_ADVERTS],
    ["wants", (size) => ({ type: "want", nodes: many(size, "A") }), limits.MAX_STAMPS],
    [
      "stamps",
      (size) => {
        const stamps = many(size, { node: "A", incarnation: 0, version: 0 });
        return { type: "summary", after: "", until: null, stamps };
      },
      limits.MAX_STAMPS,
    ],
    ["ttl", (ttl) => ({ type: "trace", trace: 1, to: "B", ttl, path: ["A"] }), limits.MAX_HOPS],
    [
      "path",
      (size) => ({ type: "traced", trace: 1, to: "B", path: many(size, "A"), end: "ttl" }),
      limits.MAX_HOPS + 1,
    ],
  ])("%s", (_name, make, limit) => {
    expect(roundTrip(make(limit))).toEqual(make(limit));
    expect(() => roundTrip(make(limit + 1))).toThrow(DecodeError);
  });

  it("a path names at least its origin, and every node has a name", () => {
    const trace = { type: "trace", trace: 1, to: "B", ttl: 1 } as const;
    expect(() => roundTrip({ ...trace, path: [] })).toThrow(DecodeError);
    expect(() => roundTrip({ ...trace, path: [""] })).toThrow(DecodeError);
    expect(() => roundTrip({ ...trace, path: ["x".repeat(65)] })).toThrow(DecodeError);
  });
});
