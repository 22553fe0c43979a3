import { describe, expect, test } from "vitest";
import * as fc from "fast-check";
import { AssertionError } from "./assert.ts";
import { EventQueue } from "./event-queue.ts";

describe("EventQueue", () => {
  test("comes out by time first, by order at equal times", () => {
    const queue = new EventQueue();
    queue.push(20, 1, 1);
    queue.push(10, 9, 2);
    queue.push(10, 3, 3);
    queue.push(0, 5, 4);
    expect(queue.nextTime).toBe(0);
    expect([queue.pop(), queue.pop(), queue.pop(), queue.pop()]).toEqual([4, 3, 2, 1]);
    expect(queue.size).toBe(0);
    expect(queue.nextTime).toBe(Number.POSITIVE_INFINITY);
  });

  test("orders are unsigned: the highest bit is not a sign", () => {
    const queue = new EventQueue();
    queue.push(1, 0xffff_ffff, 1);
    queue.push(1, 0x7fff_ffff, 2);
    expect([queue.pop(), queue.pop()]).toEqual([2, 1]);
  });

  test("agrees with sorting under any mix of pushes and pops", () => {
    const operation = fc.option(fc.nat(20), { nil: "pop" as const, freq: 2 });
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 400 }), (operations) => {
        const queue = new EventQueue();
        const model: { time: number; order: number }[] = [];
        operations.forEach((time, order) => {
          if (time !== "pop") {
            queue.push(time, order, order);
            model.push({ time, order });
            model.sort((a, b) => a.time - b.time || a.order - b.order);
          } else if (model.length > 0) {
            expect(queue.nextTime).toBe(model[0]?.time);
            expect(queue.pop()).toBe(model.shift()?.order);
          }
          expect(queue.size).toBe(model.length);
        });
      }),
    );
  });

  test("keeps everything when it outgrows its first arrays", () => {
    const queue = new EventQueue();
    const count = 5_000;
    for (let i = 0; i < count; i++) {
      queue.push((i * 7_919) % count, i, (i * 7_919) % count);
    }
    for (let i = 0; i < count; i++) {
      expect(queue.pop()).toBe(i);
    }
  });

  test("popping an empty queue is a bug of the caller", () => {
    expect(() => new EventQueue().pop()).toThrow(AssertionError);
  });
});
