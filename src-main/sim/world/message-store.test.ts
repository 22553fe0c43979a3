import { describe, expect, test } from "vitest";
import { MessageStore } from "./message-store.ts";

function message(value: number, length = 72): Uint8Array {
  return new Uint8Array(length).fill(value);
}

describe("MessageStore", () => {
  test("keeps what fits, oldest forgotten first", () => {
    const store = new MessageStore(1_000);
    for (let serial = 0; serial < 20; serial++) {
      store.add(message(serial));
    }
    expect(store.bytes).toBe(1_000);
    expect([14, 15, 19, 20].map((serial) => store.get(serial)?.[0])).toEqual([
      undefined,
      15,
      19,
      undefined,
    ]);
  });

  test("stays within its bytes over a long run, and a message larger than all is forgotten", () => {
    const store = new MessageStore(10_000);
    for (let serial = 0; serial < 50_000; serial++) {
      store.add(message(serial & 255, serial % 300));
      expect(store.bytes).toBeLessThanOrEqual(10_000);
    }
    expect(store.get(49_999)?.[0]).toBe(49_999 & 255);
    store.add(message(1, 20_000));
    expect([store.bytes, store.get(50_000)]).toEqual([0, undefined]);
    store.add(message(9));
    expect(store.get(50_001)?.[0]).toBe(9);
  });

  test("keeps nothing once it is disabled", () => {
    const store = new MessageStore(1_000);
    store.add(message(1));
    store.disable();
    store.add(message(2));
    expect([store.bytes, store.get(0), store.get(1)]).toEqual([0, undefined, undefined]);
  });
});
