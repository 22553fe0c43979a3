import type { i18n } from "i18next";
import type { PrefsStore } from "../state/prefs.ts";
import { resolveLanguage } from "./i18n/index.ts";

/** Keeps the page's theme, motion and language what the preferences and the system say. */
export function applyPrefs(prefs: PrefsStore, messages: i18n): void {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const apply = () => {
    const { theme, motion, language } = prefs.getState();
    const system = dark.matches ? "dark" : "light";
    root.dataset["theme"] = theme === "system" ? system : theme;
    root.dataset["motion"] = motion === "reduced" || still.matches ? "reduced" : "full";
    const resolved = resolveLanguage(language, navigator.languages);
    root.lang = resolved === "zh" ? "zh-CN" : "en";
    if (messages.language !== resolved) void messages.changeLanguage(resolved);
  };
  apply();
  prefs.subscribe(apply);
  dark.addEventListener("change", apply);
  still.addEventListener("change", apply);
}
