import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { MeshView } from "#shared/view/model.ts";
import { electionTimes, expectedElectionMs } from "#shared/view/select/election-times.ts";
import { consensusQuorum } from "#shared/view/select/consensus-quorum.ts";
import { consensusKind } from "#shared/view/select/leadership.ts";
import { formatDuration, orUnknown } from "../../../ui/format.ts";
import { type Histogram, histogramOf, ticksOf } from "./histogram.ts";

/** Raft paper, figure 16: the median with 5 ms of randomness, the worst of 1,000 with 50 ms. */
const FIGURE_16_MS = { from: 287, to: 513 } as const;
/** Dissertation of Ongaro, chapter 9: without the way of the votes and the writes. */
const PUBLISHED_MS = 142.5;
/** What the published figures are about. */
const PUBLISHED_FOR = { minMs: 150, maxMs: 300, servers: 5 } as const;

/** How long this run was without a leader, beside what theory and the paper expect. */
export function ElectionTimes({ view }: { readonly view: MeshView }): ReactNode {
  const { t } = useTranslation("consensus");
  const { withoutLeaderUs, failed } = electionTimes(view);
  const expected = expectation(view);
  const published = expected?.publishedMs;
  const band = published === undefined ? undefined : FIGURE_16_MS;
  const reach = Math.max(expected?.ms ?? 0, band?.to ?? 0);
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
      {count === 0 && expected === undefined ? null : (
        <Bars histogram={histogram} expectedMs={expected?.ms} publishedMs={published} band={band} />
      )}
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
        <>
          <p className="times__key">
            <span className="times__swatch times__swatch--published" />
            {t("elections.published", { time: formatDuration(published * 1_000) })}{" "}
            <span className="muted">{t("elections.publishedHint")}</span>
          </p>
          <p className="times__key">
            <span className="times__swatch times__swatch--band" />
            {t("elections.band")} <span className="muted">{t("elections.bandHint")}</span>
          </p>
        </>
      )}
    </section>
  );
}

interface Expectation {
  readonly ms: number;
  readonly survivors: number;
  /** Only where the settings are those of the published figure. */
  readonly publishedMs: number | undefined;
}

/** Only of a simulated Raft mesh: elsewhere the settings are not known. */
function expectation(view: MeshView): Expectation | undefined {
  const { options } = view.mesh;
  if (options === undefined || consensusKind(view) !== "raft") return undefined;
  const { raft } = options.consensus;
  const { latencyMs = 0, jitterMs = 0 } = options.network;
  const wayMs = latencyMs + jitterMs;
  const servers = consensusQuorum(view)?.voters.length ?? 1;
  const survivors = Math.max(1, servers - 1);
  const isPublished =
    raft.electionTimeoutMinMs === PUBLISHED_FOR.minMs &&
    raft.electionTimeoutMaxMs === PUBLISHED_FOR.maxMs &&
    servers === PUBLISHED_FOR.servers;
  return {
    ms: expectedElectionMs(raft, survivors, wayMs),
    survivors,
    publishedMs: isPublished ? PUBLISHED_MS + 2 * wayMs : undefined,
  };
}

interface BarsProps {
  readonly histogram: Histogram;
  readonly expectedMs: number | undefined;
  readonly publishedMs: number | undefined;
  readonly band: { readonly from: number; readonly to: number } | undefined;
}

const WIDTH = 420;
const HEIGHT = 84;
const AXIS = 18;

function Bars({ histogram, expectedMs, publishedMs, band }: BarsProps): ReactNode {
  const { t } = useTranslation("consensus");
  const { bins, most, end } = histogram;
  const x = (ms: number): number => (ms / end) * WIDTH;
  const tall = (count: number): number => (most === 0 ? 0 : (count / most) * (HEIGHT - 4));
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
      <Mark
        className="times__published"
        x={publishedMs === undefined ? undefined : x(publishedMs)}
      />
      <Mark className="times__expected" x={expectedMs === undefined ? undefined : x(expectedMs)} />
      <Axis end={end} x={x} />
    </svg>
  );
}

interface MarkProps {
  readonly className: string;
  readonly x: number | undefined;
}

function Mark({ className, x }: MarkProps): ReactNode {
  return x === undefined ? null : <line className={className} x1={x} x2={x} y1={0} y2={HEIGHT} />;
}

interface AxisProps {
  readonly end: number;
  readonly x: (ms: number) => number;
}

function Axis({ end, x }: AxisProps): ReactNode {
  return (
    <>
      <line className="times__axis" x1={0} x2={WIDTH} y1={HEIGHT} y2={HEIGHT} />
      {ticksOf(end).map((ms) => (
        <text
          key={ms}
          className="times__tick"
          x={x(ms)}
          y={HEIGHT + 13}
          textAnchor={ms === 0 ? "start" : x(ms) > WIDTH - 12 ? "end" : "middle"}
        >
          {ms}
        </text>
      ))}
    </>
  );
}
