import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { InvariantList } from "./invariant-list.tsx";

/** The list as a page of its own; in the dock it has the tab for a heading. */
export function InvariantsPage(): ReactNode {
  const { t } = useTranslation("invariants");
  return (
    <div className="page">
      <header className="page__head">
        <h1 className="page__title">{t("title")}</h1>
        <p className="muted">{t("about")}</p>
      </header>
      <InvariantList />
    </div>
  );
}
