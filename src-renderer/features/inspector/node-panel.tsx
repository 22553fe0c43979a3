import { healthOf } from "#shared/view/health.ts";
import type { NodeView } from "#shared/view/model.ts";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { orUnknown } from "../../ui/format.ts";
import { type Fact, Facts, Panel } from "../../ui/panel.tsx";
import { StatusDot } from "../../ui/status-dot.tsx";
import { cleanText } from "../../ui/text.ts";
import { reasonText } from "./mesh-broken.tsx";
import { NodeLinks } from "./node-links.tsx";
import { NodeObservers } from "./node-observers.tsx";
import { NodeRecent } from "./node-recent.tsx";
import { Actions } from "./parts/actions.tsx";
import { Head } from "./parts/head.tsx";
import { NodeButtons } from "./parts/node-button.tsx";

const FIRST_ACTIONS = ["node.kill", "node.restart", "node.pause", "node.resume", "node.forceLeave"];

export function NodePanel({ node }: { readonly node: NodeView }): ReactNode {
  const { t } = useTranslation("inspector");
  const health = healthOf(node);
  const place = [node.zone, node.address].filter((text) => text !== undefined);
  const words = [t(`app:health.${health}`), ...place.map((text) => cleanText(text, 64))];
  return (
    <>
      <Head
        mark={<StatusDot status={health} size="lg" />}
        title={cleanText(node.id, 64)}
        note={words.join(" · ")}
        closes
      />
      <Actions place="node" first={FIRST_ACTIONS} />
      <Panel flat title={t("node.process")}>
        <Facts items={useProcessFacts(node)} />
      </Panel>
      <NodeObservers node={node} />
      <NodeLinks node={node} />
      <NodeRecent id={node.id} />
      <Tags node={node} />
    </>
  );
}

/** What the process itself is and says; what was never said is unknown. */
function useProcessFacts(node: NodeView): readonly Fact[] {
  const { t } = useTranslation("inspector");
  const { mode, modeReason, reachable, needed, of } = node;
  const reach = reachable === undefined ? undefined : t("node.reach", { reachable, of, needed });
  const why = modeReason === undefined ? undefined : reasonText(t, modeReason);
  const rate = (value: number | undefined): string =>
    orUnknown(value, (known) => String(Math.round(known * 10) / 10));
  return [
    {
      label: t("node.state"),
      value:
        node.stopReason === undefined
          ? t(`process.${node.process}`)
          : `${t(`process.${node.process}`)} (${t(`stop.${node.stopReason}`)})`,
    },
    { label: t("node.incarnation"), value: orUnknown(node.incarnation, String) },
    { label: t("node.refutations"), value: String(node.refutations) },
    {
      label: t("node.mode"),
      value: (
        <>
          {t(`mode.${mode ?? "unknown"}`)}
          {[why, reach].map((text) =>
            text === undefined ? null : (
              <span className="insp-note insp-note--block" key={text}>
                {text}
              </span>
            ),
          )}
        </>
      ),
    },
    { label: t("node.localHealth"), value: orUnknown(node.localHealth, String) },
    {
      label: t("node.rates"),
      value: t("node.perSecond", {
        received: rate(node.receivedPerSecond),
        sent: rate(node.sentPerSecond),
      }),
    },
    ...(node.weakPoints.length === 0
      ? []
      : [{ label: t("node.weakPoints"), value: <NodeButtons ids={node.weakPoints} /> }]),
    {
      label: t("node.digest"),
      value:
        node.digest === undefined ? (
          "—"
        ) : (
          <span className="mono">
            {node.digest.members.slice(0, 8)} · {node.digest.rumours.slice(0, 8)}
          </span>
        ),
    },
  ];
}

function Tags({ node }: { readonly node: NodeView }): ReactNode {
  const { t } = useTranslation("inspector");
  const tags = Object.entries(node.tags ?? {});
  if (tags.length === 0) return null;
  return (
    <Panel flat title={t("node.tags")}>
      <Facts
        items={tags.map(([key, value]) => ({
          label: cleanText(key, 64),
          value: cleanText(value, 200),
        }))}
      />
    </Panel>
  );
}
