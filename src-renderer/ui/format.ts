/** Numbers and times as people read them. Times of a mesh are integer microseconds. */

export type MeshClock = "virtual" | "wall";

const pad = (value: number, width = 2): string => String(value).padStart(width, "0");

/** `00:01:23.456` since the start of the run, or the local time of day. */
export function formatAt(at: number, clock: MeshClock): string {
  if (clock === "wall") {
    const date = new Date(at / 1_000);
    const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => pad(part));
    return `${time.join(":")}.${pad(date.getMilliseconds(), 3)}`;
  }
  const ms = Math.floor(at / 1_000);
  const seconds = Math.floor(ms / 1_000);
  const parts = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  return `${parts.map((part) => pad(part)).join(":")}.${pad(ms % 1_000, 3)}`;
}

/** A length of time in microseconds with the unit that fits: `850 µs`, `12 ms`, `3.2 s`, `4 min 05 s`. */
export function formatDuration(us: number): string {
  if (us < 1_000) return `${Math.round(us)} µs`;
  if (us < 1_000_000) return `${trim(us / 1_000, us < 10_000 ? 1 : 0)} ms`;
  const seconds = us / 1_000_000;
  if (seconds < 60) return `${trim(seconds, 1)} s`;
  const whole = Math.round(seconds);
  if (whole < 3_600) return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`;
  return `${Math.floor(whole / 3_600)} h ${pad(Math.floor(whole / 60) % 60)} min`;
}

export function formatCount(value: number): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: 1 });
}

/** `1.2k`, `3.4M`: for rates and places without room. */
export function formatCompact(value: number): string {
  if (value < 1_000) return trim(value, value < 10 ? 1 : 0);
  if (value < 1_000_000) return `${trim(value / 1_000, 1)}k`;
  return `${trim(value / 1_000_000, 1)}M`;
}

export function formatBytes(bytes: number): string {
  if (bytes < 1_024) return `${Math.round(bytes)} B`;
  if (bytes < 1_048_576) return `${trim(bytes / 1_024, 1)} KiB`;
  if (bytes < 1_073_741_824) return `${trim(bytes / 1_048_576, 1)} MiB`;
  return `${trim(bytes / 1_073_741_824, 1)} GiB`;
}

/** Unknown is shown as unknown, never as zero. */
export function orUnknown(value: number | undefined, format: (value: number) => string): string {
  return value === undefined ? "—" : format(value);
}

function trim(value: number, digits: number): string {
  const text = value.toFixed(digits);
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}
