import type { ReactNode } from "react";
import "./charts.css";

const WIDTH = 120;
const HEIGHT = 28;

export interface SparklineProps {
  readonly label: string;
  /** Oldest first; a hole where nothing was measured. */
  readonly values: readonly (number | undefined)[];
  /** Highest value of the scale; absent: of the values. */
  readonly max?: number;
}

/** A small line without axes. Holes stay holes. */
export function Sparkline({ label, values, max }: SparklineProps): ReactNode {
  return (
    <svg
      className="sparkline"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <path d={pathOf(values, max ?? 0)} vectorEffect="non-scaling-stroke" />
    </svg>
  );
}

/** At least `least` fits on the scale. */
function pathOf(values: readonly (number | undefined)[], least: number): string {
  const top = Math.max(least, ...values.map((value) => value ?? 0), 1e-9);
  const step = values.length > 1 ? WIDTH / (values.length - 1) : 0;
  let path = "";
  let drawing = false;
  for (const [at, value] of values.entries()) {
    if (value !== undefined) {
      const y = HEIGHT - 2 - (value / top) * (HEIGHT - 4);
      path += `${drawing ? "L" : "M"}${(at * step).toFixed(1)} ${y.toFixed(1)}`;
    }
    drawing = value !== undefined;
  }
  return path;
}
