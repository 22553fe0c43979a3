import { createInstance, type i18n } from "i18next";
import { initReactI18next } from "react-i18next";

export type Language = "en" | "zh";
export type Messages = { readonly [key: string]: string | Messages };

// A feature adds its texts by adding two files: `en/<namespace>.ts` and `zh/<namespace>.ts`.
const files = import.meta.glob<Messages>("./{en,zh}/*.ts", { eager: true, import: "default" });

/** language → namespace → messages */
export function allMessages(): Readonly<Record<Language, Readonly<Record<string, Messages>>>> {
  const all: Record<Language, Record<string, Messages>> = { en: {}, zh: {} };
  for (const [path, messages] of Object.entries(files)) {
    const [, language, namespace] = /^\.\/(en|zh)\/(.+)\.ts$/.exec(path) ?? [];
    if (namespace === undefined) continue;
    all[language === "zh" ? "zh" : "en"][namespace] = messages;
  }
  return all;
}

export function resolveLanguage(wanted: "auto" | Language, preferred: readonly string[]): Language {
  if (wanted !== "auto") return wanted;
  return preferred[0]?.toLowerCase().startsWith("zh") === true ? "zh" : "en";
}

export function createI18n(language: Language): i18n {
  const instance = createInstance();
  void instance.use(initReactI18next).init({
    lng: language,
    fallbackLng: "en",
    defaultNS: "app",
    resources: allMessages(),
    initAsync: false,
    // React escapes what it renders.
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  return instance;
}
