import type { Config } from "#shared/config/config.ts";
import { createStore, type StoreApi } from "zustand/vanilla";

/** What a person set for all consoles of a host; the host keeps it. */
export interface Settings extends Omit<Config, "version" | "keys"> {
  readonly keys: Readonly<Record<string, readonly string[]>>;
}

/** How a person likes the console. Besides the settings, what only this browser remembers. */
export interface Prefs extends Settings {
  /** The feature whose page is shown. */
  readonly view: string;
  readonly inspectorOpen: boolean;
  readonly dockOpen: boolean;
  readonly dockPanel: string;
  /** CSS pixels. */
  readonly dockHeight: number;
  readonly hintsSeen: readonly string[];
  readonly showFps: boolean;
  /** Settings were changed here that the host does not have yet. */
  readonly unsent: boolean;
}

export interface PrefsState extends Prefs {
  change(part: Partial<Prefs>): void;
}

export type PrefsStore = StoreApi<PrefsState>;

export function createPrefs(kept: Prefs, keep: (prefs: Prefs) => void): PrefsStore {
  const store = createStore<PrefsState>()((set) => ({ ...kept, change: (part) => set(part) }));
  store.subscribe(({ change: _change, ...prefs }) => keep(prefs));
  return store;
}
