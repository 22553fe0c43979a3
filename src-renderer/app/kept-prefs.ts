import { z } from "zod";
import type { Prefs } from "../state/prefs.ts";

const text = z.string().max(40);

/** Each value that does not hold is replaced by its default; the others stay. */
const prefsSchema = z.object({
  theme: z.enum(["system", "light", "dark"]).catch("system"),
  language: z.enum(["auto", "en", "zh"]).catch("auto"),
  motion: z.enum(["system", "reduced"]).catch("system"),
  keys: z.record(z.string(), z.array(text).max(4)).catch({}),
  logLines: z.number().int().min(100).max(5_000).catch(5_000),
  logWrap: z.boolean().catch(false),
  view: text.catch("topology"),
  inspectorOpen: z.boolean().catch(true),
  dockOpen: z.boolean().catch(true),
  dockPanel: text.catch("events"),
  dockHeight: z.number().min(120).max(900).catch(180),
  hintsSeen: z.array(text).max(50).catch([]),
  showFps: z.boolean().catch(false),
});

/** The browser's localStorage, which may be full, forbidden or damaged. */
export interface PrefsStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

const KEY = "meshdeck.console";

export function loadPrefs(storage: PrefsStorage): Prefs {
  try {
    return prefsSchema.parse(JSON.parse(storage.getItem(KEY) ?? "{}"));
  } catch {
    return prefsSchema.parse({});
  }
}

/** A storage that refuses costs the memory of a preference, not the console. */
export function keepPrefs(storage: PrefsStorage, prefs: Prefs): void {
  try {
    storage.setItem(KEY, JSON.stringify(prefs));
  } catch {
    return;
  }
}
