/** Durations as text, the way scenario files and command lines write them. */
import { z } from "zod";

const MICROS_PER_UNIT = { us: 1, ms: 1e3, s: 1e6, m: 60e6, h: 3_600e6 } as const;
type Unit = keyof typeof MICROS_PER_UNIT;

const MAX_DURATION_US = 24 * MICROS_PER_UNIT.h;
const PATTERN = /^(\d{1,11}(?:\.\d{1,6})?)(us|ms|s|m|h)$/;

/** Integer microseconds of a text like "10s", "250ms", "1.5m"; `undefined` when it is none. */
export function parseDuration(text: string): number | undefined {
  const match = PATTERN.exec(text);
  if (match === null) return undefined;
  const micros = Math.round(Number(match[1]) * MICROS_PER_UNIT[match[2] as Unit]);
  return micros <= MAX_DURATION_US ? micros : undefined;
}

/** The shortest exact text: 1500000 is "1500ms", 2000000 is "2s". */
export function formatDuration(micros: number): string {
  const units: readonly Unit[] = ["h", "m", "s", "ms"];
  const unit = units.find((unit) => micros > 0 && micros % MICROS_PER_UNIT[unit] === 0) ?? "us";
  return `${micros / MICROS_PER_UNIT[unit]}${unit}`;
}

export const durationSchema = z.unknown().transform((value, context): number => {
  const micros = typeof value === "string" ? parseDuration(value) : undefined;
  if (micros !== undefined) return micros;
  const given = typeof value === "string" ? `"${value.slice(0, 40)}"` : JSON.stringify(value);
  const message =
    value === undefined
      ? "a duration is missing"
      : `${given.slice(0, 42)} is no duration; write for example 250ms, 10s or 2m (at most 24h)`;
  context.addIssue({ code: "custom", message });
  return z.NEVER;
});
