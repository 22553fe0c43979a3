import { Database, LockKeyhole } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { MeshView } from "#shared/view/model.ts";
import { useCommandButton } from "../../app/hooks/use-commands.ts";
import { useDescription, useMesh } from "../../app/hooks/use-mesh.ts";
import { useConsole } from "../../app/hooks/use-stores.ts";
import { Badge } from "../../ui/badge.tsx";
import { Banner } from "../../ui/banner.tsx";
import { Button } from "../../ui/button.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { useShownSpace } from "./context.ts";
import { KeyDetail } from "./keys/key-detail.tsx";
import { KeyTable } from "./keys/key-table.tsx";
import "./memory.css";
import { ActionForm } from "./side/action-form.tsx";
import { RequestFates } from "./side/request-fates.tsx";
import { AddNamespace } from "./spaces/add-namespace.tsx";
import { ExchangeTotals } from "./spaces/exchange-totals.tsx";
import { SpaceList } from "./spaces/space-list.tsx";

/** The replicated memory: what each node holds under each key, and what becomes of requests. */
export function MemoryPage(): ReactNode {
  const { t } = useTranslation("memory");
  const space = useShownSpace();
  return (
    <div className="page">
      <header className="page__head">
        <h1 className="page__title">{t("title")}</h1>
        {space?.mode === undefined ? null : (
          <Badge tone="accent">
            {space.name}: {t(`mode.${space.mode}`)}
          </Badge>
        )}
      </header>
      <ReadOnlyNodes />
      <div className="memory">
        <div className="memory__grid">
          <div className="memory__spaces">
            <SpaceList />
            <AddNamespace />
            <ExchangeTotals />
          </div>
          {space === undefined ? (
            <NoMemory />
          ) : (
            <>
              <div className="memory__main">
                <KeyTable space={space} />
                <RequestFates />
              </div>
              <aside className="memory__side" aria-label={t("form.title")}>
                <ActionForm space={space} />
                <KeyDetail space={space} />
              </aside>
            </>
          )}
        </div>
      </div>
    </div>
  );
}

const readOnly = (view: MeshView): string =>
  [...view.nodes.values()]
    .filter(({ process, mode }) => process === "running" && mode === "read-only")
    .map(({ id }) => id)
    .join(", ");

function ReadOnlyNodes(): ReactNode {
  const { t } = useTranslation("memory");
  const nodes = useMesh(readOnly, { pace: "slow" });
  if (nodes === "") return null;
  return (
    <Banner tone="warn" icon={<LockKeyhole aria-hidden />}>
      {t("readOnly", { nodes })}
    </Banner>
  );
}

function NoMemory(): ReactNode {
  const { t } = useTranslation("memory");
  const source = useDescription()?.kind;
  // Whether a mesh may be opened depends on the session.
  useConsole((state) => state.link);
  useConsole((state) => state.role);
  const { disabledReason, onClick } = useCommandButton("mesh.open.memory-5");
  return (
    <div className="memory__none">
      <EmptyState
        icon={<Database />}
        title={t("none.title")}
        text={t(source === "serf" ? "none.engine" : "none.text")}
        action={
          <Button variant="primary" disabledReason={disabledReason} onClick={onClick}>
            {t("none.open")}
          </Button>
        }
      />
    </div>
  );
}
