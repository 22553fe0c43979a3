import { BookLock, RotateCcw } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { AuditEntry } from "#shared/contract/protocol.ts";
import { useApp } from "../../app/context.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { downloadText } from "../../ui/download.ts";
import { Panel } from "../../ui/panel.tsx";
import { type Column, Table } from "../../ui/table.tsx";
import { cleanText } from "../../ui/text.ts";

const PAGE = 100;

/** Who did what, as the host wrote it down before it answered. Fetched when asked for. */
export function AuditLog(): ReactNode {
  const app = useApp();
  const { t } = useTranslation("settings");
  const [entries, setEntries] = useState<readonly AuditEntry[]>();
  const [error, setError] = useState<string>();
  const load = async () => {
    try {
      setEntries(await app.host.request("audit.list", { limit: PAGE }));
      setError(undefined);
    } catch (problem) {
      setError(problem instanceof Error ? cleanText(problem.message, 300) : String(problem));
    }
  };
  return (
    <Panel
      title={t("audit.title")}
      icon={<BookLock aria-hidden />}
      actions={
        <>
          {entries === undefined ? null : (
            <Button
              size="sm"
              variant="quiet"
              onClick={() =>
                downloadText("audit.json", JSON.stringify(entries, null, 2), "application/json")
              }
            >
              {t("audit.export")}
            </Button>
          )}
          <Button size="sm" icon={<RotateCcw />} onClick={() => void load()}>
            {t(entries === undefined ? "audit.show" : "audit.reload")}
          </Button>
        </>
      }
    >
      {error === undefined ? null : <p role="alert">{error}</p>}
      {entries === undefined ? (
        <p className="muted">{t("audit.about")}</p>
      ) : entries.length === 0 ? (
        <p className="muted">{t("audit.empty")}</p>
      ) : (
        <div className="audit">
          <AuditTable entries={entries} />
        </div>
      )}
    </Panel>
  );
}

const TONES = { done: "healthy", refused: "suspect", failed: "failed" } as const;

function columnsOf(t: (key: string) => string): readonly Column<AuditEntry>[] {
  return [
    {
      id: "time",
      label: t("audit.time"),
      cell: (entry) => new Date(entry.timeMs).toLocaleString(),
    },
    { id: "actor", label: t("audit.actor"), cell: (entry) => cleanText(entry.actor, 40) },
    { id: "mesh", label: t("audit.mesh"), cell: (entry) => entry.mesh },
    { id: "what", label: t("audit.what"), cell: (entry) => cleanText(entry.summary, 120) },
    {
      id: "outcome",
      label: t("audit.outcome"),
      cell: (entry) => (
        <Badge tone={TONES[entry.outcome]} title={entry.error?.message}>
          {t(`audit.${entry.outcome}`)}
        </Badge>
      ),
    },
    { id: "reason", label: t("audit.reason"), cell: (entry) => cleanText(entry.reason ?? "", 120) },
  ];
}

function AuditTable({ entries }: { readonly entries: readonly AuditEntry[] }): ReactNode {
  const { t } = useTranslation("settings");
  return (
    <Table
      label={t("audit.title")}
      columns={columnsOf(t)}
      rows={entries}
      rowKey={(entry) => String(entry.id)}
    />
  );
}
