import { Download, FileText } from "lucide-react";
import { type Command, HIDDEN, ON } from "../../app/commands/command.ts";
import { exportLog, exportPng } from "./export.ts";
import type { MessagesStore } from "./store.ts";

export function messageCommands(store: MessagesStore): readonly Command[] {
  return [
    {
      id: "messages.exportLog",
      title: "messages:command.log",
      group: "view",
      icon: FileText,
      when: () => (store.getState().feed === undefined ? HIDDEN : ON),
      run: (app) => exportLog(app, store),
    },
    {
      id: "messages.exportPng",
      title: "messages:command.png",
      group: "view",
      icon: Download,
      when: () => (store.getState().controls === undefined ? HIDDEN : ON),
      run: (app) => exportPng(app, store),
    },
  ];
}
