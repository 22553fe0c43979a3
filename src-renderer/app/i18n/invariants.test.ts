/** Every promise that the console knows of is named and explained in both languages. */
import { expect, it } from "vitest";
import { INVARIANT_NAMES } from "../../features/invariants/index.ts";
import { allMessages } from "./index.ts";

it("has words for every promise, in both languages", () => {
  expect(new Set(INVARIANT_NAMES).size).toBe(INVARIANT_NAMES.length);
  for (const language of Object.values(allMessages())) {
    const { name, text } = language["invariants"] as unknown as Record<string, object>;
    expect(Object.keys(name ?? {}).sort()).toEqual(INVARIANT_NAMES.toSorted());
    expect(Object.keys(text ?? {}).sort()).toEqual(INVARIANT_NAMES.toSorted());
  }
});
