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
  const top = Math.max(max ?? 0, ...values.map((value) => value ?? 0), 1e-9);
  const step = values.length > 1 ? WIDTH / (values.length - 1) : 0;
  let pen = "M";
  const path = values
    .map((value, at) => {
      if (value === undefined) {
        pen = "M";
        return "";
      }
      const point = `${pen}${(at * step).toFixed(1)} ${(HEIGHT - 2 - (value / top) * (HEIGHT - 4)).toFixed(1)}`;
      pen = "L";
      return point;
    })
    .join("");
  return (
    <svg
      className="sparkline"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <path d={path} vectorEffect="non-scaling-stroke" />
    </svg>
  );
}
