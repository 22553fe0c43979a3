import { expect, it } from "vitest";
import { RateLimit } from "./rate-limit.ts";

it("allows a burst, then refuses, then allows at the rate", () => {
  const limit = new RateLimit({ perSecond: 10, burst: 3 });
  expect([1, 2, 3, 4].map(() => limit.take(1_000))).toEqual([true, true, true, false]);
  expect(limit.take(1_099)).toBe(false);
  expect(limit.take(1_100)).toBe(true);
  expect(limit.take(1_100)).toBe(false);
});

it("never saves up more than the burst", () => {
  const limit = new RateLimit({ perSecond: 10, burst: 2 });
  limit.take(0);
  expect([1, 2, 3].map(() => limit.take(1_000_000))).toEqual([true, true, false]);
});

it("is not refilled by a clock that goes backwards", () => {
  const limit = new RateLimit({ perSecond: 1, burst: 1 });
  expect(limit.take(5_000)).toBe(true);
  expect(limit.take(1_000)).toBe(false);
  expect(limit.take(1_500)).toBe(false);
});
