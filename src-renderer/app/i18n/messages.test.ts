import { describe, expect, it } from "vitest";
import { allMessages, createI18n, type Messages, resolveLanguage } from "./index.ts";

/** Every key with its text; plural forms of one key count as one. */
function flatten(messages: Messages, prefix = ""): Map<string, string> {
  const flat = new Map<string, string>();
  for (const [key, value] of Object.entries(messages)) {
    const path = prefix === "" ? key : `${prefix}.${key}`;
    if (typeof value === "string") flat.set(path.replace(/_(one|other)$/, ""), value);
    else for (const [inner, text] of flatten(value, path)) flat.set(inner, text);
  }
  return flat;
}

const parameters = (text: string): string[] =>
  [...new Set([...text.matchAll(/\{\{\s*(\w+)/g)].map((match) => match[1] ?? ""))].sort();

const { en, zh } = allMessages();

describe("messages", () => {
  it("exist at all", () => {
    expect(Object.keys(en)).toContain("app");
  });

  it("cover the same namespaces in both languages", () => {
    expect(Object.keys(zh).sort()).toEqual(Object.keys(en).sort());
  });

  it.each(Object.keys(en))("have the same keys in %s", (namespace) => {
    const english = flatten(en[namespace] ?? {});
    const chinese = flatten(zh[namespace] ?? {});
    expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort());
  });

  it.each(Object.keys(en))("take the same parameters in %s", (namespace) => {
    const chinese = flatten(zh[namespace] ?? {});
    for (const [key, text] of flatten(en[namespace] ?? {})) {
      expect([key, parameters(chinese.get(key) ?? "")]).toEqual([key, parameters(text)]);
    }
  });

  it("are never empty", () => {
    for (const messages of [...Object.values(en), ...Object.values(zh)]) {
      for (const [key, text] of flatten(messages))
        expect([key, text.trim()]).not.toEqual([key, ""]);
    }
  });
});

describe("language", () => {
  it("follows the system only when asked to", () => {
    expect(resolveLanguage("auto", ["zh-CN", "en"])).toBe("zh");
    expect(resolveLanguage("auto", ["fr"])).toBe("en");
    expect(resolveLanguage("auto", [])).toBe("en");
    expect(resolveLanguage("en", ["zh-CN"])).toBe("en");
  });

  it("is ready as soon as it is made", () => {
    expect(createI18n("zh").t("app:close")).toBe("关闭");
  });
});
