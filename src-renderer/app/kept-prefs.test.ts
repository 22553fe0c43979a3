import { describe, expect, it } from "vitest";
import { createPrefs } from "../state/prefs.ts";
import { keepPrefs, loadPrefs, type PrefsStorage } from "./kept-prefs.ts";

const memory = (kept?: string) => {
  const values = new Map(kept === undefined ? [] : [["meshdeck.console", kept]]);
  return {
    values,
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
  };
};

const start = (storage: PrefsStorage) =>
  createPrefs(loadPrefs(storage), (prefs) => keepPrefs(storage, prefs)).getState();

describe("preferences", () => {
  it("come back after a restart", () => {
    const storage = memory();
    start(storage).change({ theme: "dark", keys: { "app.palette": ["Mod+P"] } });
    const again = start(storage);
    expect(again.theme).toBe("dark");
    expect(again.keys).toEqual({ "app.palette": ["Mod+P"] });
  });

  it("replace one bad value by its default and keep the good ones", () => {
    const prefs = start(memory('{"theme":"neon","language":"zh","dockHeight":119}'));
    expect(prefs.theme).toBe("system");
    expect(prefs.language).toBe("zh");
    expect(prefs.dockHeight).toBe(180);
  });

  it("survive damaged and forbidden storage", () => {
    expect(start(memory("{nonsense")).theme).toBe("system");
    expect(start(memory("[1]")).theme).toBe("system");
    const closed: PrefsStorage = {
      getItem: () => {
        throw new Error("forbidden");
      },
      setItem: () => {
        throw new Error("full");
      },
    };
    const prefs = createPrefs(loadPrefs(closed), (kept) => keepPrefs(closed, kept));
    prefs.getState().change({ theme: "light" });
    expect(prefs.getState().theme).toBe("light");
  });
});
