import type { ReactNode } from "react";
import { sparkOf } from "../model/spark.ts";

const WIDTH = 120;
const HEIGHT = 26;

export interface SparklineProps {
  readonly label: string;
  readonly values: readonly (number | undefined)[];
  readonly format: (value: number) => string;
  /** The class of its colour: `spark--1` … `spark--3`. */
  readonly series: 1 | 2 | 3;
}

/** Label, shape of the last windows, latest value. Unknown is shown as unknown. */
export function Sparkline({ label, values, format, series }: SparklineProps): ReactNode {
  const spark = sparkOf(values, WIDTH, HEIGHT);
  const latest = values.at(-1);
  return (
    <div className={`spark spark--${series}`}>
      <span className="spark__label">{label}</span>
      <svg
        className="spark__plot"
        viewBox={`0 -1 ${WIDTH} ${HEIGHT + 2}`}
        preserveAspectRatio="none"
        aria-hidden
      >
        {spark === undefined ? null : (
          <>
            <path className="spark__area" d={spark.area} />
            <path className="spark__line" d={spark.line} vectorEffect="non-scaling-stroke" />
          </>
        )}
      </svg>
      <span className="spark__value">{latest === undefined ? "—" : format(latest)}</span>
    </div>
  );
}
