import { OctagonAlert } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { MeshView } from "#shared/view/model.ts";
import { useDescription, useMesh } from "../../../app/hooks/use-mesh.ts";
import { Banner } from "../../../ui/banner.tsx";
import { formatAt, formatDuration } from "../../../ui/format.ts";
import { cleanText } from "../../../ui/text.ts";
import { heldOutcomes, stateOf, tallyOf } from "../model/tally.ts";
import { StateBadge } from "../state-badge.tsx";
import { Knowers } from "./knowers.tsx";
import type { DecisionProps } from "./props.ts";
import { TallyBar } from "./tally-bar.tsx";
import { VoteForm } from "./vote-form.tsx";
import { Votes } from "./votes.tsx";

const SLOW = { pace: "slow" } as const;
const meshTime = (view: MeshView): number => view.at;
export function DecisionDetail({ proposal }: DecisionProps): ReactNode {
  const { t } = useTranslation("decisions");
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls takes keys.
    <section className="decision" aria-label={t("detail")} tabIndex={0}>
      <Head proposal={proposal} />
      <Trouble proposal={proposal} />
      <TallyBar tally={tallyOf(proposal)} />
      <VoteForm proposal={proposal} />
      <Votes proposal={proposal} />
      <Knowers proposal={proposal} />
    </section>
  );
}

function Head({ proposal }: DecisionProps): ReactNode {
  const { t } = useTranslation("decisions");
  const clock = useDescription()?.clock ?? "virtual";
  const now = useMesh(meshTime, SLOW);
  const { title, text, caller, calledAt, deadline, outcome, decidedAt } = proposal;
  const state = stateOf(proposal, now);
  const called = t("head.called", {
    node: cleanText(caller, 64),
    at: formatAt(calledAt, clock),
  });
  const left = formatDuration(Math.max(0, deadline - now));
  return (
    <header className="decision__head">
      <h2 className="decision__title">{cleanText(title, 128)}</h2>
      <StateBadge state={state} />
      {text === "" ? null : <p className="decision__text">{cleanText(text, 2_000)}</p>}
      <p className="decision__facts">
        <span>{called}</span>
        {state === "open" ? <span>{t("head.left", { time: left })}</span> : null}
        {state === "overdue" ? <span>{t("head.overdue")}</span> : null}
        {outcome === undefined || decidedAt === undefined ? null : (
          <span>
            {t("head.decided", {
              time: formatDuration(Math.max(0, decidedAt - calledAt)),
              yes: outcome.yes,
              no: outcome.no,
              abstain: outcome.abstain,
            })}
          </span>
        )}
      </p>
    </header>
  );
}

/** Double votes, and outcomes that exclude each other. */
function Trouble({ proposal }: DecisionProps): ReactNode {
  const { t } = useTranslation("decisions");
  const held = heldOutcomes(proposal);
  const { accused } = proposal;
  return (
    <>
      {held.length < 2 ? null : (
        <Banner tone="danger" icon={<OctagonAlert aria-hidden />}>
          {t("trouble.split", { outcomes: held.map((each) => t(`state.${each}`)).join(", ") })}
        </Banner>
      )}
      {accused.length === 0 ? null : (
        <Banner tone="warn" icon={<OctagonAlert aria-hidden />}>
          {t("trouble.double", { nodes: accused.map((node) => cleanText(node, 64)).join(", ") })}
        </Banner>
      )}
    </>
  );
}
