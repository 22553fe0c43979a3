import { Crown, ShieldCheck, ShieldX } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { MeshView } from "#shared/view/model.ts";
import { type ConsensusQuorum, consensusQuorum } from "#shared/view/select/consensus-quorum.ts";
import { consensusKind, type Leadership, leadership } from "#shared/view/select/leadership.ts";
import { useDescription, useMeshStore, useMeshVersion } from "../../../app/hooks/use-mesh.ts";
import { cx } from "../../../ui/cx.ts";
import { formatAt } from "../../../ui/format.ts";
import { Tooltip } from "../../../ui/tooltip.tsx";
import { termWords } from "../words.ts";
import { quorumBar } from "../rounds/model.ts";
import { QuorumBar } from "../rounds/quorum-bar.tsx";

/** Leader, term, quorum, margin and commit at one glance, from what all members say. */
export function SummaryStrip(): ReactNode {
  const { t } = useTranslation("consensus");
  const mesh = useMeshStore();
  useMeshVersion("slow");
  if (mesh === undefined) return null;
  const { view } = mesh;
  const lead = leadership(view);
  const quorum = consensusQuorum(view);
  const kind = consensusKind(view);
  return (
    <section className="summary" aria-label={t("head.label")}>
      <dl className="summary__figures">
        <LeaderFigure view={view} lead={lead} />
        <Figure
          label={t(
            kind === "pbft" ? "head.view" : kind === "epidemic" ? "head.round" : "head.term",
          )}
          value={lead.term === undefined ? "—" : `${lead.term}`}
        />
        {quorum === undefined ? null : <QuorumFigures quorum={quorum} />}
        <Figure
          label={t("head.committed")}
          value={`${view.agreement.committed}`}
          note={t("head.entry", { index: view.agreement.committed })}
        />
      </dl>
      <Disagreements view={view} lead={lead} />
    </section>
  );
}

interface FigureProps {
  readonly label: string;
  readonly value: ReactNode;
  readonly note?: string | undefined;
  readonly bad?: boolean;
}

function Figure({ label, value, note, bad = false }: FigureProps): ReactNode {
  return (
    <div className={cx("figure", bad && "figure--bad")}>
      <dt className="figure__label">{label}</dt>
      <dd className="figure__value">{value}</dd>
      {note === undefined ? null : <dd className="figure__note">{note}</dd>}
    </div>
  );
}

interface LeadProps {
  readonly view: MeshView;
  readonly lead: Leadership;
}

function LeaderFigure({ view, lead }: LeadProps): ReactNode {
  const { t } = useTranslation("consensus");
  const clock = useDescription()?.clock ?? "virtual";
  const { state, leader, lost, claims, since } = lead;
  const of = view.agreement.config?.voters.length ?? view.agreement.members.size;
  const [claim] = claims;
  const followers = claim?.followers.length ?? 0;
  const lostNote = lost && t("head.lost", { node: lost.node, at: formatAt(lost.at, clock) });
  const ledNote = `${t("head.followers", { count: followers, of })} · ${t("head.since", {
    at: formatAt(since ?? 0, clock),
  })}`;
  const bad = state === "none" || state === "contested";
  return (
    <Figure
      label={t(consensusKind(view) === "pbft" ? "head.primary" : "head.leader")}
      value={
        leader === undefined ? (
          t(`state.${state}`)
        ) : (
          <span className="figure__leader">
            <Crown aria-hidden />
            {leader}
          </span>
        )
      }
      note={leader === undefined ? lostNote : ledNote}
      bad={bad}
    />
  );
}

function QuorumFigures({ quorum }: { readonly quorum: ConsensusQuorum }): ReactNode {
  const { t } = useTranslation("consensus");
  const { needed, voters, live, canLose, tolerates, told } = quorum;
  const of = voters.length;
  const lost = canLose < 0;
  const some = canLose === 0 ? t("head.canLoseNone") : t("head.canLose", { count: canLose });
  const bar = quorumBar({ have: live.length, needed }, of);
  return (
    <>
      <Figure
        label={t("head.quorum")}
        value={
          <span className="figure__quorum">
            {t("head.quorumOf", { needed, of })}
            <QuorumBar {...bar} met={!lost} label={t("head.live", { live: live.length })} />
          </span>
        }
        note={told ? t("head.live", { live: live.length }) : t("head.expected")}
      />
      <Figure
        label={t("head.margin")}
        value={
          <span className="figure__margin">
            {lost ? <ShieldX aria-hidden /> : <ShieldCheck aria-hidden />}
            {lost ? t("head.tooFew", { count: -canLose }) : some}
          </span>
        }
        bad={lost}
      />
      <Tooltip text={t("head.toleratesHint")}>
        <div className="figure">
          <dt className="figure__label">f</dt>
          <dd className="figure__value">{tolerates}</dd>
        </div>
      </Tooltip>
    </>
  );
}

/** How many are named; a mesh of hundreds would fill the page. */
const MAX_NAMED = 4;

function Disagreements({ view, lead }: LeadProps): ReactNode {
  const { t } = useTranslation("consensus");
  const kind = consensusKind(view);
  const { disagreements, claims, leader } = lead;
  const joint = (view.agreement.config?.outgoing.length ?? 0) > 0;
  const rivals = claims.filter((claim) => claim.node !== leader && leader !== undefined);
  if (disagreements.length === 0 && !joint && rivals.length === 0) return null;
  const said = disagreements.slice(0, MAX_NAMED).map((each) =>
    t("head.says", {
      node: each.node,
      leader: each.leader ?? t("word.nobody"),
      term: each.term === undefined ? "—" : termWords(t, kind, each.term),
    }),
  );
  const more = disagreements.length > MAX_NAMED ? " …" : "";
  return (
    <p className="summary__notes">
      {joint ? <span>{t("head.joint")}</span> : null}
      {disagreements.length === 0 ? null : (
        <span>
          {t("head.disagree", { count: disagreements.length })} {said.join("; ")}
          {more}
        </span>
      )}
      {rivals.length === 0 ? null : (
        <span>{t("head.claims", { nodes: rivals.map((claim) => claim.node).join(", ") })}</span>
      )}
    </p>
  );
}
