import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "../../ui/dialog.tsx";
import { Kbd } from "../../ui/kbd.tsx";
import { COMMAND_GROUPS } from "../commands/command.ts";
import { useApp } from "../context.ts";
import { useUi } from "../hooks/use-stores.ts";

export function ShortcutSheet(): ReactNode {
  const app = useApp();
  const { t } = useTranslation("app");
  const open = useUi((state) => state.shortcuts);
  if (!open) return null;
  const groups = COMMAND_GROUPS.map((group) => ({
    group,
    commands: app.commands.all.filter(
      (command) => command.group === group && app.commands.keysOf(command).length > 0,
    ),
  })).filter(({ commands }) => commands.length > 0);
  return (
    <Dialog
      title={t("command.shortcuts")}
      closeLabel={t("close")}
      size="lg"
      onClose={() => app.ui.setState({ shortcuts: false })}
    >
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so it takes keys. */}
      <div className="sheet" role="group" aria-label={t("command.shortcuts")} tabIndex={0}>
        {groups.map(({ group, commands }) => (
          <section key={group} className="sheet__group">
            <h3 className="sheet__title">{t(`group.${group}`)}</h3>
            {commands.map((command) => (
              <div key={command.id} className="sheet__row">
                <span>{app.t(command.title)}</span>
                <span className="sheet__keys">
                  {app.commands.keysOf(command).map((chord) => (
                    <Kbd key={chord} chord={chord} />
                  ))}
                </span>
              </div>
            ))}
          </section>
        ))}
      </div>
    </Dialog>
  );
}
