import { TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { cx } from "../../../ui/cx.ts";
import { formatCompact, formatCount } from "../../../ui/format.ts";
import { cleanText } from "../../../ui/text.ts";
import { useMessages, useMessagesStore } from "../context.ts";
import type { WindowRows } from "../data/use-selected-rows.ts";
import { hueOf } from "../model/hues.ts";

/** The protocols of the messages on the screen: legend and filter at once. */
export function Protocols({ found }: { readonly found: WindowRows }): ReactNode {
  const { t } = useTranslation("messages");
  const store = useMessagesStore();
  const hidden = useMessages((state) => state.filter.hiddenProtocols);
  const crowded = useMessages((state) => state.level === "density");
  const toggle = (protocol: string): void => {
    const { filter, change } = store.getState();
    const hiddenProtocols = new Set(filter.hiddenProtocols);
    if (!hiddenProtocols.delete(protocol)) hiddenProtocols.add(protocol);
    change({ filter: { ...filter, hiddenProtocols } });
  };
  return (
    <div className="protocols">
      <fieldset className="protocols__list" aria-label={t("protocols")}>
        {found.protocols.map(({ protocol, count }) => (
          <button
            key={protocol}
            type="button"
            className={cx("protocol", `protocol--${hueOf(protocol) + 1}`)}
            aria-pressed={!hidden.has(protocol)}
            aria-label={t("protocol", { protocol: cleanText(protocol, 32), count })}
            onClick={() => toggle(protocol)}
          >
            <span className="protocol__line" aria-hidden />
            {cleanText(protocol, 32)}
            <span className="protocol__count">{formatCompact(count)}</span>
          </button>
        ))}
      </fieldset>
      <span className="toolbar__spacer" />
      {found.skipped === 0 ? null : (
        <span className="protocols__skipped">
          <TriangleAlert aria-hidden />
          {t(found.readable ? "skipped.many" : "skipped.gone", {
            count: found.skipped,
            skipped: formatCount(found.skipped),
          })}
        </span>
      )}
      <span className="muted">
        {t("count", {
          count: found.total,
          shown: formatCount(found.rows.length),
          total: formatCount(found.total),
        })}
        {crowded ? t("density") : null}
      </span>
    </div>
  );
}
