import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { I18nextProvider } from "react-i18next";
import { MENU_COMMANDS } from "#shared/contract/bridge.ts";
import type { ConnectionState } from "#shared/contract/description.ts";
import { shellBridge } from "../client/port-channel.ts";
import { openSession } from "../client/session.ts";
import { keepToken, meshOf, takeToken } from "../client/token.ts";
import { createConsole, type HostLink } from "../state/console.ts";
import { startFeed } from "../state/feed.ts";
import { browserFlushPort } from "../state/flush.ts";
import { createPrefs } from "../state/prefs.ts";
import { TooltipProvider } from "../ui/tooltip.tsx";
import { App } from "./app.tsx";
import { frameCommands } from "./commands/app-commands.ts";
import { TIME_COMMANDS } from "./commands/time-commands.ts";
import { type App as AppObject, AppContext } from "./context.ts";
import { createApp } from "./create-app.ts";
import { FEATURES } from "./features.ts";
import { createI18n, resolveLanguage } from "./i18n/index.ts";
import { keepPrefs, loadPrefs } from "./kept-prefs.ts";
import { applyPrefs } from "./theme.ts";
import "../ui/tokens.css";
import "../ui/base.css";
import "./index.css";

/** Connects, puts the parts together and draws. Called once. */
export function start(): void {
  const prefs = createPrefs(loadPrefs(localStorage), (kept) => keepPrefs(localStorage, kept));
  const messages = createI18n(resolveLanguage(prefs.getState().language, navigator.languages));
  applyPrefs(prefs, messages);
  const app = connect(prefs, messages);
  const bridge = shellBridge();
  bridge?.onMenuCommand((id) => {
    if (MENU_COMMANDS.some((known) => known === id)) app.run(id);
  });
  const root = document.querySelector("#root");
  if (root === null) throw new Error("the page has no #root");
  createRoot(root).render(
    <StrictMode>
      <I18nextProvider i18n={messages}>
        <AppContext value={app}>
          <TooltipProvider>
            <App features={FEATURES} mac={/Mac|iPhone|iPad/.test(navigator.userAgent)} />
          </TooltipProvider>
        </AppContext>
      </I18nextProvider>
    </StrictMode>,
  );
}

type Prefs = Parameters<typeof createApp>[0]["prefs"];
type Messages = Parameters<typeof createApp>[0]["messages"];

function connect(prefs: Prefs, messages: Messages): AppObject {
  const store = createConsole();
  let instance: string | undefined;
  const session = openSession((state, welcome) => {
    store.setState({ link: linkOf(state, session.needsToken), lastHeardMs: feed.lastHeardMs() });
    if (welcome === undefined) return;
    store.setState({ host: welcome.host, role: welcome.role });
    if (instance !== undefined && instance !== welcome.instance) feed.forget();
    instance = welcome.instance;
  });
  const feed = startFeed(session.client, store, browserFlushPort(), meshOf(location.hash));

  const token = session.needsToken
    ? takeToken({
        fragment: location.hash,
        forgetFragment: () => history.replaceState(null, "", location.pathname),
        storage: sessionStorage,
      })
    : undefined;
  if (session.needsToken && token === undefined) {
    store.setState({ link: { state: "token-needed", reason: undefined } });
  } else {
    session.connect(token);
  }
  return createApp({
    host: session.client,
    console: store,
    prefs,
    messages,
    commands: [
      ...frameCommands(FEATURES),
      ...TIME_COMMANDS,
      ...FEATURES.flatMap((feature) => feature.commands ?? []),
    ],
    switchMesh: (id) => feed.follow(id),
    reconnectNow: session.retryNow,
    connectWith(next) {
      keepToken(sessionStorage, next);
      session.connect(next);
    },
  });
}

/** A browser whose session was ended for good is asked for a token: mostly that is what was wrong. */
function linkOf(state: ConnectionState, needsToken: boolean): HostLink {
  switch (state.state) {
    case "connecting":
    case "live":
      return { state: state.state };
    case "reconnecting":
      return {
        state: "reconnecting",
        retryAtMs: Date.now() + state.retryInMs,
        attempt: state.attempt,
        reason: state.reason,
      };
    case "stopped":
      return { state: needsToken ? "token-needed" : "stopped", reason: state.reason };
  }
}
