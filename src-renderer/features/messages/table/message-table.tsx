import { SearchX } from "lucide-react";
import { memo, type ReactNode, useCallback } from "react";
import { useTranslation } from "react-i18next";
import { useApp } from "../../../app/context.ts";
import { useDescription } from "../../../app/hooks/use-mesh.ts";
import { Button } from "../../../ui/button.tsx";
import { cx } from "../../../ui/cx.ts";
import { EmptyState } from "../../../ui/empty-state.tsx";
import { formatAt, formatBytes, formatDuration, type MeshClock } from "../../../ui/format.ts";
import { cleanText } from "../../../ui/text.ts";
import { VirtualList } from "../../../ui/virtual-list.tsx";
import { useMessages, useMessagesStore } from "../context.ts";
import { type Message, readRow } from "../data/read-message.ts";
import type { WindowRows } from "../data/use-selected-rows.ts";
import { NO_FILTER } from "../model/filter.ts";

const ROW_HEIGHT = 26;

/** The messages of the window as lines of text: the diagram for those who cannot see it. */
export function MessageTable({ found }: { readonly found: WindowRows }): ReactNode {
  const { t } = useTranslation("messages");
  const app = useApp();
  const store = useMessagesStore();
  const feed = useMessages((state) => state.feed);
  const following = useMessages((state) => state.following);
  const chosen = useMessages((state) => state.chosen);
  const clock = useDescription()?.clock ?? "virtual";
  const { rows } = found;
  const choose = useCallback(
    (event: Event) => {
      if (!(event.target instanceof Element)) return;
      const serial = event.target.closest<HTMLElement>("[data-serial]")?.dataset["serial"];
      if (serial === undefined) return;
      app.prefs.getState().change({ inspectorOpen: true });
      store.getState().change({ chosen: { kind: "message", serial: Number(serial) } });
    },
    [app, store],
  );
  if (feed === undefined) return null;
  if (rows.length === 0) return <NoRows filtered={found.total > 0} />;
  const { messages } = feed;
  const revealed = chosen?.kind === "message" ? rows.indexOf(messages.rowOf(chosen.serial)) : -1;
  return (
    <div className="message-table">
      <div className="message-row message-row--head" aria-hidden>
        <span className="message-row__time">{t("column.sent")}</span>
        <span className="message-row__kind">{t("column.kind")}</span>
        <span className="message-row__way">{t("column.way")}</span>
        <span className="message-row__took">{t("column.took")}</span>
        <span className="message-row__bytes">{t("column.bytes")}</span>
        <span className="message-row__outcome">{t("column.outcome")}</span>
      </div>
      <VirtualList
        label={t("table")}
        count={rows.length}
        rowHeight={ROW_HEIGHT}
        keyOf={(index) => messages.columns.serial[rows[index] ?? 0] ?? index}
        following={following && chosen === undefined}
        reveal={revealed < 0 ? undefined : revealed}
        onFollow={(on) =>
          store.getState().change(on ? { following: on, chosen: undefined } : { following: on })
        }
        resumeLabel={t("resume")}
        onClick={choose}
        renderRow={(index) => {
          const row = rows[index];
          if (row === undefined || row >= messages.count) return null;
          const message = readRow(messages, row);
          const selected = chosen?.kind === "message" && chosen.serial === message.serial;
          return (
            <MessageRow
              {...message}
              clock={clock}
              selected={selected}
              outcomeWords={t(`outcome.${message.outcome}`)}
            />
          );
        }}
      />
    </div>
  );
}

interface MessageRowProps extends Message {
  readonly clock: MeshClock;
  readonly selected: boolean;
  readonly outcomeWords: string;
}

const MessageRow = memo(function MessageRow(props: MessageRowProps): ReactNode {
  const { serial, kind, from, to, sentAt, arrivedAt, bytes, outcome, clock, selected } = props;
  const failed = outcome !== "delivered" && outcome !== "in-flight";
  return (
    <button
      type="button"
      className={cx("message-row", selected && "message-row--chosen")}
      data-serial={serial}
      aria-pressed={selected}
    >
      <span className="message-row__time mono">{formatAt(sentAt, clock)}</span>
      <span className="message-row__kind mono truncate">{cleanText(kind, 64)}</span>
      <span className="message-row__way truncate">
        {cleanText(from, 64)} → {cleanText(to, 64)}
      </span>
      <span className="message-row__took">
        {arrivedAt === undefined ? "—" : formatDuration(arrivedAt - sentAt)}
      </span>
      <span className="message-row__bytes">{formatBytes(bytes)}</span>
      <span className={cx("message-row__outcome", failed && "message-row__outcome--failed")}>
        {props.outcomeWords}
      </span>
    </button>
  );
});

function NoRows({ filtered }: { readonly filtered: boolean }): ReactNode {
  const { t } = useTranslation("messages");
  const store = useMessagesStore();
  const why = filtered ? "filtered" : "none";
  const act = () =>
    store
      .getState()
      .change(filtered ? { filter: NO_FILTER, onlySelected: false } : { following: true });
  return (
    <EmptyState
      icon={<SearchX />}
      title={t(`empty.${why}.title`)}
      action={<Button onClick={act}>{t(`empty.${why}.action`)}</Button>}
    />
  );
}
