import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { MeshView } from "#shared/view/model.ts";
import { electionTimes, expectedElectionMs } from "#shared/view/select/election-times.ts";
import { consensusQuorum } from "#shared/view/select/consensus-quorum.ts";
import { consensusKind } from "#shared/view/select/leadership.ts";
import { formatDuration, orUnknown } from "../../../ui/format.ts";
import { type Histogram, histogramOf } from "./histogram.ts";

/** Raft paper, figure 16: the median with 5 ms of randomness, the worst of 1,000 with 50 ms. */
const PUBLISHED_MS = { from: 287, to: 513 } as const;
/** Timeouts that the published figures are about. */
const PUBLISHED_MIN_MS = 150;

/** How long this run was without a leader, beside what theory and the paper expect. */
export function ElectionTimes({ view }: { readonly view: MeshView }): ReactNode {
  const { t } = useTranslation("consensus");
  const { withoutLeaderUs, failed } = electionTimes(view);
  const expected = expectation(view);
  const published = expected?.published === true ? PUBLISHED_MS : undefined;
  const reach = Math.max(expected?.ms ?? 0, published?.to ?? 0);
  const histogram = histogramOf(withoutLeaderUs, reach);
  const count = withoutLeaderUs.length;
  return (
    <section className="times">
      <h3 className="times__title">{t("elections.times")}</h3>
      <p className="times__about">
        {count === 0
          ? t("elections.timesNone")
          : t("elections.timesAbout", {
              count,
              median: orUnknown(histogram.medianUs, formatDuration),
            })}
        {failed === 0 ? "" : ` · ${t("elections.failedCount", { count: failed })}`}
      </p>
      <Bars histogram={histogram} expectedMs={expected?.ms} band={published} />
      {expected === undefined ? null : (
        <p className="times__key">
          <span className="times__swatch times__swatch--line" />
          {t("elections.expected", { time: formatDuration(expected.ms * 1_000) })}{" "}
          <span className="muted">
            {t("elections.expectedHint", { survivors: expected.survivors })}
          </span>
        </p>
      )}
      {published === undefined ? null : (
        <p className="times__key">
          <span className="times__swatch times__swatch--band" />
          {t("elections.band")} <span className="muted">{t("elections.published")}</span>
        </p>
      )}
    </section>
  );
}

interface Expectation {
  readonly ms: number;
  readonly survivors: number;
  /** The settings are those of the published figures. */
  readonly published: boolean;
}

/** Only of a simulated Raft mesh: elsewhere the settings are not known. */
function expectation(view: MeshView): Expectation | undefined {
  const { options } = view.mesh;
  if (options === undefined || consensusKind(view) !== "raft") return undefined;
  const { raft } = options.consensus;
  const { latencyMs = 0, jitterMs = 0 } = options.network;
  const survivors = Math.max(1, (consensusQuorum(view)?.voters.length ?? 1) - 1);
  return {
    ms: expectedElectionMs(raft, survivors, latencyMs + jitterMs),
    survivors,
    published: raft.electionTimeoutMinMs === PUBLISHED_MIN_MS,
  };
}

interface BarsProps {
  readonly histogram: Histogram;
  readonly expectedMs: number | undefined;
  readonly band: { readonly from: number; readonly to: number } | undefined;
}

const WIDTH = 560;
const HEIGHT = 96;
const AXIS = 18;
const AXIS_TICKS = 5;

function Bars({ histogram, expectedMs, band }: BarsProps): ReactNode {
  const { t } = useTranslation("consensus");
  const { bins, most, end } = histogram;
  const x = (ms: number): number => (ms / end) * WIDTH;
  const tall = (count: number): number => (most === 0 ? 0 : (count / most) * (HEIGHT - 4));
  const ticks = Array.from({ length: AXIS_TICKS + 1 }, (_, at) => (end / AXIS_TICKS) * at);
  return (
    <svg
      className="times__chart"
      viewBox={`0 0 ${WIDTH} ${HEIGHT + AXIS}`}
      role="img"
      aria-label={t("elections.chart")}
    >
      {band === undefined ? null : (
        <rect
          className="times__band"
          x={x(band.from)}
          y={0}
          width={x(band.to) - x(band.from)}
          height={HEIGHT}
        />
      )}
      {bins.map(({ from, to, count }) => (
        <rect
          key={from}
          className="times__bar"
          x={x(from) + 0.5}
          y={HEIGHT - tall(count)}
          width={Math.max(1, x(to) - x(from) - 1)}
          height={tall(count)}
        >
          <title>{t("elections.bar", { from, to, count })}</title>
        </rect>
      ))}
      {expectedMs === undefined ? null : (
        <line
          className="times__expected"
          x1={x(expectedMs)}
          x2={x(expectedMs)}
          y1={0}
          y2={HEIGHT}
        />
      )}
      <line className="times__axis" x1={0} x2={WIDTH} y1={HEIGHT} y2={HEIGHT} />
      {ticks.map((ms, at) => (
        <text
          key={ms}
          className="times__tick"
          x={x(ms)}
          y={HEIGHT + 13}
          textAnchor={at === 0 ? "start" : at === AXIS_TICKS ? "end" : "middle"}
        >
          {Math.round(ms)}
          {at === AXIS_TICKS ? " ms" : ""}
        </text>
      ))}
    </svg>
  );
}
