import { createStore, type StoreApi } from "zustand/vanilla";

/** How a person likes the console; kept by the browser, not by the host. */
export interface Prefs {
  readonly theme: "system" | "light" | "dark";
  readonly language: "auto" | "en" | "zh";
  readonly motion: "system" | "reduced";
  /** Command id → chords that replace the default ones; an empty list unbinds. */
  readonly keys: Readonly<Record<string, readonly string[]>>;
  /** Log lines shown at most; the newest win. */
  readonly logLines: number;
  readonly logWrap: boolean;
  /** The feature whose page is shown. */
  readonly view: string;
  readonly inspectorOpen: boolean;
  readonly dockOpen: boolean;
  readonly dockPanel: string;
  /** CSS pixels. */
  readonly dockHeight: number;
  readonly hintsSeen: readonly string[];
  readonly showFps: boolean;
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
