import { describe, expect, test } from "vitest";
import * as fc from "fast-check";
import { DecodeError, WireReader, WireWriter } from "./wire.ts";

function written(write: (writer: WireWriter) => void): WireReader {
  const writer = new WireWriter();
  write(writer);
  return new WireReader(writer.finish());
}

describe("wire", () => {
  test("varints take one byte up to 127 and come back up to 2^53 - 1", () => {
    for (const [value, bytes] of [
      [0, 1],
      [127, 1],
      [128, 2],
      [16_383, 2],
      [16_384, 3],
      [Number.MAX_SAFE_INTEGER, 8],
    ] as const) {
      const reader = written((writer) => writer.varint(value));
      expect(reader.remaining).toBe(bytes);
      expect(reader.varint()).toBe(value);
      reader.expectEnd();
    }
  });

  test("a varint over its limit is refused, at its limit it is not", () => {
    expect(written((writer) => writer.varint(10)).varint(10)).toBe(10);
    expect(() => written((writer) => writer.varint(11)).varint(10)).toThrow(DecodeError);
  });

  test("numbers that are no varint are a bug of the caller", () => {
    for (const value of [-1, 0.5, 2 ** 53, Number.NaN]) {
      expect(() => new WireWriter().varint(value)).toThrow(RangeError);
    }
  });

  test("strings of any length and alphabet come back, interned or not", () => {
    const text = fc.oneof(
      fc.string({ unit: "binary", maxLength: 100 }),
      fc.string({ unit: "binary-ascii", maxLength: 70 }),
    );
    fc.assert(
      fc.property(fc.array(text, { maxLength: 20 }), (texts) => {
        const reader = written((writer) => texts.forEach((item) => writer.string(item)));
        expect(texts.map(() => reader.string())).toEqual(texts);
        reader.expectEnd();
      }),
    );
  });

  test("texts that share a table slot do not become each other", () => {
    const names = Array.from({ length: 20_000 }, (_, i) => `n${i}`);
    for (let round = 0; round < 2; round++) {
      const reader = written((writer) => names.forEach((name) => writer.string(name)));
      expect(names.every((name) => reader.string() === name)).toBe(true);
    }
  });

  test("f64 keeps every number", () => {
    fc.assert(
      fc.property(fc.double(), (value) => {
        expect(written((writer) => writer.f64(value)).f64()).toBe(value);
      }),
    );
  });

  test("random bytes either decode or raise DecodeError, nothing else", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        for (const read of ["u8", "varint", "f64", "string"] as const) {
          try {
            new WireReader(bytes)[read]();
          } catch (error) {
            expect(error).toBeInstanceOf(DecodeError);
          }
        }
      }),
    );
  });

  test("what is cut short, overlong, invalid or left over is refused", () => {
    expect(() => new WireReader(Uint8Array.of(5, 65)).string()).toThrow(DecodeError);
    expect(() => new WireReader(Uint8Array.of(2, 0xc3, 0x28)).string()).toThrow(DecodeError);
    expect(() => new WireReader(Uint8Array.of(3, 1, 2)).bytes(10)).toThrow(DecodeError);
    expect(() => new WireReader(Uint8Array.of(3, 65, 65, 65)).string(2)).toThrow(DecodeError);
    expect(() => new WireReader(new Uint8Array(9).fill(0xff)).varint()).toThrow(DecodeError);
    expect(() => new WireReader(Uint8Array.of(1)).expectEnd()).toThrow(DecodeError);
  });

  test("bytes read are a copy", () => {
    const source = Uint8Array.of(2, 7, 8);
    const read = new WireReader(source).bytes(2);
    source[1] = 99;
    expect([...read]).toEqual([7, 8]);
  });

  test("a writer that was reset writes the next message alone", () => {
    const writer = new WireWriter();
    writer.string("first".repeat(100));
    writer.reset().u8(7);
    expect([...writer.finish()]).toEqual([7]);
  });
});
