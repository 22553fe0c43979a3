import { z } from "zod";
import { configSchema, DEFAULT_CONFIG } from "#shared/config/config.ts";
import type { Prefs } from "../state/prefs.ts";

const text = z.string().max(40);

/** Each value that does not hold is replaced by its default; the others stay. */
const { shape } = configSchema;
const prefsSchema = z.object({
  theme: shape.theme.catch(DEFAULT_CONFIG.theme),
  language: shape.language.catch(DEFAULT_CONFIG.language),
  motion: shape.motion.catch(DEFAULT_CONFIG.motion),
  keys: shape.keys.catch(DEFAULT_CONFIG.keys),
  confirm: shape.confirm.catch(DEFAULT_CONFIG.confirm),
  logLines: shape.logLines.catch(DEFAULT_CONFIG.logLines),
  logWrap: shape.logWrap.catch(DEFAULT_CONFIG.logWrap),
  view: text.catch("topology"),
  inspectorOpen: z.boolean().catch(true),
  dockOpen: z.boolean().catch(true),
  dockPanel: text.catch("events"),
  dockHeight: z.number().min(120).max(900).catch(180),
  hintsSeen: z.array(text).max(50).catch([]),
  showFps: z.boolean().catch(false),
  unsent: z.boolean().catch(false),
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
