/** A row of values as an SVG path, without axes: the shape of the last minute or so. */

export interface Spark {
  readonly line: string;
  readonly area: string;
  /** The largest value, which touches the top; 0 for a row of nothing. */
  readonly peak: number;
}

/** Gaps (`undefined`) are gaps in the line. Fewer than two values draw nothing. */
export function sparkOf(
  values: readonly (number | undefined)[],
  width: number,
  height: number,
): Spark | undefined {
  const known = values.filter((value) => value !== undefined);
  if (known.length < 2) return undefined;
  const peak = Math.max(...known, 0);
  const x = (index: number): number => round((index / (values.length - 1)) * width);
  const y = (value: number): number => round(height - (peak === 0 ? 0 : value / peak) * height);
  const runs = runsOf(values);
  const line = runs
    .map((run) => `M${run.map(({ index, value }) => `${x(index)},${y(value)}`).join("L")}`)
    .join("");
  const area = runs
    .map((run) => {
      const points = run.map(({ index, value }) => `${x(index)},${y(value)}`).join("L");
      return `M${x(run[0]?.index ?? 0)},${height}L${points}L${x(run.at(-1)?.index ?? 0)},${height}Z`;
    })
    .join("");
  return { line, area, peak };
}

interface Sample {
  readonly index: number;
  readonly value: number;
}

/** Stretches without a gap. */
function runsOf(values: readonly (number | undefined)[]): readonly (readonly Sample[])[] {
  const runs: Sample[][] = [];
  let current: Sample[] | undefined;
  for (const [index, value] of values.entries()) {
    if (value === undefined) {
      current = undefined;
      continue;
    }
    if (current === undefined) runs.push((current = []));
    current.push({ index, value });
  }
  return runs;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
