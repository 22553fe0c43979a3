import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DecodeError } from "#main/kernel/wire.ts";
import { decodeRecord, encodeRecord, restoreDisk } from "./records.ts";

const record = (tag: number, text: string) => encodeRecord(tag, (writer) => writer.string(text));

describe("records on a node's disk", () => {
  it("come back with tag and body", () => {
    const { tag, body } = decodeRecord(record(7, "hello"));
    expect(tag).toBe(7);
    expect([...body]).toEqual([5, ...new TextEncoder().encode("hello")]);
  });

  it("are noticed when torn at any byte", () => {
    const whole = record(1, "a record of some length");
    for (let length = 0; length < whole.length; length++) {
      expect(() => decodeRecord(whole.slice(0, length))).toThrow(DecodeError);
    }
  });

  it("are noticed when any single bit is flipped", () => {
    const whole = record(2, "bits");
    fc.assert(
      fc.property(fc.nat(whole.length * 8 - 1), (bit) => {
        const damaged = whole.slice();
        damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(() => decodeRecord(damaged)).toThrow(DecodeError);
      }),
    );
  });

  it("are trusted up to the first damaged one, and nothing behind it", () => {
    const torn = record(1, "torn").slice(0, 3);
    const disk = restoreDisk([record(1, "a"), record(2, "b"), torn, record(3, "c")]);
    expect(disk.records.map((entry) => entry.tag)).toEqual([1, 2]);
    expect(disk.discarded).toBe(2);
  });

  it("restore whole when nothing is damaged", () => {
    expect(restoreDisk([record(1, "a")])).toMatchObject({ discarded: 0 });
    expect(restoreDisk([])).toEqual({ records: [], discarded: 0, amnesia: false });
  });

  it("are forgotten for good only where a whole one was lost, not one that never was whole", () => {
    const unfinished = record(1, "torn").slice(0, 7);
    expect(restoreDisk([record(1, "a"), unfinished])).toMatchObject({ amnesia: false });
    expect(restoreDisk([unfinished, record(1, "a")])).toMatchObject({ amnesia: true });
    const flipped = record(1, "b");
    flipped[6] = (flipped[6] ?? 0) ^ 1;
    expect(restoreDisk([record(1, "a"), flipped])).toMatchObject({ amnesia: true });
  });
});
