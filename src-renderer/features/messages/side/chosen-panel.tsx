import { X } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { MeshEvent } from "#shared/contract/events.ts";
import { useApp } from "../../../app/context.ts";
import { describeEvent, nodesOf } from "../../../app/hooks/event-words.ts";
import { useDescription } from "../../../app/hooks/use-mesh.ts";
import { usePrefs } from "../../../app/hooks/use-stores.ts";
import { Badge, type Tone } from "../../../ui/badge.tsx";
import { IconButton } from "../../../ui/button.tsx";
import { formatAt, formatBytes, formatDuration } from "../../../ui/format.ts";
import { Facts, Panel } from "../../../ui/panel.tsx";
import { cleanText } from "../../../ui/text.ts";
import { useMessages, useMessagesStore } from "../context.ts";
import { type Message, readMessage } from "../data/read-message.ts";
import { Causality } from "./causality.tsx";
import { Content } from "./content.tsx";
import { Meddle } from "./meddle.tsx";

/** The chosen message or event, above what the inspector says about the mesh. */
export function ChosenPanel(): ReactNode {
  const here = usePrefs((prefs) => prefs.view === "messages");
  const chosen = useMessages((state) => state.chosen);
  const feed = useMessages((state) => state.feed);
  // Outcomes change while the message is looked at.
  useMessages((state) => state.version);
  if (!here || chosen === undefined || feed === undefined) return null;
  if (chosen.kind === "event") return <EventPanel event={chosen.event} />;
  const message = readMessage(feed.messages, chosen.serial);
  return message === undefined ? null : <MessagePanel message={message} />;
}

function CloseButton(): ReactNode {
  const { t } = useTranslation("messages");
  const { getState } = useMessagesStore();
  return (
    <IconButton
      size="sm"
      label={t("chosen.close")}
      icon={<X aria-hidden />}
      onClick={() => getState().change({ chosen: undefined })}
    />
  );
}

const TONES: Readonly<Record<Message["outcome"], Tone>> = {
  "in-flight": "info",
  delivered: "healthy",
  lost: "failed",
  cut: "failed",
  "dead-receiver": "failed",
};

function MessagePanel({ message }: { readonly message: Message }): ReactNode {
  const { t } = useTranslation("messages");
  const clock = useDescription()?.clock ?? "virtual";
  const { serial, kind, from, to, sentAt, arrivedAt, bytes, outcome } = message;
  return (
    <Panel title={t("chosen.message", { serial })} flat actions={<CloseButton />}>
      <div className="chosen">
        <p className="chosen__head">
          <span className="mono">{cleanText(kind, 64)}</span>
          <Badge tone={TONES[outcome]}>{t(`outcome.${outcome}`)}</Badge>
        </p>
        <Facts
          items={[
            { label: t("chosen.way"), value: <Way from={from} to={to} /> },
            { label: t("column.sent"), value: formatAt(sentAt, clock) },
            {
              label: t("chosen.arrived"),
              value: arrivedAt === undefined ? "—" : formatAt(arrivedAt, clock),
            },
            {
              label: t("column.took"),
              value: arrivedAt === undefined ? "—" : formatDuration(arrivedAt - sentAt),
            },
            { label: t("column.bytes"), value: formatBytes(bytes) },
          ]}
        />
        <Meddle message={message} />
        <Causality />
        <Content serial={serial} />
      </div>
    </Panel>
  );
}

function Way({ from, to }: Pick<Message, "from" | "to">): ReactNode {
  const { selection } = useApp();
  const name = (id: string): ReactNode => (
    <button
      type="button"
      className="link-button"
      onClick={() => selection.getState().selectNode(id)}
    >
      {cleanText(id, 64)}
    </button>
  );
  return (
    <>
      {name(from)} → {name(to)}
    </>
  );
}

function EventPanel({ event }: { readonly event: MeshEvent }): ReactNode {
  const { t } = useTranslation("messages");
  const { t: tEvents } = useTranslation("events");
  const clock = useDescription()?.clock ?? "virtual";
  const nodes = nodesOf(event).map((id) => cleanText(id, 64));
  return (
    <Panel title={t("chosen.event", { seq: event.seq })} flat actions={<CloseButton />}>
      <div className="chosen">
        <p>{describeEvent(tEvents, event)}</p>
        <Facts
          items={[
            { label: t("chosen.at"), value: formatAt(event.at, clock) },
            { label: t("chosen.nodes"), value: nodes.length === 0 ? "—" : nodes.join(", ") },
          ]}
        />
        {nodes.length === 0 ? null : <Causality />}
      </div>
    </Panel>
  );
}
