import type { LinkView } from "#shared/view/model.ts";
import { Link2 } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useDescription, useMeshStore, useMeshVersion } from "../../app/hooks/use-mesh.ts";
import { formatAt, orUnknown } from "../../ui/format.ts";
import { Facts, Panel } from "../../ui/panel.tsx";
import { cleanText } from "../../ui/text.ts";
import { reasonText } from "./mesh-broken.tsx";
import { lastWhere } from "./model/recent.ts";
import { rttText } from "./node-links.tsx";
import { Moments } from "./node-recent.tsx";
import { Actions } from "./parts/actions.tsx";
import { Head } from "./parts/head.tsx";
import { NodeButton } from "./parts/node-button.tsx";
import { describeEvent } from "../../app/hooks/event-words.ts";
import { useApp } from "../../app/context.ts";

const EVENTS_SHOWN = 8;

export function LinkPanel({ link }: { readonly link: LinkView }): ReactNode {
  const { t } = useTranslation("inspector");
  const clock = useDescription()?.clock ?? "virtual";
  const up = link.aUp && link.bUp;
  const end = (id: string, holds: boolean): ReactNode => (
    <span className="row">
      <NodeButton id={id} />
      <span className="insp-note">{t(holds ? "link.up" : "link.down")}</span>
    </span>
  );
  return (
    <>
      <Head
        mark={<Link2 aria-hidden className="insp-head__icon" />}
        title={`${cleanText(link.a, 64)} — ${cleanText(link.b, 64)}`}
        note={t(up ? "link.both" : "link.half")}
        closes
      />
      <Actions place="link" first={["link.cut", "link.slow"]} />
      <Panel flat title={t("link.title")}>
        <Facts
          items={[
            { label: t("link.end"), value: end(link.a, link.aUp) },
            { label: t("link.end2"), value: end(link.b, link.bUp) },
            { label: t("link.rtt"), value: orUnknown(link.rttMs, rttText) },
            { label: t("link.since"), value: formatAt(link.since, clock) },
            {
              label: t("link.reason"),
              value: link.reason === "" ? "—" : reasonText(t, link.reason),
            },
          ]}
        />
      </Panel>
      <LinkEvents link={link} />
    </>
  );
}

function LinkEvents({ link }: { readonly link: LinkView }): ReactNode {
  const { t } = useTranslation("inspector");
  const app = useApp();
  const entries = useMeshStore()?.view.timeline.entries ?? [];
  useMeshVersion();
  const { a, b } = link;
  const events = lastWhere(entries, EVENTS_SHOWN, (event) => {
    if (!("peer" in event) || event.node === undefined) return false;
    const ends = [event.node, event.peer];
    return ends.includes(a) && ends.includes(b);
  });
  return (
    <Panel flat title={t("recent.events")}>
      <Moments
        none={t("recent.noEvents")}
        rows={events.map((event) => ({
          seq: event.seq,
          at: event.at,
          text: describeEvent(app.t, event),
        }))}
      />
    </Panel>
  );
}
