import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { WireReader, WireWriter } from "../wire.ts";
import {
  type Clock,
  clockCodec,
  clockHas,
  compareClocks,
  EMPTY_CLOCK,
  mergeClocks,
  tick,
} from "./clock.ts";

const [A, B] = ["a#0", "b#0"];
const of = (counters: Readonly<Record<string, number>>): Clock => new Map(Object.entries(counters));

const CLOCKS = fc
  .dictionary(fc.constantFrom("a#0", "b#0", "c#1"), fc.nat({ max: 3 }), { noNullPrototype: true })
  .map(of);

describe("version vectors", () => {
  test.each([
    [{ [A]: 1 }, { [A]: 2 }, "before"],
    [{ [A]: 2, [B]: 1 }, { [A]: 2 }, "after"],
    [{ [A]: 1, [B]: 2 }, { [A]: 1, [B]: 2 }, "equal"],
    [{ [A]: 1 }, { [B]: 1 }, "concurrent"],
    [{ [A]: 2, [B]: 1 }, { [A]: 1, [B]: 2 }, "concurrent"],
  ])("compare %j with %j: %s", (a, b, order) => {
    expect(compareClocks(of(a), of(b))).toBe(order);
  });

  test("a missing entry counts as 0: {} equals {a: 0}, also in bytes", () => {
    expect(compareClocks(EMPTY_CLOCK, of({ [A]: 0 }))).toBe("equal");
    expect(compareClocks(EMPTY_CLOCK, of({ [A]: 1 }))).toBe("before");
    expect(bytesOf(of({ [A]: 0 }))).toEqual(bytesOf(EMPTY_CLOCK));
  });

  test("the order is seen alike from both sides, and a merge is the least clock above both", () => {
    const opposite = { before: "after", after: "before", equal: "equal", concurrent: "concurrent" };
    fc.assert(
      fc.property(CLOCKS, CLOCKS, CLOCKS, (a, b, c) => {
        expect(compareClocks(b, a)).toBe(opposite[compareClocks(a, b)]);
        const merged = mergeClocks(a, b);
        expect(["before", "equal"]).toContain(compareClocks(a, merged));
        if (isUpTo(a, c) && isUpTo(b, c)) {
          expect(isUpTo(merged, c)).toBe(true);
        }
      }),
    );
  });

  test("what happened before has a lower clock: a write after a read is after all it read", () => {
    const read = mergeClocks(of({ [A]: 4 }), of({ [B]: 2 }));
    const written = tick(read, A);
    expect(compareClocks(read, written)).toBe("before");
    expect(clockHas(written, { actor: A, counter: 5 })).toBe(true);
    expect(clockHas(read, { actor: A, counter: 5 })).toBe(false);
  });

  test("equal clocks are equal bytes, in whatever order they were filled", () => {
    const one = bytesOf(of({ [A]: 1, [B]: 300 }));
    expect(bytesOf(of({ [B]: 300, [A]: 1 }))).toEqual(one);
    const reader = new WireReader(one);
    expect(clockCodec.decode(reader)).toEqual(of({ [A]: 1, [B]: 300 }));
    reader.expectEnd();
  });
});

function isUpTo(a: Clock, b: Clock): boolean {
  return ["before", "equal"].includes(compareClocks(a, b));
}

function bytesOf(clock: Clock): Uint8Array {
  const writer = new WireWriter();
  clockCodec.encode(writer, clock);
  return writer.finish();
}
