import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { EventList } from "./event-list.tsx";

/** The list as a page of its own; in the dock it has the tab for a heading. */
export function EventsPage(): ReactNode {
  const { t } = useTranslation("events");
  return (
    <>
      <h1 className="visually-hidden">{t("title")}</h1>
      <EventList />
    </>
  );
}
