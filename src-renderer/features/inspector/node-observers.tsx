import type { NodeView } from "#shared/view/model.ts";
import { quorumMargin } from "#shared/view/select/quorum.ts";
import { BadgeCheck } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useDescription, useMeshStore, useMeshVersion } from "../../app/hooks/use-mesh.ts";
import { Badge, type Tone } from "../../ui/badge.tsx";
import { formatAt } from "../../ui/format.ts";
import { Panel } from "../../ui/panel.tsx";
import { reasonText } from "./mesh-broken.tsx";
import { type Observer, observationOf } from "./model/observers.ts";
import { NodeButton, NodeButtons } from "./parts/node-button.tsx";

const MAX_SHOWN = 12;

const TONES: Readonly<Record<string, Tone>> = {
  suspect: "suspect",
  unreachable: "suspect",
  dead: "failed",
  left: "left",
};

/** The node as each other one sees it, and how far that is from a quorum. */
export function NodeObservers({ node }: { readonly node: NodeView }): ReactNode {
  const { t } = useTranslation("inspector");
  const view = useMeshStore()?.view;
  useMeshVersion();
  if (view === undefined) return null;
  const { doubting, trusting } = observationOf(view, node.id);
  // Where an engine declares failures on its own word, no quorum is on its way.
  const byWord = node.confirmed === undefined && node.deadBy > 0;
  const needed = byWord ? undefined : (node.confirmed?.needed ?? quorumMargin(view)?.needed);
  const others = doubting.length + trusting;
  return (
    <Panel flat title={t("observers.title")}>
      {doubting.length === 0 ? (
        <p className="insp-note">
          {trusting === 0 ? t("observers.nobody") : t("observers.allTrust", { count: trusting })}
        </p>
      ) : (
        <>
          <p className="observers__sum">
            {t("observers.doubting", { count: doubting.length, others })}
            {needed === undefined ? "" : ` · ${t("observers.quorum", { needed })}`}
          </p>
          <ul className="insp-list">
            {doubting.slice(0, MAX_SHOWN).map((observer) => (
              <ObserverRow key={observer.id} observer={observer} />
            ))}
          </ul>
          {doubting.length > MAX_SHOWN ? (
            <p className="insp-note">{t("andMore", { count: doubting.length - MAX_SHOWN })}</p>
          ) : null}
        </>
      )}
      {node.confirmed === undefined ? null : (
        <div className="certificate">
          <span className="row">
            <BadgeCheck aria-hidden />
            {t("observers.certificate", {
              count: node.confirmed.observers.length,
              needed: node.confirmed.needed,
              of: node.confirmed.of,
            })}
          </span>
          <NodeButtons ids={node.confirmed.observers} />
        </div>
      )}
    </Panel>
  );
}

function ObserverRow({ observer }: { readonly observer: Observer }): ReactNode {
  const { t } = useTranslation("inspector");
  const clock = useDescription()?.clock ?? "virtual";
  const { state, reason, since, incarnation } = observer.belief;
  return (
    <li className="observer">
      <NodeButton id={observer.id} />
      <Badge tone={TONES[state] ?? "neutral"}>{t(`belief.${state}`)}</Badge>
      <span className="insp-note grow truncate" title={t("observers.about", { incarnation })}>
        {reasonText(t, reason)}
      </span>
      <time className="insp-note">{formatAt(since, clock)}</time>
    </li>
  );
}
