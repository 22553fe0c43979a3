import { Command as Cmdk } from "cmdk";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { healthOf } from "#shared/view/health.ts";
import { StatusDot } from "../../ui/status-dot.tsx";
import { Kbd } from "../../ui/kbd.tsx";
import { cleanText } from "../../ui/text.ts";
import { COMMAND_GROUPS, type Command } from "../commands/command.ts";
import { useApp } from "../context.ts";
import { menuAction } from "../hooks/use-commands.ts";
import { useConsole, useUi } from "../hooks/use-stores.ts";
import "./palette.css";

/** More nodes than this are found by typing more of the name. */
const MAX_NODES = 20;

export function Palette(): ReactNode {
  const open = useUi((state) => state.palette);
  return open ? <OpenPalette /> : null;
}

function OpenPalette(): ReactNode {
  const { ui } = useApp();
  const { t } = useTranslation("app");
  const [text, setText] = useState("");
  const dialog = useRef<HTMLDialogElement>(null);
  const close = () => ui.setState({ palette: false });
  useEffect(() => {
    const element = dialog.current;
    const onClick = (event: MouseEvent) => {
      if (event.target === element) ui.setState({ palette: false });
    };
    element?.showModal();
    // The dialog itself would focus the list's root, which takes no typing.
    element?.querySelector("input")?.focus();
    element?.addEventListener("click", onClick);
    const letGo = element === null ? undefined : tellChosen(element);
    return () => {
      letGo?.();
      element?.removeEventListener("click", onClick);
      element?.close();
    };
  }, [ui]);
  return (
    <dialog
      ref={dialog}
      className="palette"
      aria-label={t("palette.label")}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
      onKeyDown={(event) => {
        if (!(event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey))) {
          event.stopPropagation();
        }
      }}
    >
      <Cmdk label={t("palette.label")} loop>
        <Cmdk.Input
          className="palette__input"
          autoFocus
          placeholder={t("palette.prompt")}
          value={text}
          onValueChange={setText}
        />
        <Cmdk.List className="palette__list" label={t("palette.results")}>
          <Cmdk.Empty className="palette__empty">{t("palette.empty")}</Cmdk.Empty>
          <Commands close={close} />
          <Meshes close={close} />
          <Nodes text={text} close={close} />
        </Cmdk.List>
      </Cmdk>
    </dialog>
  );
}

/**
 * Keeps what screen readers are told to be the chosen option true: after typing, cmdk still names
 * the one chosen before, which the search has taken away. Returns what ends it.
 */
function tellChosen(dialog: HTMLElement): () => void {
  const tell = () => {
    const id = dialog.querySelector("[role=option][aria-selected=true]")?.id;
    for (const element of dialog.querySelectorAll(".palette__input, .palette__list")) {
      if (id === undefined) element.removeAttribute("aria-activedescendant");
      else if (element.getAttribute("aria-activedescendant") !== id) {
        element.setAttribute("aria-activedescendant", id);
      }
    }
  };
  const observer = new MutationObserver(tell);
  const attributeFilter = ["aria-selected", "aria-activedescendant"];
  observer.observe(dialog, { subtree: true, childList: true, attributes: true, attributeFilter });
  return () => observer.disconnect();
}

interface PartProps {
  readonly close: () => void;
}

function Commands({ close }: PartProps): ReactNode {
  const app = useApp();
  const { t } = useTranslation("app");
  return COMMAND_GROUPS.map((group) => {
    const commands = app.commands.all.filter(
      (command) => command.group === group && command.when(app).state !== "hidden",
    );
    if (commands.length === 0) return null;
    return (
      <Cmdk.Group key={group} heading={t(`group.${group}`)}>
        {commands.map((command) => (
          <CommandItem key={command.id} command={command} close={close} />
        ))}
      </Cmdk.Group>
    );
  });
}

function CommandItem({ command, close }: PartProps & { readonly command: Command }): ReactNode {
  const app = useApp();
  const action = menuAction(app, command);
  if (action === undefined) return null;
  return (
    <Cmdk.Item
      className="palette__item"
      value={command.id}
      keywords={[action.label]}
      disabled={action.disabledReason !== undefined}
      onSelect={() => {
        close();
        action.onSelect();
      }}
    >
      <span className="palette__icon">{action.icon}</span>
      <span className="grow">
        {action.label}
        {action.disabledReason === undefined ? null : (
          <span className="palette__reason">{action.disabledReason}</span>
        )}
      </span>
      {action.keys === undefined ? null : <Kbd chord={action.keys} />}
    </Cmdk.Item>
  );
}

function Meshes({ close }: PartProps): ReactNode {
  const app = useApp();
  const { t } = useTranslation("app");
  const active = useConsole((state) => state.active);
  const others = (useConsole((state) => state.listings) ?? []).filter(
    ({ description }) => description.id !== active,
  );
  if (others.length === 0) return null;
  return (
    <Cmdk.Group heading={t("switcher.meshes")}>
      {others.map(({ description: { id, name } }) => (
        <Cmdk.Item
          key={id}
          className="palette__item"
          value={`mesh:${id}`}
          keywords={[name]}
          onSelect={() => {
            close();
            app.switchMesh(id);
          }}
        >
          <span className="palette__icon" />
          {t("palette.switchTo", { name: cleanText(name, 60) })}
        </Cmdk.Item>
      ))}
    </Cmdk.Group>
  );
}

function Nodes({ text, close }: PartProps & { readonly text: string }): ReactNode {
  const app = useApp();
  const { t } = useTranslation("app");
  const wanted = text.trim().toLowerCase();
  const view = app.console.getState().mesh?.view;
  if (view === undefined || wanted === "") return null;
  const found = [...view.nodes.values()]
    .filter((node) => node.id.toLowerCase().includes(wanted))
    .slice(0, MAX_NODES);
  if (found.length === 0) return null;
  return (
    <Cmdk.Group heading={t("group.node")}>
      {found.map((node) => (
        <Cmdk.Item
          key={node.id}
          className="palette__item"
          value={`node:${node.id}`}
          onSelect={() => {
            close();
            app.selection.getState().selectNode(node.id);
          }}
        >
          <span className="palette__icon">
            <StatusDot status={healthOf(node)} size="sm" />
          </span>
          {t("palette.node", { id: node.id })}
        </Cmdk.Item>
      ))}
    </Cmdk.Group>
  );
}
