import type { MeshEvent } from "#shared/contract/events.ts";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { describeEvent } from "../../../app/hooks/event-words.ts";
import { useDescription } from "../../../app/hooks/use-mesh.ts";
import { formatAt, formatBytes, formatDuration } from "../../../ui/format.ts";
import { cleanText } from "../../../ui/text.ts";
import { useMessages } from "../context.ts";
import { readMessage } from "../data/read-message.ts";
import type { Hit } from "./picture.ts";

interface HoverTipProps {
  readonly hit: Hit;
  readonly events: readonly MeshEvent[];
}

/** Beside the pointer. The same is in the panel and in the table for those who do not point. */
export function HoverTip({ hit, events }: HoverTipProps): ReactNode {
  const below = hit.y < 130;
  const style = {
    left: hit.x,
    top: hit.y,
    transform: `translate(${hit.x > 420 ? "calc(-100% - 12px)" : "14px"}, ${below ? "14px" : "calc(-100% - 10px)"})`,
  };
  return (
    <div className="hover-tip" style={style} aria-hidden>
      {hit.kind === "message" ? (
        <MessageTip serial={hit.serial} />
      ) : (
        <EventTip event={events.find(({ seq }) => seq === hit.seq)} />
      )}
    </div>
  );
}

function EventTip({ event }: { readonly event: MeshEvent | undefined }): ReactNode {
  const { t } = useTranslation("events");
  const clock = useDescription()?.clock ?? "virtual";
  if (event === undefined) return null;
  return (
    <>
      <p className="hover-tip__head">{describeEvent(t, event)}</p>
      <p className="muted mono">{formatAt(event.at, clock)}</p>
    </>
  );
}

function MessageTip({ serial }: { readonly serial: number }): ReactNode {
  const { t } = useTranslation("messages");
  const feed = useMessages((state) => state.feed);
  const clock = useDescription()?.clock ?? "virtual";
  const message = feed === undefined ? undefined : readMessage(feed.messages, serial);
  if (message === undefined) return null;
  const { kind, from, to, sentAt, arrivedAt, bytes, outcome } = message;
  return (
    <>
      <p className="hover-tip__head mono">{cleanText(kind, 64)}</p>
      <p>
        {cleanText(from, 64)} → {cleanText(to, 64)}
      </p>
      <p className="muted">
        {t("tip.sent", { at: formatAt(sentAt, clock) })}
        {arrivedAt === undefined ? null : (
          <>
            <br />
            {t("tip.arrived", { at: formatAt(arrivedAt, clock) })} ·{" "}
            {formatDuration(arrivedAt - sentAt)}
          </>
        )}
      </p>
      <p className="muted">
        {formatBytes(bytes)} · {t(`outcome.${outcome}`)}
      </p>
    </>
  );
}
