import { Activity, Gavel, SlidersHorizontal, Vote } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { MeshView } from "#shared/view/model.ts";
import type { ProposalView } from "#shared/view/state-model.ts";
import { sameList, useDescription, useMesh } from "../../../app/hooks/use-mesh.ts";
import { Button } from "../../../ui/button.tsx";
import { cx } from "../../../ui/cx.ts";
import { EmptyState } from "../../../ui/empty-state.tsx";
import { formatDuration } from "../../../ui/format.ts";
import { Panel } from "../../../ui/panel.tsx";
import { cleanText } from "../../../ui/text.ts";
import { useDecisions, useDecisionsStore } from "../context.ts";
import { stateOf, tallyOf } from "../model/tally.ts";
import { CallForm } from "../side/call-form.tsx";
import { PolicyForm } from "../side/policy-form.tsx";
import { RequestList } from "../side/request-list.tsx";
import { StateBadge } from "../state-badge.tsx";
import { DecisionDetail } from "./decision-detail.tsx";

const SLOW = { pace: "slow" } as const;

/** Newest first; an entity is replaced when anything about it changed. */
const newest = (view: MeshView): readonly ProposalView[] =>
  [...view.proposals.list.values()].reverse();

const meshTime = (view: MeshView): number => view.at;

export function DecisionsTab(): ReactNode {
  const { t } = useTranslation("decisions");
  const proposals = useMesh(newest, { ...SLOW, isEqual: sameList });
  const chosen = useDecisions((state) => state.chosen);
  const shown = proposals.find(({ id }) => id === chosen) ?? proposals[0];
  return (
    <div className="decisions__grid">
      {shown === undefined ? (
        <NoDecisions />
      ) : (
        <>
          <DecisionList proposals={proposals} shown={shown.id} />
          <DecisionDetail key={shown.id} proposal={shown} />
        </>
      )}
      <aside className="decisions__side" aria-label={t("side")}>
        <Panel title={t("call.title")} icon={<Gavel aria-hidden />}>
          <CallForm />
        </Panel>
        <Panel title={t("policy.title")} icon={<SlidersHorizontal aria-hidden />}>
          <PolicyForm />
        </Panel>
        <Panel title={t("request.title")} icon={<Activity aria-hidden />}>
          <RequestList />
        </Panel>
      </aside>
    </div>
  );
}

function NoDecisions(): ReactNode {
  const { t } = useTranslation("decisions");
  const { askForCall } = useDecisionsStore().getState();
  const source = useDescription()?.kind;
  return (
    <div className="decisions__none">
      <EmptyState
        icon={<Vote />}
        title={t("none.title")}
        text={t(source === "serf" ? "none.engine" : "none.text")}
        action={
          source === "serf" ? undefined : (
            <Button variant="primary" onClick={askForCall}>
              {t("none.call")}
            </Button>
          )
        }
      />
    </div>
  );
}

interface ListProps {
  readonly proposals: readonly ProposalView[];
  readonly shown: string;
}

function DecisionList({ proposals, shown }: ListProps): ReactNode {
  const { t } = useTranslation("decisions");
  const { choose } = useDecisionsStore().getState();
  const now = useMesh(meshTime, SLOW);
  return (
    <section className="decision-list" aria-label={t("list.title")}>
      <ul>
        {proposals.map((proposal) => {
          const state = stateOf(proposal, now);
          const { cast, of } = tallyOf(proposal);
          const left = formatDuration(Math.max(0, proposal.deadline - now));
          return (
            <li key={proposal.id}>
              <button
                type="button"
                className={cx("decision-row", proposal.id === shown && "decision-row--shown")}
                aria-current={proposal.id === shown || undefined}
                onClick={() => choose(proposal.id)}
              >
                <strong className="truncate">{cleanText(proposal.title, 80)}</strong>
                <span className="decision-row__foot">
                  <StateBadge state={state} />
                  <span>
                    {state === "open" ? t("list.left", { time: left }) : `${cast} / ${of}`}
                  </span>
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
