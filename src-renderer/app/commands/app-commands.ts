import {
  Contrast,
  Gauge,
  Keyboard,
  Languages,
  OctagonX,
  PanelBottom,
  PanelRight,
  Search,
  Undo2,
} from "lucide-react";
import { isEmptySelection } from "../../state/selection.ts";
import type { Feature } from "../feature.ts";
import { type Command, HIDDEN, OFF_NO_MESH, ON, off } from "./command.ts";

const APP_COMMANDS: readonly Command[] = [
  {
    id: "app.palette",
    title: "app:command.palette",
    group: "app",
    icon: Search,
    keys: ["Mod+K", "Mod+Shift+P"],
    inFields: true,
    when: () => ON,
    run: (app) => app.ui.setState((state) => ({ palette: !state.palette, shortcuts: false })),
  },
  {
    id: "app.shortcuts",
    title: "app:command.shortcuts",
    group: "app",
    icon: Keyboard,
    keys: ["?"],
    when: () => ON,
    run: (app) => app.ui.setState((state) => ({ shortcuts: !state.shortcuts, palette: false })),
  },
  {
    id: "app.settings",
    title: "app:command.settings",
    group: "app",
    keys: ["Mod+,"],
    when: () => ON,
    run: (app) => app.prefs.getState().change({ view: "settings" }),
  },
  {
    id: "app.theme",
    title: "app:command.theme",
    group: "app",
    icon: Contrast,
    when: () => ON,
    run(app) {
      const dark = document.documentElement.dataset["theme"] === "dark";
      app.prefs.getState().change({ theme: dark ? "light" : "dark" });
    },
  },
  {
    id: "app.language",
    title: "app:command.language",
    group: "app",
    icon: Languages,
    when: () => ON,
    run(app) {
      const english = document.documentElement.lang === "en";
      app.prefs.getState().change({ language: english ? "zh" : "en" });
    },
  },
  {
    id: "app.fps",
    title: "app:command.fps",
    group: "app",
    icon: Gauge,
    when: () => ON,
    run: (app) => app.prefs.getState().change({ showFps: !app.prefs.getState().showFps }),
  },
  {
    id: "app.undo",
    title: "app:command.undo",
    group: "mesh",
    icon: Undo2,
    keys: ["Mod+Z"],
    when(app) {
      const { mesh } = app.console.getState();
      const last = app.ui.getState().undo.at(-1);
      return mesh !== undefined && last?.mesh === mesh.id ? ON : off("app:undo.nothing");
    },
    async run(app) {
      const last = app.ui.getState().undo.at(-1);
      if (last === undefined) return;
      app.ui.setState((state) => ({ undo: state.undo.slice(0, -1) }));
      await app.perform(last.command, { isUndo: true });
    },
  },
  {
    id: "view.inspector",
    title: "app:command.inspector",
    group: "view",
    icon: PanelRight,
    keys: ["Mod+I"],
    when: () => ON,
    run: (app) =>
      app.prefs.getState().change({ inspectorOpen: !app.prefs.getState().inspectorOpen }),
  },
  {
    id: "view.dock",
    title: "app:command.dock",
    group: "view",
    icon: PanelBottom,
    keys: ["Mod+J"],
    when: () => ON,
    run: (app) => app.prefs.getState().change({ dockOpen: !app.prefs.getState().dockOpen }),
  },
  {
    id: "app.escape",
    title: "app:command.escape",
    group: "view",
    keys: ["Escape"],
    // Dialogs and menus close themselves; what is left to close is the selection, then the past.
    when: (app) =>
      isEmptySelection(app.selection.getState()) && app.console.getState().mesh?.past === undefined
        ? HIDDEN
        : ON,
    run(app) {
      if (isEmptySelection(app.selection.getState())) app.returnToNow();
      else app.selection.getState().clear();
    },
  },
  {
    id: "network.stopAll",
    title: "app:command.stopAllFaults",
    group: "network",
    icon: OctagonX,
    keys: ["Mod+Shift+H"],
    when(app) {
      const { mesh } = app.console.getState();
      if (mesh === undefined) return OFF_NO_MESH;
      if (mesh.live.faults.size === 0) return off("app:faults.none");
      const refusal = app.refusal("fault.clearAll");
      return refusal === undefined ? ON : off(refusal);
    },
    preview: () => ({ type: "fault.clearAll" }),
    async run(app) {
      await app.perform({ type: "fault.clearAll" });
    },
  },
];

/** The frame's own commands, and one for each page that leads there. */
export function frameCommands(features: readonly Feature[]): readonly Command[] {
  const pages = features.flatMap(({ id, view }): readonly Command[] =>
    view === undefined
      ? []
      : [
          {
            id: `view.${id}`,
            title: view.title,
            group: "view",
            icon: view.icon,
            ...(view.keys === undefined ? {} : { keys: view.keys }),
            when: () => ON,
            run: (app) => app.prefs.getState().change({ view: id }),
          },
        ],
  );
  return [...pages, ...APP_COMMANDS];
}
