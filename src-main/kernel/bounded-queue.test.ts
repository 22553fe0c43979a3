import { describe, expect, test } from "vitest";
import * as fc from "fast-check";
import { AssertionError } from "./assert.ts";
import { BoundedQueue } from "./bounded-queue.ts";

describe("BoundedQueue", () => {
  test("takes exactly its capacity, then rejects and counts", () => {
    const queue = new BoundedQueue<number>({ capacity: 2, onFull: "reject" });
    expect([queue.push(1), queue.push(2), queue.push(3)]).toEqual([true, true, false]);
    expect(queue.dropped).toBe(1);
    expect(queue.drain()).toEqual([1, 2]);
    expect(queue.size).toBe(0);
    expect(queue.push(4)).toBe(true);
  });

  test("drop-oldest keeps the newest and counts what fell out", () => {
    const queue = new BoundedQueue<number>({ capacity: 2, onFull: "drop-oldest" });
    for (const item of [1, 2, 3, 4]) {
      expect(queue.push(item)).toBe(true);
    }
    expect(queue.drain()).toEqual([3, 4]);
    expect(queue.dropped).toBe(2);
  });

  test("assert turns an overflow into a bug", () => {
    const queue = new BoundedQueue<number>({ capacity: 1, onFull: "assert" });
    queue.push(1);
    expect(() => queue.push(2)).toThrow(AssertionError);
  });

  test("a capacity below one is refused", () => {
    expect(() => new BoundedQueue({ capacity: 0, onFull: "reject" })).toThrow(AssertionError);
  });

  test("first in, first out, whatever the mix", () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 500 }), (pushes) => {
        const queue = new BoundedQueue<number>({ capacity: 50, onFull: "drop-oldest" });
        const model: number[] = [];
        pushes.forEach((push, i) => {
          if (push) {
            queue.push(i);
            model.push(i);
            model.splice(0, Math.max(0, model.length - 50));
          } else {
            expect(queue.shift()).toBe(model.shift());
          }
          expect(queue.size).toBe(model.length);
        });
      }),
    );
  });
});
