import type { ReactNode } from "react";
import {
  CartesianGrid,
  Line,
  LineChart,
  ReferenceArea,
  ReferenceLine,
  ResponsiveContainer,
  XAxis,
  YAxis,
} from "recharts";
import "./charts.css";

export interface SpreadPoint {
  /** Milliseconds since the rumour was published. */
  readonly ms: number;
  readonly reached: number;
}

export interface SpreadChartProps {
  readonly label: string;
  /** In order of time; at most 120. */
  readonly points: readonly SpreadPoint[];
  readonly nodes: number;
  /** When theory expects the last node, milliseconds. */
  readonly band:
    | { readonly fromMs: number; readonly toMs: number; readonly label: string }
    | undefined;
}

/** How many nodes a rumour has reached over time, a step at each arrival. */
export function SpreadChart({ label, points, nodes, band }: SpreadChartProps): ReactNode {
  const end = Math.max(1, points.at(-1)?.ms ?? 0, (band?.toMs ?? 0) * 1.1);
  return (
    <figure className="chart" role="img" aria-label={label}>
      <ResponsiveContainer width="100%" height={200} initialDimension={{ width: 480, height: 200 }}>
        <LineChart data={[...points]} margin={{ top: 12, right: 12, bottom: 4, left: 0 }}>
          <CartesianGrid className="chart__grid" vertical={false} />
          <XAxis
            dataKey="ms"
            type="number"
            domain={[0, end]}
            tickFormatter={(ms: number) => `${(ms / 1_000).toFixed(1)} s`}
            tickCount={6}
          />
          <YAxis domain={[0, nodes]} allowDecimals={false} width={36} />
          {band === undefined ? null : (
            <ReferenceArea
              className="chart__band"
              x1={band.fromMs}
              x2={band.toMs}
              label={{ value: band.label, position: "insideBottomRight" }}
            />
          )}
          <ReferenceLine className="chart__limit" y={nodes} />
          <Line
            className="chart__line"
            dataKey="reached"
            type="stepAfter"
            dot={false}
            isAnimationActive={false}
          />
        </LineChart>
      </ResponsiveContainer>
    </figure>
  );
}
