import { expect, it } from "vitest";
import { formatAt, formatBytes, formatCompact, formatDuration, orUnknown } from "./format.ts";

it("shows virtual time from the start of the run", () => {
  expect(formatAt(0, "virtual")).toBe("00:00:00.000");
  expect(formatAt(3_723_004_999, "virtual")).toBe("01:02:03.004");
});

it("picks the unit of a duration that fits", () => {
  expect(formatDuration(999)).toBe("999 µs");
  expect(formatDuration(1_000)).toBe("1 ms");
  expect(formatDuration(1_500)).toBe("1.5 ms");
  expect(formatDuration(3_200_000)).toBe("3.2 s");
  expect(formatDuration(245_000_000)).toBe("4 min 05 s");
  expect(formatDuration(3_600_000_000)).toBe("1 h 00 min");
});

it("keeps the zeros of round numbers", () => {
  expect(formatCompact(100)).toBe("100");
  expect(formatCompact(1_000)).toBe("1k");
  expect(formatCompact(1_250_000)).toBe("1.3M");
  expect(formatBytes(1_023)).toBe("1023 B");
  expect(formatBytes(1_024)).toBe("1 KiB");
  expect(formatBytes(10 * 1_048_576)).toBe("10 MiB");
});

it("shows what was not measured as unknown", () => {
  expect(orUnknown(undefined, String)).toBe("—");
  expect(orUnknown(0, String)).toBe("0");
});
