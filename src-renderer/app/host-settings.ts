import { checkConfig, CONFIG_VERSION } from "#shared/config/config.ts";
import type { HostClient } from "../client/host-client.ts";
import type { ConsoleStore } from "../state/console.ts";
import type { PrefsState, PrefsStore, Settings } from "../state/prefs.ts";

/** Changes in quick succession (typing a number) go out as one. */
const SETTLE_MS = 400;

function settingsOf(prefs: PrefsState): Settings {
  const { theme, language, motion, keys, confirm, logLines, logWrap } = prefs;
  return { theme, language, motion, keys, confirm, logLines, logWrap };
}

/**
 * Takes the settings of the host whenever a session begins, and gives it what the person changes
 * here, as far as the role allows; otherwise a change lasts in this browser alone. A change that
 * the host does not have yet is remembered as unsent: a page that is closed or reloaded before it
 * went out sends it next time, instead of taking the older settings back.
 */
export function syncSettings(
  host: HostClient,
  store: ConsoleStore,
  prefs: PrefsStore,
  failed: (error: unknown) => void,
): void {
  // What the host has, as text; undefined while that is not known.
  let known: string | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let taking = false;

  async function begin(): Promise<void> {
    if (!prefs.getState().unsent) return take();
    known = JSON.stringify(settingsOf(prefs.getState()));
    if (store.getState().role === "admin") await give();
  }

  async function take(): Promise<void> {
    const { settings } = await host.request("settings.get", {});
    const check = checkConfig(settings);
    if (!check.ok || prefs.getState().unsent) return;
    const { version: _version, ...config } = check.config;
    taking = true;
    prefs.getState().change(config);
    taking = false;
    known = JSON.stringify(settingsOf(prefs.getState()));
  }

  async function give(): Promise<void> {
    const settings = settingsOf(prefs.getState());
    known = JSON.stringify(settings);
    await host.request("settings.set", { settings: { version: CONFIG_VERSION, ...settings } });
    if (JSON.stringify(settingsOf(prefs.getState())) === known) {
      prefs.getState().change({ unsent: false });
    }
  }

  store.subscribe((state, before) => {
    if (state.link.state === before.link.state) return;
    known = undefined;
    if (state.link.state === "live") begin().catch(failed);
  });

  prefs.subscribe((state, before) => {
    const now = JSON.stringify(settingsOf(state));
    if (taking || now === JSON.stringify(settingsOf(before))) return;
    if (!state.unsent) prefs.getState().change({ unsent: true });
    if (known === undefined || now === known) return;
    if (store.getState().role !== "admin") return;
    clearTimeout(timer);
    timer = setTimeout(() => void give().catch(failed), SETTLE_MS);
  });
}
