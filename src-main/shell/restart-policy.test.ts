import { expect, it } from "vitest";
import { createRestartPolicy } from "./restart-policy.ts";

it("waits longer each time, up to a limit, and then gives up", () => {
  const policy = createRestartPolicy();
  const waits = Array.from({ length: 6 }, () => policy.died(59_999));
  expect(waits).toEqual([250, 500, 1_000, 2_000, 4_000, undefined]);
});

it("forgives a host that ran for a minute", () => {
  const policy = createRestartPolicy();
  for (let death = 0; death < 5; death += 1) policy.died(0);
  expect(policy.died(60_000)).toBe(250);
  expect(policy.died(0)).toBe(500);
});
