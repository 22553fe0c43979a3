import { describe, expect, it } from "vitest";
import { createSelection, isEmptySelection } from "./selection.ts";
import { createToasts } from "./toasts.ts";

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

describe("toasts", () => {
  it("keep at most five, the oldest gives way", () => {
    const toasts = createToasts();
    for (let n = 1; n <= 6; n += 1) toasts.getState().show({ tone: "info", text: String(n) });
    expect(toasts.getState().toasts.map((toast) => toast.text)).toEqual(["2", "3", "4", "5", "6"]);
  });
});
