import { timeAt, type TimeView } from "./time-axis.ts";

const MS = 1_000;
const SECOND = 1_000_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Distances between ticks, microseconds: decimal below a second, as on a clock above. */
const STEPS: readonly number[] = [
  ...[1, 10, 100].flatMap((unit) => [unit, 2 * unit, 5 * unit]),
  ...[MS, 10 * MS, 100 * MS].flatMap((unit) => [unit, 2 * unit, 5 * unit]),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((count) => count * MINUTE),
  ...[1, 2, 3, 6, 12].map((count) => count * HOUR),
  DAY,
  2 * DAY,
  7 * DAY,
];

export interface Tick {
  /** Integer microseconds. */
  readonly at: number;
  readonly label: string;
}

export interface TickOptions {
  readonly width: number;
  /** Ticks are at least this far apart. */
  readonly minGapPx: number;
  /** What local time is ahead of UTC, microseconds; 0 for time since the start of a run. */
  readonly offsetUs: number;
}

export function stepFor(usPerPx: number, minGapPx: number): number {
  const wanted = usPerPx * minGapPx;
  return STEPS.find((step) => step >= wanted) ?? STEPS.at(-1) ?? DAY;
}

export function ticksOf(view: TimeView, options: TickOptions): readonly Tick[] {
  const { width, minGapPx, offsetUs } = options;
  const step = stepFor(view.usPerPx, minGapPx);
  const end = timeAt(view, width);
  const ticks: Tick[] = [];
  const first = Math.ceil((timeAt(view, 0) + offsetUs) / step) * step - offsetUs;
  for (let at = first; at <= end; at += step) {
    if (at >= 0) ticks.push({ at, label: tickLabel(at + offsetUs, step) });
  }
  return ticks;
}

const pad = (value: number, width = 2): string => String(value).padStart(width, "0");

/** As exact as the step needs, and no more: `1:02:03`, `02:03.250`, `02:03.250 125`. */
export function tickLabel(at: number, step: number): string {
  const day = Math.floor(at / DAY);
  const hours = Math.floor(at / HOUR) % 24;
  const minutes = Math.floor(at / MINUTE) % 60;
  const seconds = Math.floor(at / SECOND) % 60;
  if (step >= DAY) return day > 1_000 ? isoDay(day) : `${day} d`;
  const upToMinutes = `${pad(hours)}:${pad(minutes)}`;
  if (step >= MINUTE) return upToMinutes;
  const upToSeconds = `${upToMinutes}:${pad(seconds)}`;
  if (step >= SECOND) return upToSeconds;
  const ms = `${pad(minutes)}:${pad(seconds)}.${pad(Math.floor(at / MS) % 1_000, 3)}`;
  if (step >= MS) return ms;
  return `${pad(seconds)}.${pad(Math.floor(at / MS) % 1_000, 3)} ${pad(at % MS, 3)}`;
}

function isoDay(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}
