/**
 * Time across the screen, from a day to a microsecond. Doubles hold every microsecond since 1970
 * but few fractions of one, so a view keeps an integer instant and what is left over in pixels:
 * two instants a microsecond apart never fall together, however far from zero they are.
 */
import type { TimeRange } from "./coverage.ts";

export interface TimeView {
  /** Integer microseconds. */
  readonly origin: number;
  /** `origin` lies this many pixels left of x = 0. */
  readonly shiftPx: number;
  readonly usPerPx: number;
}

/** One microsecond as wide as a hand. */
export const MIN_US_PER_PX = 0.01;
/** A day and a little more on a narrow screen. */
export const MAX_US_PER_PX = 2e8;

export function xOf(view: TimeView, at: number): number {
  return (at - view.origin) / view.usPerPx - view.shiftPx;
}

/** May be a fraction of a microsecond, as far as doubles can tell. */
export function timeAt(view: TimeView, x: number): number {
  return view.origin + (x + view.shiftPx) * view.usPerPx;
}

/** All instants that the pixels `0 … width` show, at least in part. */
export function windowOf(view: TimeView, width: number): TimeRange {
  return {
    from: Math.max(0, Math.floor(timeAt(view, 0))),
    to: Math.max(0, Math.ceil(timeAt(view, width))),
  };
}

export function panBy(view: TimeView, dx: number): TimeView {
  return settle({ ...view, shiftPx: view.shiftPx - dx });
}

/** `factor` above 1 comes closer; the instant under `x` stays there. */
export function zoomAt(view: TimeView, x: number, factor: number): TimeView {
  const usPerPx = clamp(view.usPerPx / factor, MIN_US_PER_PX, MAX_US_PER_PX);
  const under = (x + view.shiftPx) * view.usPerPx;
  const whole = Math.floor(under);
  const shiftPx = (under - whole) / usPerPx - x;
  return settle({ origin: view.origin + whole, shiftPx, usPerPx });
}

/** Shows `range` with a little room on both sides. */
export function fitRange(range: TimeRange, width: number): TimeView {
  const room = 0.03;
  const span = Math.max(1, range.to - range.from);
  const usPerPx = clamp(span / Math.max(1, width * (1 - 2 * room)), MIN_US_PER_PX, MAX_US_PER_PX);
  const middle = range.from + Math.floor(span / 2);
  return settle({ origin: middle, shiftPx: -width / 2, usPerPx });
}

/** The same scale with the instant `at` at `x`. */
export function placeAt(view: TimeView, at: number, x: number): TimeView {
  return settle({ origin: Math.round(at), shiftPx: -x, usPerPx: view.usPerPx });
}

/** Whole microseconds go into the origin, so that what is left is less than one. */
function settle({ origin, shiftPx, usPerPx }: TimeView): TimeView {
  const whole = Math.floor(shiftPx * usPerPx);
  return { origin: origin + whole, shiftPx: shiftPx - whole / usPerPx, usPerPx };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
