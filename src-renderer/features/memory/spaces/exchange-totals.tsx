import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { MeshView } from "#shared/view/model.ts";
import type { ExchangeTotals as Totals } from "#shared/view/state-model.ts";
import { useDescription, useMesh } from "../../../app/hooks/use-mesh.ts";
import { formatAt, formatBytes, formatCompact, orUnknown } from "../../../ui/format.ts";
import { Facts } from "../../../ui/panel.tsx";

const totals = (view: MeshView): Totals => view.memory.exchanges;
const dropped = (view: MeshView): number => view.memory.dropped;

/** What it cost so far to find out who lacks what. */
export function ExchangeTotals(): ReactNode {
  const { t } = useTranslation("memory");
  const clock = useDescription()?.clock ?? "virtual";
  const { count, differing, hashes, bytes, lastAt } = useMesh(totals, { pace: "slow" });
  const forgotten = useMesh(dropped, { pace: "slow" });
  return (
    <section aria-label={t("exchange.title")}>
      <h2 className="memory__heading">{t("exchange.title")}</h2>
      <p className="memory__note">{t("exchange.about")}</p>
      <Facts
        items={[
          { label: t("exchange.count"), value: formatCompact(count) },
          { label: t("exchange.differing"), value: formatCompact(differing) },
          { label: t("exchange.hashes"), value: formatCompact(hashes) },
          { label: t("exchange.bytes"), value: formatBytes(bytes) },
          { label: t("exchange.last"), value: orUnknown(lastAt, (at) => formatAt(at, clock)) },
        ]}
      />
      {forgotten === 0 ? null : (
        <p className="memory__note">{t("exchange.dropped", { count: forgotten })}</p>
      )}
    </section>
  );
}
