import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AssertionError } from "./assert.ts";
import { type SignedHeader, signedContent, type SigningContext } from "./signed-content.ts";

const CONTEXT: SigningContext = { protocol: "pbft", mesh: "m", epoch: 1 };
const HEADER: SignedHeader = { type: "prepare", view: 2, sequence: 3, sender: "n1" };
const BODY = Uint8Array.of(1, 2, 3);

type Parts = readonly [SigningContext, SignedHeader, Uint8Array];

const parts: fc.Arbitrary<Parts> = fc.tuple(
  fc.record({
    protocol: fc.string({ maxLength: 4 }),
    mesh: fc.string({ maxLength: 4 }),
    epoch: fc.nat(300),
  }),
  fc.record({
    type: fc.string({ maxLength: 4 }),
    view: fc.nat(300),
    sequence: fc.nat(300),
    sender: fc.string({ maxLength: 4 }),
  }),
  fc.uint8Array({ maxLength: 8 }),
);

describe("signed content", () => {
  it("is the same for the same parts, and a copy of its own", () => {
    const first = signedContent(CONTEXT, HEADER, BODY);
    const second = signedContent(CONTEXT, HEADER, BODY);
    expect(second).toEqual(first);
    second.fill(0);
    expect(signedContent(CONTEXT, HEADER, BODY)).toEqual(first);
  });

  it.each([
    ["protocol", { ...CONTEXT, protocol: "raft" }, HEADER, BODY],
    ["mesh", { ...CONTEXT, mesh: "m2" }, HEADER, BODY],
    ["epoch", { ...CONTEXT, epoch: 2 }, HEADER, BODY],
    ["type", CONTEXT, { ...HEADER, type: "commit" }, BODY],
    ["view", CONTEXT, { ...HEADER, view: 3 }, BODY],
    ["sequence", CONTEXT, { ...HEADER, sequence: 4 }, BODY],
    ["sender", CONTEXT, { ...HEADER, sender: "n2" }, BODY],
    ["body", CONTEXT, HEADER, Uint8Array.of(1, 2)],
  ] as const)("binds the %s", (_, context, header, body) => {
    expect(signedContent(context, header, body)).not.toEqual(signedContent(CONTEXT, HEADER, BODY));
  });

  it("does not let a part's end become its neighbour's beginning", () => {
    const shifted = signedContent({ ...CONTEXT, protocol: "pb", mesh: "ftm" }, HEADER, BODY);
    expect(shifted).not.toEqual(signedContent(CONTEXT, HEADER, BODY));
    const swapped = signedContent(CONTEXT, { ...HEADER, view: 3, sequence: 2 }, BODY);
    expect(swapped).not.toEqual(signedContent(CONTEXT, HEADER, BODY));
  });

  it("is equal exactly when all parts are", () => {
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        const same = JSON.stringify(a) === JSON.stringify(b);
        const [left, right] = [signedContent(...a), signedContent(...b)];
        expect(Buffer.compare(left, right) === 0).toBe(same);
      }),
      { numRuns: 500 },
    );
  });

  it("refuses names that are no well-formed text: encoded they would all be one", () => {
    const of = (sender: string) => signedContent(CONTEXT, { ...HEADER, sender }, BODY);
    expect(() => of("\ud800")).toThrow(AssertionError);
    expect(() => of("a\udc00")).toThrow(AssertionError);
    expect(of("\u{1f600}")).not.toEqual(of("\ufffd"));
  });

  it("takes numbers that are whole and not negative only", () => {
    expect(() => signedContent(CONTEXT, { ...HEADER, view: -1 }, BODY)).toThrow(RangeError);
    expect(() => signedContent({ ...CONTEXT, epoch: 0.5 }, HEADER, BODY)).toThrow(RangeError);
  });
});
