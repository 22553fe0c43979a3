import { History, Lock, PlugZap, WifiOff } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { MeshView } from "#shared/view/model.ts";
import { Banner } from "../../ui/banner.tsx";
import { Button } from "../../ui/button.tsx";
import { formatAt } from "../../ui/format.ts";
import { useApp } from "../context.ts";
import { useConnectionWords } from "../hooks/use-connection-words.ts";
import { useDescription, useMesh, useMeshStatus, usePastAt } from "../hooks/use-mesh.ts";
import { useConsole } from "../hooks/use-stores.ts";

/** What must not be overlooked about the data on the screen. */
export function Banners(): ReactNode {
  return (
    <div className="app__banners">
      <ConnectionBanner />
      <PastBanner />
      <ReadOnlyMeshBanner />
    </div>
  );
}

function ConnectionBanner(): ReactNode {
  const { t } = useTranslation("app");
  const app = useApp();
  const link = useConsole((state) => state.link);
  const mesh = useMeshStatus()?.connection;
  const { words, age, stale } = useConnectionWords();
  if (!stale || link.state === "token-needed") return null;
  const stopped = link.state === "stopped" || mesh?.state === "stopped";
  const reason =
    link.state === "reconnecting" || link.state === "stopped"
      ? link.reason
      : mesh?.state === "reconnecting" || mesh?.state === "stopped"
        ? mesh.reason
        : "";
  return (
    <Banner
      tone={stopped ? "danger" : "warn"}
      icon={stopped ? <PlugZap /> : <WifiOff />}
      actions={
        link.state === "reconnecting" ? (
          <Button size="sm" onClick={() => app.reconnectNow()}>
            {t("connection.tryNow")}
          </Button>
        ) : undefined
      }
    >
      <strong>{words}</strong>
      {reason === "" ? null : <> · {reason}</>}
      {age === undefined ? null : <> · {age}</>}
    </Banner>
  );
}

function PastBanner(): ReactNode {
  const { t } = useTranslation("app");
  const app = useApp();
  const past = usePastAt();
  const clock = useDescription()?.clock ?? "virtual";
  if (past === undefined) return null;
  return (
    <Banner
      tone="past"
      icon={<History />}
      actions={
        <Button size="sm" variant="primary" onClick={() => app.run("time.now")}>
          {t("time.returnToNow")}
        </Button>
      }
    >
      {t("banner.past", { at: formatAt(past, clock) })}
    </Banner>
  );
}

const readOnlyNodes = (view: MeshView): number => view.counts.readOnly;

function ReadOnlyMeshBanner(): ReactNode {
  const { t } = useTranslation("app");
  const count = useMesh(readOnlyNodes, { pace: "slow" });
  if (count === 0) return null;
  return (
    <Banner tone="warn" icon={<Lock />}>
      {t("banner.readOnlyNodes", { count })}
    </Banner>
  );
}
