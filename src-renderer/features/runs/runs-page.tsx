import { Columns2, FilePlay, Library, Save } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useStore } from "zustand";
import { Tabs } from "../../ui/tabs.tsx";
import { CompareTab } from "./compare/compare-tab.tsx";
import { LibraryTab } from "./library/library-tab.tsx";
import { RunButton } from "./run-button.tsx";
import "./runs.css";
import { runsStore, type RunsTab } from "./store.ts";

export function RunsPage(): ReactNode {
  const { t } = useTranslation("runs");
  const tab = useStore(runsStore, (state) => state.tab);
  return (
    <div className="page">
      <header className="page__head">
        <h1 className="page__title grow">{t("title")}</h1>
        <RunButton id="recording.open" icon={<FilePlay />} label={t("openFile")} />
        <RunButton id="run.save" icon={<Save />} label={t("saveThis")} primary />
      </header>
      <div className="runs-page">
        <Tabs
          label={t("tabs")}
          value={tab}
          onChange={(id) => runsStore.setState({ tab: id as RunsTab })}
          items={[
            {
              id: "library",
              label: t("library.title"),
              icon: <Library aria-hidden />,
              content: <LibraryTab />,
            },
            {
              id: "compare",
              label: t("compare.title"),
              icon: <Columns2 aria-hidden />,
              content: <CompareTab />,
            },
          ]}
        />
      </div>
    </div>
  );
}
