import { Columns2, GitFork } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useApp } from "../../app/context.ts";
import { useDescription } from "../../app/hooks/use-mesh.ts";
import { useConsole } from "../../app/hooks/use-stores.ts";
import { Button } from "../../ui/button.tsx";
import { formatAt } from "../../ui/format.ts";
import { cleanText } from "../../ui/text.ts";
import { compareMeshes } from "./actions.ts";
import "./runs.css";

/** Where the shown mesh comes from, if it is a fork. */
export function ForkOrigin(): ReactNode {
  const app = useApp();
  const { t } = useTranslation("runs");
  const description = useDescription();
  const from = description?.forkedFrom;
  const origin = useConsole((state) =>
    state.listings?.find((each) => each.description.id === from?.mesh),
  );
  if (description === undefined || from === undefined) return null;
  const name = cleanText(origin?.description.name ?? from.mesh, 60);
  const at = formatAt(from.at, description.clock);
  return (
    <section className="fork-origin" aria-label={t("origin.label")}>
      <GitFork aria-hidden />
      <p className="grow">
        {t("origin.text", { name, at })}
        {origin === undefined ? <span className="muted"> {t("origin.closed")}</span> : null}
      </p>
      {origin === undefined ? null : (
        <Button
          size="sm"
          icon={<Columns2 aria-hidden />}
          onClick={() => compareMeshes(app, from.mesh, description.id)}
        >
          {t("fork.compare")}
        </Button>
      )}
    </section>
  );
}
