import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { LogView } from "./log-view.tsx";

/** The list as a page of its own; in the dock it has the tab for a heading. */
export function LogsPage(): ReactNode {
  const { t } = useTranslation("logs");
  return (
    <>
      <h1 className="visually-hidden">{t("title")}</h1>
      <LogView />
    </>
  );
}
