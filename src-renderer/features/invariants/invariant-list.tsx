import { CircleDashed, Eye, History, ShieldAlert, ShieldCheck, ShieldQuestion } from "lucide-react";
import { memo, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useApp } from "../../app/context.ts";
import { followRow } from "../../app/hooks/follow-row.ts";
import { useDescription, useMesh } from "../../app/hooks/use-mesh.ts";
import { Badge } from "../../ui/badge.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { formatAt, formatCount, type MeshClock, orUnknown } from "../../ui/format.ts";
import { cleanText } from "../../ui/text.ts";
import "./invariants.css";
import {
  type InvariantGroup,
  type InvariantRow,
  type InvariantState,
  type InvariantSummary,
  invariantSummary,
  sameSummary,
} from "./rows.ts";

const OPTIONS = { pace: "slow", isEqual: sameSummary } as const;

/** Every promise: what it says, how often it was checked, and when it was broken. */
export function InvariantList(): ReactNode {
  const app = useApp();
  const { t } = useTranslation("invariants");
  const summary = useMesh(invariantSummary, OPTIONS);
  const description = useDescription();
  const clock = description?.clock ?? "virtual";
  if (summary.checks === 0 && summary.broken === 0) {
    const cause = description?.kind === "serf" ? "engine" : "none";
    return (
      <EmptyState
        icon={<ShieldQuestion />}
        title={t(`empty.${cause}.title`)}
        text={t(`empty.${cause}.text`)}
      />
    );
  }
  return (
    <div className="invariants">
      <Verdict summary={summary} />
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls takes keys. */}
      <div className="invariants__scroll" role="region" aria-label={t("label")} tabIndex={0}>
        {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions -- the buttons inside are pressed; one listener serves all of them. */}
        <div className="invariants__body" onClick={(event) => followRow(app, event)}>
          {summary.groups.map((group) => (
            <Group key={group.id} group={group} clock={clock} />
          ))}
        </div>
      </div>
    </div>
  );
}

function Verdict({ summary }: { readonly summary: InvariantSummary }): ReactNode {
  const { t } = useTranslation("invariants");
  const { broken, checked, checks } = summary;
  return (
    <p className="invariants__verdict" role="status">
      {broken === 0 ? (
        <Badge tone="healthy" icon={<ShieldCheck aria-hidden />}>
          {t("verdict.held")}
        </Badge>
      ) : (
        <Badge tone="failed" icon={<ShieldAlert aria-hidden />}>
          {t("verdict.broken", { count: broken })}
        </Badge>
      )}
      <span className="muted">
        {t("verdict.checked", { count: checked, checks: formatCount(checks) })}
      </span>
    </p>
  );
}

interface GroupProps {
  readonly group: InvariantGroup;
  readonly clock: MeshClock;
}

function Group({ group, clock }: GroupProps): ReactNode {
  const { t } = useTranslation("invariants");
  return (
    <section className="invariants__group" aria-label={t(`group.${group.id}`)}>
      <h2 className="invariants__title">{t(`group.${group.id}`)}</h2>
      {group.elsewhere ? (
        <p className="muted">{t("elsewhere", { count: group.rows.length })}</p>
      ) : (
        <ul>
          {group.rows.map((row) => (
            <Row key={row.invariant} row={row} clock={clock} />
          ))}
        </ul>
      )}
    </section>
  );
}

const LOOKS = {
  held: { icon: ShieldCheck, tone: "healthy" },
  broken: { icon: ShieldAlert, tone: "failed" },
  watched: { icon: Eye, tone: "neutral" },
  unknown: { icon: CircleDashed, tone: "unknown" },
} as const satisfies Record<InvariantState, unknown>;

interface RowProps {
  readonly row: InvariantRow;
  readonly clock: MeshClock;
}

const Row = memo(function Row({ row, clock }: RowProps): ReactNode {
  const { t } = useTranslation("invariants");
  const { invariant, known, state, checks, violations } = row;
  const { icon: Icon, tone } = LOOKS[state];
  return (
    <li className={`invariant invariant--${state}`}>
      <span className={`invariant__icon badge--${tone}`}>
        <Icon aria-hidden />
      </span>
      <div className="invariant__what">
        <p className="invariant__name">
          {known ? t(`name.${invariant}`) : cleanText(invariant, 128)}
          {known ? <code className="invariant__code mono">{invariant}</code> : null}
        </p>
        <p className="muted">{known ? t(`text.${invariant}`) : t("noWords")}</p>
        <Last row={row} clock={clock} />
      </div>
      <p className="invariant__count">
        <span className="invariant__state">{t(`state.${state}`)}</span>
        {state === "watched" || state === "unknown" ? null : (
          <span className="muted">
            {t("checks", { shown: orUnknown(checks, formatCount), count: checks ?? 0 })}
          </span>
        )}
        {violations === 0 ? null : (
          <span className="invariant__broken">{t("violations", { count: violations })}</span>
        )}
      </p>
    </li>
  );
}, sameRow);

/** Rows are made anew with every look at the view. */
function sameRow(a: RowProps, b: RowProps): boolean {
  return a.clock === b.clock && JSON.stringify(a.row) === JSON.stringify(b.row);
}

function Last({ row, clock }: RowProps): ReactNode {
  const { t } = useTranslation("invariants");
  const { last } = row;
  if (last === undefined) return null;
  const at = formatAt(last.at, clock);
  return (
    <div className="invariant__last">
      <p>{cleanText(last.message, 500)}</p>
      <p className="row row--wrap">
        <button type="button" className="link" data-jump={last.at}>
          <History aria-hidden /> {t("jump", { at })}
        </button>
        {last.nodes.slice(0, MAX_NODES).map((node) => (
          <button key={node} type="button" className="link" data-node={node}>
            {cleanText(node, 64)}
          </button>
        ))}
        {last.nodes.length > MAX_NODES ? (
          <span className="muted">{t("moreNodes", { count: last.nodes.length - MAX_NODES })}</span>
        ) : null}
      </p>
    </div>
  );
}

const MAX_NODES = 12;
