import { DatabaseZap, Eraser, FolderPlus, Search } from "lucide-react";
import type { CommandType } from "#shared/contract/commands.ts";
import { type Command, off, OFF_NO_MESH, ON } from "../../app/commands/command.ts";
import type { AppServices } from "../../app/services.ts";
import type { MemoryAction } from "./model/draft.ts";
import type { MemoryStore } from "./store.ts";

const ICONS = { write: DatabaseZap, read: Search, delete: Eraser } as const;

/** Each opens the page with the keyboard in the part that does it. */
export function memoryCommands(store: MemoryStore): readonly Command[] {
  return [
    {
      id: "memory.namespace",
      title: "memory:command.namespace",
      group: "mesh",
      icon: FolderPlus,
      when: (app) => offered(app, "memory.namespace"),
      run(app) {
        show(app);
        store.getState().ask("namespace");
      },
    },
    ...(["write", "read", "delete"] as const).map((action) => actionCommand(store, action)),
  ];
}

function actionCommand(store: MemoryStore, action: MemoryAction): Command {
  return {
    id: `memory.${action}`,
    title: `memory:command.${action}`,
    group: "mesh",
    icon: ICONS[action],
    when: (app) => offered(app, `memory.${action}`),
    run(app) {
      show(app);
      store.getState().ask("form", action);
    },
  };
}

function show(app: AppServices): void {
  app.prefs.getState().change({ view: "memory" });
}

function offered(app: AppServices, type: CommandType): ReturnType<Command["when"]> {
  if (app.console.getState().mesh === undefined) return OFF_NO_MESH;
  const refusal = app.refusal(type);
  return refusal === undefined ? ON : off(refusal);
}
