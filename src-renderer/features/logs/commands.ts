import { Search } from "lucide-react";
import { type Command, ON } from "../../app/commands/command.ts";

/** The search field, wherever it is mounted. */
function makeFocus(): { request(): void; listen(focus: () => void): () => void } {
  const listeners = new Set<() => void>();
  return {
    request: () => {
      for (const focus of listeners) focus();
    },
    listen(focus) {
      listeners.add(focus);
      return () => {
        listeners.delete(focus);
      };
    },
  };
}

export const focusLogSearch = makeFocus();

export const LOG_COMMANDS: readonly Command[] = [
  {
    id: "logs.search",
    title: "logs:command.search",
    group: "view",
    icon: Search,
    keys: ["Mod+Shift+F"],
    inFields: true,
    when: () => ON,
    run(app) {
      app.prefs.getState().change({ view: "logs" });
      // The page has to be there before its field can be focused.
      requestAnimationFrame(() => focusLogSearch.request());
    },
  },
];
