import { openMeshSchema } from "#shared/contract/protocol.ts";
import { expect, it } from "vitest";
import { EMPTY_FORM, isInRange, simulatedRequest } from "./simulated-form.ts";

it("makes a request that the contract takes", () => {
  const request = simulatedRequest({ ...EMPTY_FORM, name: " x ", zones: 3, detector: "swim" });
  const parsed = openMeshSchema.parse(request);
  expect(parsed).toMatchObject({
    kind: "simulated",
    options: { name: "x", nodes: 9, zones: 3, seed: 1, membership: { detector: "swim" } },
  });
});

it("leaves out what is chosen by the mesh itself", () => {
  const request = simulatedRequest(EMPTY_FORM);
  expect(request).toMatchObject({ options: { topology: { kind: "grid" } } });
  expect(request).not.toHaveProperty("options.zones");
  expect(request).not.toHaveProperty("options.membership");
});

it("waits until everything holds", () => {
  expect(simulatedRequest({ ...EMPTY_FORM, name: " " })).toBeUndefined();
  expect(simulatedRequest({ ...EMPTY_FORM, nodes: undefined })).toBeUndefined();
  expect(simulatedRequest({ ...EMPTY_FORM, nodes: 2.5 })).toBeUndefined();
});

it("knows the ends of each range", () => {
  expect(isInRange("nodes", 0)).toBe(false);
  expect(isInRange("nodes", 1)).toBe(true);
  expect(isInRange("nodes", 10_000)).toBe(true);
  expect(isInRange("nodes", 10_001)).toBe(false);
  expect(isInRange("zones", 0)).toBe(true);
  expect(isInRange("zones", 65)).toBe(false);
});
