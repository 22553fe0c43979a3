import { useTranslation } from "react-i18next";
import { createElement } from "react";
import type { MenuAction, MenuGroup } from "../../ui/menu.tsx";
import { COMMAND_GROUPS, type Command, type CommandPlace } from "../commands/command.ts";
import { type App, useApp } from "../context.ts";

/** A command as a menu shows it right now; undefined where it has no business. */
export function menuAction(app: App, command: Command): MenuAction | undefined {
  const available = command.when(app);
  if (available.state === "hidden") return undefined;
  return {
    id: command.id,
    label: app.t(command.title),
    icon: command.icon === undefined ? undefined : createElement(command.icon),
    keys: app.commands.keysOf(command)[0],
    danger: command.danger,
    disabledReason:
      available.state === "off" ? app.t(available.reason, available.params) : undefined,
    onSelect: () => app.run(command.id),
  };
}

/** The commands of a place, grouped; call it when the menu opens, since they follow the selection. */
export function commandMenu(app: App, place: CommandPlace): readonly MenuGroup[] {
  return COMMAND_GROUPS.map((group) => ({
    id: group,
    items: app.commands.all
      .filter((command) => command.group === group && command.places?.includes(place) === true)
      .map((command) => menuAction(app, command))
      .filter((action) => action !== undefined),
  })).filter((group) => group.items.length > 0);
}

export interface CommandButtonState {
  readonly label: string;
  readonly keys: string | undefined;
  readonly disabledReason: string | undefined;
  readonly onClick: () => void;
}

/** Props of a button that runs a command; recomputed on every render of its owner. */
export function useCommandButton(id: string): CommandButtonState {
  const app = useApp();
  useTranslation();
  const command = app.commands.get(id);
  if (command === undefined) throw new Error(`no command is called ${id}`);
  const available = command.when(app);
  const disabledReason =
    available.state === "off"
      ? app.t(available.reason, available.params)
      : available.state === "hidden"
        ? ""
        : undefined;
  return {
    label: app.t(command.title),
    keys: app.commands.keysOf(command)[0],
    disabledReason,
    onClick: () => app.run(id),
  };
}
