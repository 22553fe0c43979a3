import type { i18n } from "i18next";
import type { HostClient } from "../client/host-client.ts";
import type { ConsoleStore } from "../state/console.ts";
import type { PrefsStore } from "../state/prefs.ts";
import { createSelection } from "../state/selection.ts";
import { createToasts } from "../state/toasts.ts";
import type { Command } from "./commands/command.ts";
import { createRegistry } from "./commands/registry.ts";
import { syncSettings } from "./host-settings.ts";
import { errorText } from "./hooks/error-text.ts";
import { perform, previewOf, refusalOf } from "./perform.ts";
import type { App } from "./context.ts";
import type { AppServices } from "./services.ts";
import { createTimeTravel } from "./time-travel.ts";
import { createUi } from "./ui-store.ts";

export interface AppParts {
  readonly host: HostClient;
  readonly console: ConsoleStore;
  readonly prefs: PrefsStore;
  readonly messages: i18n;
  readonly commands: readonly Command[];
  readonly switchMesh: (id: string) => void;
  readonly reconnectNow: () => void;
  readonly connectWith: (token: string) => void;
}

const FAILED_MS = 8_000;

/** Everything the views work with, from its parts; no React, no browser. */
export function createApp(parts: AppParts): App {
  const { host, console, prefs, messages } = parts;
  const toasts = createToasts();
  const ui = createUi();
  const selection = createSelection();
  const t: AppServices["t"] = (key, params) => messages.t(key, params ?? {});
  const deps = { host, console, prefs, ui, toasts, t };

  const tell = (error: unknown) =>
    toasts.getState().show({ tone: "danger", text: errorText(t, error), forMs: FAILED_MS });
  syncSettings(host, console, prefs, tell);
  const time = createTimeTravel(host, console, tell);

  const app: App = {
    ...deps,
    ...time,
    selection,
    commands: createRegistry(parts.commands, () => prefs.getState().keys),
    perform: (command, options) => perform(deps, command, options),
    preview: (command) => previewOf(deps, command),
    refusal: (type) => refusalOf(deps, type),
    run(commandId) {
      const command = app.commands.get(commandId);
      if (command === undefined) return;
      const available = command.when(app);
      if (available.state === "off") {
        const detail = t(available.reason, available.params);
        toasts.getState().show({ tone: "info", text: t(command.title), detail, forMs: FAILED_MS });
      }
      if (available.state !== "on") return;
      Promise.resolve(command.run(app)).catch(tell);
    },
    switchMesh(id) {
      selection.getState().clear();
      parts.switchMesh(id);
    },
    reconnectNow: parts.reconnectNow,
    connectWith: parts.connectWith,
  };
  return app;
}
