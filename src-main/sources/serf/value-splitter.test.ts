import fc from "fast-check";
import { Packr } from "msgpackr";
import { describe, expect, it } from "vitest";
import { MeshError } from "#shared/contract/errors.ts";
import { ValueSplitter } from "./value-splitter.ts";

const packr = new Packr({ useRecords: false, variableMapSize: true });

const wireValue = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.integer(),
    fc.double({ noNaN: true }),
    fc.boolean(),
    fc.constant(null),
    fc.string({ maxLength: 400 }),
    fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
    fc.bigInt({ min: 2n ** 33n, max: 2n ** 64n - 1n }),
    fc.array(tie("value"), { maxLength: 20 }),
    fc.dictionary(fc.string({ minLength: 1, maxLength: 5 }), tie("value"), { maxKeys: 20 }),
  ),
})).value;

/** Cuts `bytes` at these places. */
function cut(bytes: Uint8Array, places: readonly number[]): readonly Uint8Array[] {
  const at = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...at].map((from, index) => bytes.subarray(from, at[index] ?? bytes.length));
}

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return error instanceof MeshError ? error.code : `not a MeshError: ${String(error)}`;
  }
  return "no error";
}

describe("a stream of values", () => {
  it("comes out as it went in, however it was cut and joined", () => {
    fc.assert(
      fc.property(fc.array(wireValue, { maxLength: 8 }), fc.array(fc.nat()), (values, places) => {
        const encoded = values.map((value) => new Uint8Array(packr.pack(value)));
        const splitter = new ValueSplitter();
        const pieces = cut(new Uint8Array(Buffer.concat(encoded)), places);
        expect(pieces.flatMap((piece) => splitter.push(piece))).toEqual(encoded);
        expect(splitter.pending).toBe(0);
      }),
    );
  });

  it("gives a value with its last byte, not before", () => {
    const bytes = packr.pack({ Members: [{ Name: "a", Tags: {} }], Port: 7946 });
    const splitter = new ValueSplitter();
    for (const byte of bytes.subarray(0, -1)) {
      expect(splitter.push(Uint8Array.of(byte))).toEqual([]);
    }
    expect(splitter.push(bytes.subarray(-1))).toHaveLength(1);
  });

  it("gives values that later pieces do not overwrite", () => {
    const splitter = new ValueSplitter();
    const [first] = splitter.push(packr.pack("a".repeat(3_000)));
    for (let index = 0; index < 10; index++) splitter.push(packr.pack("b".repeat(3_000)));
    expect(packr.unpack(first as Uint8Array)).toBe("a".repeat(3_000));
  });
});

describe("bytes that are no Serf RPC", () => {
  it("end in values or in a refusal, never in anything else", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        const code = codeOf(() => new ValueSplitter().push(bytes));
        expect(["no error", "peer-protocol"]).toContain(code);
      }),
    );
  });

  it.each([
    ["the byte that is never used", [0xc1]],
    ["an extension type", [0xd4, 0x01, 0x00]],
    ["a text of 4 GB", [0xdb, 0xff, 0xff, 0xff, 0xff]],
    ["a list of 4 billion values", [0xdd, 0xff, 0xff, 0xff, 0xff]],
  ])("are refused at once: %s", (_what, bytes) => {
    expect(codeOf(() => new ValueSplitter().push(Uint8Array.from(bytes)))).toBe("peer-protocol");
  });

  it("are refused when nested deeper than the limit, not at it", () => {
    const limits = { valueBytes: 100, depth: 3 };
    const nested = (depth: number): Uint8Array =>
      Uint8Array.from([...Array<number>(depth).fill(0x91), 0xc0]);
    expect(new ValueSplitter(limits).push(nested(3))).toHaveLength(1);
    expect(codeOf(() => new ValueSplitter(limits).push(nested(4)))).toBe("peer-protocol");
  });

  it("are refused when one value outgrows the limit, not at it", () => {
    const limits = { valueBytes: 10, depth: 3 };
    const splitter = new ValueSplitter(limits);
    expect(splitter.push(Uint8Array.from([0xdc, 0, 10, ...Array<number>(7).fill(1)]))).toEqual([]);
    expect(splitter.pending).toBe(10);
    expect(codeOf(() => splitter.push(Uint8Array.of(1)))).toBe("peer-protocol");
  });

  it("do not keep what was taken out", () => {
    const splitter = new ValueSplitter({ valueBytes: 100, depth: 3 });
    for (let index = 0; index < 1_000; index++) splitter.push(packr.pack("x".repeat(90)));
    expect(splitter.pending).toBe(0);
  });
});
