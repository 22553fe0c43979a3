/** Integer microseconds of mesh time: since the start of a simulated run, or since the Unix epoch. */
export type Micros = number;

export const MICROS_PER_MS = 1_000;
export const MICROS_PER_SECOND = 1_000_000;

/** Milliseconds (options carry them) to integer microseconds, rounded to the nearest. */
export function ms(milliseconds: number): Micros {
  return Math.round(milliseconds * MICROS_PER_MS);
}

/** Seconds to integer microseconds, rounded to the nearest. */
export function seconds(value: number): Micros {
  return Math.round(value * MICROS_PER_SECOND);
}
