/** Numbers on the command line. */
import { MeshError } from "#shared/contract/errors.ts";

export interface NumberRange {
  readonly min: number;
  readonly max: number;
}

/** Throws `MeshError` "bad-options" that names the option. */
export function parseInteger(option: string, text: string, { min, max }: NumberRange): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new MeshError(
    "bad-options",
    `${option} takes a whole number from ${min} to ${max}, not "${text}".`,
  );
}

/** "7" or "1..100", both ends included. */
export function parseSeeds(text: string): NumberRange {
  const [first = "", last = first, ...rest] = text.split("..");
  const range = { min: 0, max: Number.MAX_SAFE_INTEGER };
  const min = parseInteger("--seeds", first, range);
  const max = parseInteger("--seeds", last, range);
  if (rest.length === 0 && min <= max) return { min, max };
  throw new MeshError("bad-options", `--seeds takes a seed or a range like 1..100, not "${text}".`);
}

/** "max" (`undefined`), or mesh time per real time. */
export function parseSpeed(text: string): number | undefined {
  if (text === "max") return undefined;
  const ratio = /^\d{1,4}(\.\d{1,6})?$/.test(text) ? Number(text) : Number.NaN;
  if (ratio >= 0.01 && ratio <= 1_000) return ratio;
  throw new MeshError(
    "bad-options",
    `--speed takes max or a ratio from 0.01 to 1000, not "${text}".`,
  );
}
