import { PanelBottom, PanelRight, Search } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "../../ui/button.tsx";
import { Kbd } from "../../ui/kbd.tsx";
import { useApp } from "../context.ts";
import { useCommandButton } from "../hooks/use-commands.ts";
import { usePrefs } from "../hooks/use-stores.ts";
import { MeshSwitcher } from "./mesh-switcher.tsx";
import "./top-bar.css";

export function TopBar(): ReactNode {
  const app = useApp();
  const { t } = useTranslation("app");
  const palette = useCommandButton("app.palette");
  return (
    <header className="top-bar">
      <MeshSwitcher />
      <button type="button" className="top-bar__search" onClick={palette.onClick}>
        <Search aria-hidden />
        <span className="grow">{t("palette.prompt")}</span>
        {palette.keys === undefined ? null : <Kbd chord={palette.keys} />}
      </button>
      <div className="top-bar__end">
        <PanelToggle commandId="view.dock" icon={<PanelBottom />} pref="dockOpen" />
        <PanelToggle commandId="view.inspector" icon={<PanelRight />} pref="inspectorOpen" />
        <IconButton
          label={app.t("app:command.shortcuts")}
          icon={<span className="top-bar__question">?</span>}
          onClick={() => app.run("app.shortcuts")}
        />
      </div>
    </header>
  );
}

interface PanelToggleProps {
  readonly commandId: string;
  readonly icon: ReactNode;
  readonly pref: "dockOpen" | "inspectorOpen";
}

function PanelToggle({ commandId, icon, pref }: PanelToggleProps): ReactNode {
  const open = usePrefs((prefs) => prefs[pref]);
  const { label, keys, onClick } = useCommandButton(commandId);
  return <IconButton label={label} keys={keys} icon={icon} pressed={open} onClick={onClick} />;
}
