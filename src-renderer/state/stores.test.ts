import { describe, expect, it } from "vitest";
import { createPrefs } from "./prefs.ts";
import { createSelection, isEmptySelection } from "./selection.ts";
import { createToasts } from "./toasts.ts";

const memory = (kept?: string) => {
  const values = new Map(kept === undefined ? [] : [["meshdeck.console", kept]]);
  return {
    values,
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
  };
};

describe("selection", () => {
  it("replaces, toggles and adds nodes", () => {
    const selection = createSelection();
    selection.getState().selectNodes(["A", "B"]);
    selection.getState().selectNode("B", "toggle");
    selection.getState().selectNode("C", "toggle");
    selection.getState().selectNode("C", "add");
    expect([...selection.getState().nodes]).toEqual(["A", "C"]);
    selection.getState().selectNode("D");
    expect([...selection.getState().nodes]).toEqual(["D"]);
  });

  it("never holds nodes and a link together", () => {
    const selection = createSelection();
    selection.getState().selectNode("A");
    selection.getState().selectLink("A~B");
    expect(selection.getState().nodes.size).toBe(0);
    selection.getState().selectNode("A");
    expect(selection.getState().link).toBeUndefined();
    selection.getState().clear();
    expect(isEmptySelection(selection.getState())).toBe(true);
  });
});

describe("preferences", () => {
  it("come back after a restart", () => {
    const storage = memory();
    createPrefs(storage)
      .getState()
      .change({ theme: "dark", keys: { "app.palette": ["Mod+P"] } });
    const again = createPrefs(storage).getState();
    expect(again.theme).toBe("dark");
    expect(again.keys).toEqual({ "app.palette": ["Mod+P"] });
  });

  it("replace one bad value by its default and keep the good ones", () => {
    const prefs = createPrefs(memory('{"theme":"neon","language":"zh"}')).getState();
    expect(prefs.theme).toBe("system");
    expect(prefs.language).toBe("zh");
  });

  it("survive damaged and forbidden storage", () => {
    expect(createPrefs(memory("{nonsense")).getState().theme).toBe("system");
    const closed = createPrefs({
      getItem: () => {
        throw new Error("forbidden");
      },
      setItem: () => {
        throw new Error("full");
      },
    });
    closed.getState().change({ theme: "light" });
    expect(closed.getState().theme).toBe("light");
  });
});

describe("toasts", () => {
  it("keep at most five, the oldest gives way", () => {
    const toasts = createToasts();
    for (let n = 1; n <= 6; n += 1) toasts.getState().show({ tone: "info", text: String(n) });
    expect(toasts.getState().toasts.map((toast) => toast.text)).toEqual(["2", "3", "4", "5", "6"]);
  });
});
