import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useApp } from "../../app/context.ts";
import { describeEvent } from "../../app/hooks/event-words.ts";
import { useDescription, useMeshStore, useMeshVersion } from "../../app/hooks/use-mesh.ts";
import { formatAt } from "../../ui/format.ts";
import { Panel } from "../../ui/panel.tsx";
import { cleanText } from "../../ui/text.ts";
import { concerns, lastWhere } from "./model/recent.ts";

const EVENTS_SHOWN = 8;
const LINES_SHOWN = 6;

/** The last words about a node; a click goes to their moment. */
export function NodeRecent({ id }: { readonly id: string }): ReactNode {
  const { t } = useTranslation("inspector");
  const app = useApp();
  const view = useMeshStore()?.view;
  useMeshVersion();
  if (view === undefined) return null;
  const events = lastWhere(view.timeline.entries, EVENTS_SHOWN, (event) => concerns(event, id));
  const lines = lastWhere(view.logs.lines, LINES_SHOWN, (line) => line.node === id);
  return (
    <>
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
      <Panel flat title={t("recent.logs")}>
        <Moments
          none={t("recent.noLogs")}
          rows={lines.map(({ seq, at, text }) => ({ seq, at, text: cleanText(text, 240) }))}
        />
      </Panel>
    </>
  );
}

interface Moment {
  readonly seq: number;
  readonly at: number;
  readonly text: string;
}

interface MomentsProps {
  readonly rows: readonly Moment[];
  readonly none: string;
}

export function Moments({ rows, none }: MomentsProps): ReactNode {
  const { t } = useTranslation("inspector");
  const app = useApp();
  const clock = useDescription()?.clock ?? "virtual";
  if (rows.length === 0) return <p className="insp-note">{none}</p>;
  return (
    <ul className="moments">
      {rows.map(({ seq, at, text }) => (
        <li key={seq}>
          <button
            type="button"
            className="moment"
            title={t("lookThere")}
            onClick={() => void app.lookAt(at)}
          >
            <time className="moment__time">{formatAt(at, clock)}</time>
            <span>{text}</span>
          </button>
        </li>
      ))}
    </ul>
  );
}
