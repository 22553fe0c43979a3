import { describe, expect, it } from "vitest";
import { SetHash } from "./set-hash.ts";

describe("SetHash", () => {
  it("follows every change, however often it was read before", () => {
    const hash = new SetHash();
    expect(hash.hex).toBe("0000000000000000");
    hash.add("a");
    const one = hash.hex;
    expect(one).toMatch(/^[0-9a-f]{16}$/);
    hash.add("b");
    expect(hash.hex).not.toBe(one);
    hash.remove("b");
    expect(hash.hex).toBe(one);
    hash.remove("a");
    expect(hash.hex).toBe("0000000000000000");
  });

  it("does not depend on the order, and goes on from a text", () => {
    const forward = new SetHash();
    forward.add("a");
    const resumed = new SetHash(forward.hex);
    forward.add("b");
    resumed.add("b");
    const backward = new SetHash();
    backward.add("b");
    backward.add("a");
    expect(backward.hex).toBe(forward.hex);
    expect(resumed.hex).toBe(forward.hex);
  });
});
