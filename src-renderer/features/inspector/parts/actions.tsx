import { MoreHorizontal } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import type { CommandPlace } from "../../../app/commands/command.ts";
import { useApp } from "../../../app/context.ts";
import { PreviewNotes } from "../../../app/hooks/preview-notes.tsx";
import { commandMenu, menuAction } from "../../../app/hooks/use-commands.ts";
import { useMeshVersion } from "../../../app/hooks/use-mesh.ts";
import { Button, IconButton } from "../../../ui/button.tsx";
import { Menu } from "../../../ui/menu.tsx";

export interface ActionsProps {
  readonly place: CommandPlace;
  /** Commands that have a button of their own; the others are in the menu. */
  readonly first: readonly string[];
}

/** What can be done to the selection; pointing at an action tells what would come of it. */
export function Actions({ place, first }: ActionsProps): ReactNode {
  const { t } = useTranslation("inspector");
  const app = useApp();
  const [pointed, setPointed] = useState<string>();
  // Whether an action is possible follows the mesh.
  useMeshVersion();
  const actions = first.flatMap((id) => {
    const command = app.commands.get(id);
    return (command === undefined ? undefined : menuAction(app, command)) ?? [];
  });
  const command = pointed === undefined ? undefined : app.commands.get(pointed)?.preview?.(app);
  const preview = command === undefined ? undefined : app.preview(command);
  const point = (id: string) => ({
    onPointerEnter: () => setPointed(id),
    onPointerLeave: () => setPointed(undefined),
    onFocus: () => setPointed(id),
    onBlur: () => setPointed(undefined),
  });
  return (
    <div className="insp-actions">
      <div className="row row--wrap">
        {actions.map((action) => (
          <Button
            key={action.id}
            size="sm"
            icon={action.icon}
            variant={action.danger === true ? "danger" : "default"}
            disabledReason={action.disabledReason}
            onClick={action.onSelect}
            {...point(action.id)}
          >
            {action.label}
          </Button>
        ))}
        <Menu
          align="end"
          trigger={<IconButton size="sm" label={t("more")} icon={<MoreHorizontal aria-hidden />} />}
          groups={commandMenu(app, place)}
        />
      </div>
      <div className="insp-actions__preview" aria-live="polite">
        {preview === undefined ? (
          <p className="insp-actions__hint">{t("pointHint")}</p>
        ) : (
          <PreviewNotes preview={preview} />
        )}
      </div>
    </div>
  );
}
