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
 * here, as far as the role allows; otherwise a change lasts in this browser alone.
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

  async function take(): Promise<void> {
    const { settings } = await host.request("settings.get", {});
    const check = checkConfig(settings);
    if (!check.ok) return;
    const { version: _version, ...config } = check.config;
    prefs.getState().change(config);
    known = JSON.stringify(settingsOf(prefs.getState()));
  }

  async function give(): Promise<void> {
    const settings = settingsOf(prefs.getState());
    known = JSON.stringify(settings);
    await host.request("settings.set", { settings: { version: CONFIG_VERSION, ...settings } });
  }

  store.subscribe((state, before) => {
    if (state.link.state === before.link.state) return;
    known = undefined;
    if (state.link.state === "live") take().catch(failed);
  });

  prefs.subscribe((state) => {
    if (known === undefined || JSON.stringify(settingsOf(state)) === known) return;
    if (store.getState().role !== "admin") return;
    clearTimeout(timer);
    timer = setTimeout(() => void give().catch(failed), SETTLE_MS);
  });
}
