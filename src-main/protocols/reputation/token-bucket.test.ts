import { describe, expect, it } from "vitest";
import { seconds } from "#main/kernel/time.ts";
import { TokenBucket } from "./token-bucket.ts";

describe("a token bucket", () => {
  const taken = (bucket: TokenBucket, now: number) => {
    let count = 0;
    while (bucket.take(1, now)) {
      count++;
    }
    return count;
  };

  it("is full at first, refills at its rate and never over its burst", () => {
    const bucket = new TokenBucket(10, 20, 0);
    expect(taken(bucket, 0)).toBe(20);
    expect(taken(bucket, seconds(0.5))).toBe(5);
    expect(taken(bucket, seconds(100))).toBe(20);
  });

  it("keeps what it has when more is asked for", () => {
    const bucket = new TokenBucket(10, 20, 0);
    expect(bucket.take(21, 0)).toBe(false);
    expect(bucket.take(20, 0)).toBe(true);
  });

  it("is not refilled by a clock that goes back and forth", () => {
    const bucket = new TokenBucket(10, 20, seconds(100));
    expect(taken(bucket, seconds(100))).toBe(20);
    expect(taken(bucket, seconds(2))).toBe(0);
    expect(taken(bucket, seconds(100))).toBe(0);
  });
});
