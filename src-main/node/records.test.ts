import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DecodeError } from "#main/kernel/wire.ts";
import { decodeRecord, encodeRecord, LOSS_RECORD, repairedDisk, restoreDisk } from "./records.ts";

const record = (tag: number, text: string) => encodeRecord(tag, (writer) => writer.string(text));

function flipped(tag: number, bit: number): Uint8Array {
  const damaged = record(tag, "damaged");
  damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return damaged;
}

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
    const disk = restoreDisk([record(1, "a"), record(2, "b"), flipped(1, 9), record(3, "c")]);
    expect(disk.records.map((entry) => entry.tag)).toEqual([1, 2]);
    expect(disk).toMatchObject({ discarded: 2, amnesia: true });
  });

  it("that never were complete are passed over: later lives did not know of them either", () => {
    for (const length of [0, 3, 7, 10]) {
      const torn = record(1, "torn").slice(0, length);
      const disk = restoreDisk([record(1, "a"), torn, record(3, "c")]);
      expect(disk.records.map((entry) => entry.tag)).toEqual([1, 3]);
      expect(disk).toMatchObject({ discarded: 1, amnesia: false });
    }
  });

  it("are lost, not unfinished, when a flipped bit makes them say that they are longer", () => {
    for (let bit = 0; bit < 7 * 8; bit++) {
      expect(restoreDisk([flipped(1, bit), record(2, "b")]).amnesia).toBe(true);
    }
  });

  it("leave a mark where they were lost, and what is written behind it is trusted", () => {
    const repaired = repairedDisk([record(1, "a"), flipped(1, 70), record(2, "lost too")]);
    const later = restoreDisk([...repaired, record(3, "later")]);
    expect(later.records.map((entry) => entry.tag)).toEqual([1, LOSS_RECORD, 3]);
    expect(later).toMatchObject({ discarded: 0, amnesia: false });
  });

  it("restore whole when nothing is damaged", () => {
    expect(restoreDisk([record(1, "a")])).toMatchObject({ discarded: 0 });
    expect(restoreDisk([])).toEqual({ records: [], discarded: 0, amnesia: false });
  });
});
