import { z } from "zod";
import { createStore, type StoreApi } from "zustand/vanilla";

const prefsSchema = z.object({
  theme: z.enum(["system", "light", "dark"]).catch("system"),
  language: z.enum(["auto", "en", "zh"]).catch("auto"),
  motion: z.enum(["system", "reduced"]).catch("system"),
  /** Command id → chords that replace the default ones; an empty list unbinds. */
  keys: z.record(z.string(), z.array(z.string().max(40)).max(4)).catch({}),
  logLines: z.number().int().min(100).max(5_000).catch(5_000),
  logWrap: z.boolean().catch(false),
  view: z.string().max(40).catch("topology"),
  inspectorOpen: z.boolean().catch(true),
  dockOpen: z.boolean().catch(false),
  dockPanel: z.string().max(40).catch("events"),
  dockHeight: z.number().min(120).max(900).catch(240),
  hintsSeen: z.array(z.string().max(40)).max(50).catch([]),
  showFps: z.boolean().catch(false),
});
export type Prefs = z.infer<typeof prefsSchema>;

export interface PrefsState extends Prefs {
  change(part: Partial<Prefs>): void;
}

export type PrefsStore = StoreApi<PrefsState>;

/** Where preferences are kept; the browser's localStorage, which may be full or forbidden. */
export interface PrefsStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

const KEY = "meshdeck.console";

/** What was kept, with every value that does not hold replaced by its default. */
function loadPrefs(storage: PrefsStorage | undefined): Prefs {
  try {
    const kept: unknown = JSON.parse(storage?.getItem(KEY) ?? "{}");
    return prefsSchema.parse(typeof kept === "object" && kept !== null ? kept : {});
  } catch {
    return prefsSchema.parse({});
  }
}

export function createPrefs(storage: PrefsStorage | undefined): PrefsStore {
  const store = createStore<PrefsState>()((set) => ({
    ...loadPrefs(storage),
    change: (part) => set(part),
  }));
  store.subscribe(({ change: _change, ...prefs }) => {
    try {
      storage?.setItem(KEY, JSON.stringify(prefs));
    } catch {
      // A full or forbidden storage costs the memory of a preference, not the console.
    }
  });
  return store;
}
