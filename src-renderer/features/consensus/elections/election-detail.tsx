import { Check, X } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Election } from "#shared/view/agreement-model.ts";
import type { MeshView } from "#shared/view/model.ts";
import { withoutLeader } from "#shared/view/select/election-times.ts";
import { consensusQuorum } from "#shared/view/select/consensus-quorum.ts";
import { consensusKind } from "#shared/view/select/leadership.ts";
import { cx } from "../../../ui/cx.ts";
import { formatDuration } from "../../../ui/format.ts";
import { quorumBar } from "../rounds/model.ts";
import { QuorumBar } from "../rounds/quorum-bar.tsx";
import { offset, reasonText, termWords } from "../words.ts";
import { type Ballot, type BallotCell, ballotOf, courseOf } from "./model.ts";

interface ElectionProps {
  readonly view: MeshView;
  readonly election: Election;
}

/** Who answered whom how, and why; what was counted; and when all of that was. */
export function ElectionDetail({ view, election }: ElectionProps): ReactNode {
  const { t } = useTranslation("consensus");
  const ballot = ballotOf(view, election);
  const voters = consensusQuorum(view)?.voters.length ?? 0;
  return (
    <section className="election">
      <ElectionHead view={view} election={election} />
      <Course election={election} />
      <div className="election__table">
        <table className="round" aria-label={t("elections.answers")}>
          <thead>
            <tr>
              <th scope="col">{t("elections.voter")}</th>
              {ballot.candidates.map(({ node }) => (
                <th key={node} scope="col">
                  {t("elections.candidate", { node })}
                </th>
              ))}
            </tr>
            <TallyRow ballot={ballot} voters={voters} />
          </thead>
          <tbody>
            {ballot.rows.map(({ voter, cells }) => (
              <tr key={voter}>
                <th scope="row">{voter}</th>
                {cells.map((cell) => (
                  <td key={cell.candidate}>
                    <Answer cell={cell} start={election.startedAt} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function ElectionHead({ view, election }: ElectionProps): ReactNode {
  const { t } = useTranslation("consensus");
  const { kind, term, winner, startedAt, endedAt } = election;
  const took = endedAt === undefined ? undefined : formatDuration(endedAt - startedAt);
  const without = withoutLeader(election);
  const won = t(kind === "pre-vote" ? "elections.asked" : "elections.won", {
    node: winner ?? "",
    time: took ?? "",
  });
  const outcome = winner === undefined ? t("elections.failed") : won;
  return (
    <header className="detail__head">
      <h2 className="detail__title">
        {t("elections.title", {
          kind: t(`elections.kind.${kind}`),
          term: termWords(t, consensusKind(view), term),
        })}
      </h2>
      <p className="detail__facts">
        <span>{endedAt === undefined ? t("elections.open") : outcome}</span>
        {without === undefined ? null : (
          <span>{t("elections.without", { time: formatDuration(without) })}</span>
        )}
      </p>
    </header>
  );
}

interface TallyRowProps {
  readonly ballot: Ballot;
  readonly voters: number;
}

function TallyRow({ ballot, voters }: TallyRowProps): ReactNode {
  const { t } = useTranslation("consensus");
  return (
    <tr className="round__tally">
      <td aria-hidden />
      {ballot.candidates.map(({ node, tally }) => {
        if (tally === undefined) return <td key={node}>{t("elections.noTally")}</td>;
        const { have, needed } = tally;
        const words = t("elections.tally", { have, needed });
        return (
          <td key={node}>
            <QuorumBar {...quorumBar(tally, voters)} met={have >= needed} label={words} /> {words}
          </td>
        );
      })}
    </tr>
  );
}

interface AnswerProps {
  readonly cell: BallotCell;
  readonly start: number;
}

function Answer({ cell, start }: AnswerProps): ReactNode {
  const { t } = useTranslation("consensus");
  const { answer, self } = cell;
  if (answer === undefined) {
    return <span className="muted">{t(self ? "elections.self" : "elections.noAnswer")}</span>;
  }
  const { granted, reason, at } = answer;
  const Sign = granted ? Check : X;
  return (
    <span className={cx("answer", granted ? "answer--yes" : "answer--no")}>
      <Sign role="img" aria-label={t(granted ? "elections.granted" : "elections.refused")} />
      <span>
        {reasonText(t, reason)} <span className="phase__time">{offset(at, start)}</span>
      </span>
    </span>
  );
}

/** Marks on a line, from the loss of the leader to the win. */
function Course({ election }: { readonly election: Election }): ReactNode {
  const { t } = useTranslation("consensus");
  const { from, to, marks } = courseOf(election);
  if (marks.length === 0) return null;
  return (
    <figure className="course" aria-label={t("elections.timeline")}>
      <span className="course__line">
        {marks.map(({ kind, node, from: voter, at, place }) => {
          const words = t(`elections.mark.${kind}`, { node, from: voter });
          const title = `${words} ${offset(at, from)}`;
          return (
            <span
              key={`${kind} ${node} ${voter} ${at}`}
              className={`course__mark course__mark--${kind}`}
              style={{ left: `${place * 100}%` }}
              role="img"
              aria-label={title}
              title={title}
            />
          );
        })}
      </span>
      <figcaption className="course__ends">
        <span>0</span>
        <span>{offset(to, from)}</span>
      </figcaption>
    </figure>
  );
}
