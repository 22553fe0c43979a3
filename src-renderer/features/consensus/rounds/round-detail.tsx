import { CheckCheck, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { consensusQuorum } from "#shared/view/select/consensus-quorum.ts";
import { consensusKind } from "#shared/view/select/leadership.ts";
import type {
  RoundCell,
  RoundProgress,
  RoundRow as NodeRow,
} from "#shared/view/select/round-progress.ts";
import { useApp } from "../../../app/context.ts";
import { useMeshStore } from "../../../app/hooks/use-mesh.ts";
import { cx } from "../../../ui/cx.ts";
import { formatDuration } from "../../../ui/format.ts";
import { cleanText } from "../../../ui/text.ts";
import { Tooltip } from "../../../ui/tooltip.tsx";
import { Scroll } from "../scroll.tsx";
import { offset, shortDigest, termWords } from "../words.ts";
import { quorumBar, voteMarks } from "./model.ts";
import { QuorumBar } from "./quorum-bar.tsx";

interface RoundDetailProps {
  readonly progress: RoundProgress;
}

/** Phases as columns, nodes as rows; what a node counts to pass a phase stands in its cell. */
export function RoundDetail({ progress }: RoundDetailProps): ReactNode {
  const { t } = useTranslation("consensus");
  const view = useMeshStore()?.view;
  if (view === undefined) return null;
  const voters = consensusQuorum(view)?.voters ?? [];
  return (
    <div className="detail">
      <RoundHead
        progress={progress}
        term={termWords(t, consensusKind(view), progress.round.term)}
      />
      <Scroll className="detail__scroll" label={t("rounds.detail")}>
        <table className="round" aria-label={t("rounds.grid")}>
          <thead>
            <tr>
              <th scope="col">{t("rounds.node")}</th>
              {progress.columns.map((column) => (
                <th key={column} scope="col">
                  {t(`column.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {progress.rows.map((row) => (
              <NodeLine key={row.node} row={row} progress={progress} voters={voters} />
            ))}
          </tbody>
        </table>
        <p className="detail__legend">{t("rounds.legend")}</p>
      </Scroll>
    </div>
  );
}

interface RoundHeadProps extends RoundDetailProps {
  readonly term: string;
}

function RoundHead({ progress, term }: RoundHeadProps): ReactNode {
  const { t } = useTranslation("consensus");
  const { round, requests, committedBy, voters, tookUs } = progress;
  const asked = requests.map(({ text }) => cleanText(text, 120)).join(" · ");
  return (
    <header className="detail__head">
      <h2 className="detail__title">{t("rounds.title", { index: round.index, term })}</h2>
      <p className="detail__facts">
        <span>{asked === "" ? t(`what.${round.what ?? "unknown"}`) : asked}</span>
        {round.proposer === undefined ? null : (
          <span>{t("rounds.by", { node: round.proposer })}</span>
        )}
        <span>
          {tookUs === undefined
            ? t("rounds.open")
            : t("rounds.took", { time: formatDuration(tookUs) })}
        </span>
        <span>{t("rounds.members", { count: committedBy, of: voters })}</span>
        <span>
          {t("rounds.digest")} <code className="mono">{shortDigest(round.digest)}</code>
        </span>
      </p>
    </header>
  );
}

interface NodeLineProps extends RoundDetailProps {
  readonly row: NodeRow;
  readonly voters: readonly string[];
}

function NodeLine({ row, progress, voters }: NodeLineProps): ReactNode {
  const app = useApp();
  const { t } = useTranslation("consensus");
  const { node, digest, differs, cells, committed } = row;
  const held = shortDigest(digest ?? "");
  return (
    <tr className={cx(committed && "round__row--committed")}>
      <th scope="row">
        <button
          type="button"
          className="node-link"
          onClick={() => app.selection.getState().selectNode(node)}
        >
          {node}
        </button>
        {committed ? (
          <CheckCheck className="round__done" role="img" aria-label={t("rounds.committed")} />
        ) : null}
        {differs ? (
          <span className="round__differs" title={t("rounds.differs", { digest: held })}>
            <TriangleAlert role="img" aria-label={t("rounds.differs", { digest: held })} />
            <code className="mono">{held}</code>
          </span>
        ) : null}
      </th>
      {cells.map((cell) => (
        <td key={cell.column}>
          <PhaseCell cell={cell} start={progress.round.startedAt} voters={voters} />
        </td>
      ))}
    </tr>
  );
}

interface PhaseCellProps {
  readonly cell: RoundCell;
  readonly start: number;
  readonly voters: readonly string[];
}

function PhaseCell({ cell, start, voters }: PhaseCellProps): ReactNode {
  const { t } = useTranslation("consensus");
  const { count } = cell;
  // Where votes are counted, the quorum is what matters, not the node's own word.
  const at = count === undefined ? cell.at : count.reachedAt;
  const time = at === undefined ? undefined : offset(at, start);
  if (count === undefined) {
    return <span className={cx("phase", time === undefined && "phase--open")}>{time ?? "–"}</span>;
  }
  const { have, needed, votes } = count;
  const said = votes.map((vote) => `${vote.from} ${offset(vote.at, start)}`).join(", ");
  const met = have >= needed;
  return (
    <Tooltip text={t("rounds.votesFrom", { have, needed, votes: said })}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- its tooltip tells who. */}
      <span className={cx("phase phase--votes", !met && "phase--open")} tabIndex={0}>
        <span className="phase__marks" aria-hidden>
          {voteMarks(count, voters).map((vote) => (
            <span
              key={vote.from}
              className={cx("vote-mark", vote.at !== undefined && "vote-mark--in")}
            >
              {vote.from.slice(0, 2)}
            </span>
          ))}
        </span>
        <span className="phase__count">
          <QuorumBar {...quorumBar(count, voters.length)} met={met} label={`${have} / ${needed}`} />
          {have}/{needed}
          <span className="phase__time">{time ?? ""}</span>
        </span>
      </span>
    </Tooltip>
  );
}
