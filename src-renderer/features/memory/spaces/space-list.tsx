import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useMeshVersion } from "../../../app/hooks/use-mesh.ts";
import { cx } from "../../../ui/cx.ts";
import { useMemoryStore, useShownSpace, useSpaces } from "../context.ts";

/** The namespaces with what each promises, and at which price. */
export function SpaceList(): ReactNode {
  const { t } = useTranslation("memory");
  const spaces = useSpaces();
  const shown = useShownSpace();
  const store = useMemoryStore();
  // Keys come in without the namespace being replaced.
  useMeshVersion("slow");
  return (
    <section aria-label={t("spaces.title")}>
      <h2 className="memory__heading">{t("spaces.title")}</h2>
      {spaces.length === 0 ? <p className="muted">{t("spaces.none")}</p> : null}
      <ul className="spaces">
        {spaces.map(({ name, mode, keys }) => (
          <li key={name}>
            <button
              type="button"
              className={cx("space", name === shown?.name && "space--shown")}
              aria-current={name === shown?.name || undefined}
              onClick={() => store.getState().change({ namespace: name })}
            >
              <span className="space__head">
                <strong className="truncate">{name}</strong>
                <span className="space__count">{t("spaces.keys", { count: keys.size })}</span>
              </span>
              {mode === undefined ? null : <span className="space__mode">{t(`mode.${mode}`)}</span>}
              <span className="space__price">
                {mode === undefined ? t("mode.unknown") : t(`price.${mode}`)}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
