import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Render } from "./broadcasts.ts";
import { BroadcastQueue } from "./broadcasts.ts";
import type { Update } from "./messages.ts";

const NONE: Render = () => null;

function news(member: string, incarnation = 0): Update {
  return { kind: "forgotten", member, incarnation };
}

function members(updates: readonly Update[]): string {
  return updates.map(({ member }) => member).join("");
}

describe("the broadcast queue (SWIM §4.1, memberlist TransmitLimitedQueue)", () => {
  it("newer news about a member replaces the old, and is new again", () => {
    const queue = new BroadcastQueue();
    queue.enqueue("A", 10, news("A", 1));
    queue.take(100, 3, NONE);
    queue.take(100, 3, NONE);
    queue.enqueue("A", 10, news("A", 2));
    expect(queue.size).toBe(1);
    expect(queue.take(100, 3, NONE)).toEqual([news("A", 2)]);
    expect(queue.take(100, 3, NONE)).toHaveLength(1);
    expect(queue.take(100, 3, NONE)).toHaveLength(1);
    expect(queue.take(100, 3, NONE)).toHaveLength(0);
  });

  it("sends the least transmitted first", () => {
    const queue = new BroadcastQueue();
    queue.enqueue("A", 10, news("A"));
    queue.take(10, 9, NONE);
    queue.enqueue("B", 10, news("B"));
    queue.enqueue("C", 10, news("C"));
    expect(members(queue.take(20, 9, NONE))).toBe("CB");
    expect(members(queue.take(30, 9, NONE))).toHaveLength(3);
  });

  it("among equals the larger first, and fills the rest with what fits", () => {
    const queue = new BroadcastQueue();
    queue.enqueue("S", 5, news("S"));
    queue.enqueue("L", 50, news("L"));
    queue.enqueue("M", 20, news("M"));
    expect(members(queue.take(57, 9, NONE))).toBe("LS");
    expect(members(queue.take(57, 9, NONE))).toBe("MS");
  });

  it("drops an item after exactly the limit of transmissions", () => {
    const queue = new BroadcastQueue();
    queue.enqueue("A", 10, news("A"));
    for (let sent = 0; sent < 8; sent++) {
      expect(queue.size).toBe(1);
      expect(queue.take(100, 8, NONE)).toHaveLength(1);
    }
    expect(queue.size).toBe(0);
  });

  it("never exceeds the budget, never sends an item twice in a packet, loses nothing", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 0, max: 100 }),
        (sizes, budget) => {
          const queue = new BroadcastQueue();
          for (const [i, size] of sizes.entries()) {
            queue.enqueue(`${i}`, size, news(`${i}`));
          }
          for (let packet = 0; packet < 10; packet++) {
            const taken = queue.take(budget, 1_000, NONE).map(({ member }) => member);
            const bytes = taken.reduce((sum, member) => sum + (sizes[Number(member)] ?? 0), 0);
            expect(bytes).toBeLessThanOrEqual(budget);
            expect(new Set(taken).size).toBe(taken.length);
          }
          expect(queue.size).toBe(sizes.length);
        },
      ),
    );
  });

  it("makes items without an update when they are sent, within the room that is left", () => {
    const queue = new BroadcastQueue();
    queue.enqueue("A", 60, news("A"));
    queue.enqueue("B", 5, null);
    const rooms: number[] = [];
    const render: Render = (member, maxBytes) => {
      rooms.push(maxBytes);
      return { update: news(member, 7), size: 30 };
    };
    expect(queue.take(100, 9, render)).toEqual([news("A"), news("B", 7)]);
    expect(rooms).toEqual([40]);
    expect(members(queue.take(80, 9, render))).toBe("A");
  });

  it("makes no further items for a packet once one was too large for its room", () => {
    const queue = new BroadcastQueue();
    for (const member of ["A", "B", "C", "D", "E"]) {
      queue.enqueue(member, 5, null);
    }
    queue.enqueue("F", 5, news("F"));
    const made: string[] = [];
    const render: Render = (member) => {
      made.push(member);
      return member === "E" ? null : { update: news(member), size: 40 };
    };
    expect(members(queue.take(100, 9, render))).toBe("FDC");
    expect(made).toEqual(["E", "D", "C", "B"]);
    expect(members(queue.take(99, 9, render))).toBe("BAF");
    expect(queue.size).toBe(6);
  });

  it("keeps an item that has nothing to say at present", () => {
    const queue = new BroadcastQueue();
    queue.enqueue("A", 5, null);
    expect(queue.take(100, 1, NONE)).toEqual([]);
    expect(queue.size).toBe(1);
    queue.invalidate("A");
    queue.invalidate("A");
    expect(queue.size).toBe(0);
  });
});
