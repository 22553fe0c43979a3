import { describe, expect, it } from "vitest";
import { type Command, ON } from "./command.ts";
import { canonicalKeys, chordOf } from "./keys.ts";
import { createRegistry } from "./registry.ts";

const press = (
  key: string,
  held: Partial<Record<"ctrl" | "meta" | "alt" | "shift", true>> = {},
) => ({
  key,
  ctrlKey: held.ctrl === true,
  metaKey: held.meta === true,
  altKey: held.alt === true,
  shiftKey: held.shift === true,
});

const command = (id: string, ...keys: string[]): Command => ({
  id,
  title: id,
  group: "app",
  keys,
  when: () => ON,
  run: () => {},
});

describe("chordOf", () => {
  it("reads Mod as Command on a Mac and as Control elsewhere", () => {
    expect(chordOf(press("k", { ctrl: true }), false)).toBe("Mod+k");
    expect(chordOf(press("k", { meta: true }), true)).toBe("Mod+k");
    expect(chordOf(press("k", { ctrl: true }), true)).toBe("Ctrl+k");
  });

  it("counts Shift with letters and named keys, not where it made the character", () => {
    expect(chordOf(press("F", { ctrl: true, shift: true }), false)).toBe("Mod+Shift+f");
    expect(chordOf(press("?", { shift: true }), false)).toBe("?");
    expect(chordOf(press("ArrowLeft", { shift: true }), false)).toBe("Shift+ArrowLeft");
  });

  it("ignores a modifier alone and names the space bar", () => {
    expect(chordOf(press("Shift", { shift: true }), false)).toBeUndefined();
    expect(chordOf(press(" "), false)).toBe("Space");
  });
});

describe("canonicalKeys", () => {
  it("spells chords as chordOf does", () => {
    expect(canonicalKeys("Shift+Mod+F")).toBe("Mod+Shift+f");
    expect(canonicalKeys("g T")).toBe("g t");
    expect(canonicalKeys("Mod++")).toBe("Mod++");
    expect(canonicalKeys("+")).toBe("+");
  });
});

describe("registry", () => {
  it("finds a command by its default keys, and knows a sequence that goes on", () => {
    const registry = createRegistry([command("a", "g t"), command("b", "Mod+K")], () => ({}));
    expect(registry.match("Mod+k").command?.id).toBe("b");
    expect(registry.match("g")).toEqual({ command: undefined, begins: true });
    expect(registry.match("g t").command?.id).toBe("a");
    expect(registry.match("x")).toEqual({ command: undefined, begins: false });
  });

  it("takes rebound keys instead of the defaults, and an empty list unbinds", () => {
    let rebound: Record<string, string[]> = { a: ["Mod+J"] };
    const registry = createRegistry([command("a", "Mod+K")], () => rebound);
    expect(registry.match("Mod+k").command).toBeUndefined();
    expect(registry.match("Mod+j").command?.id).toBe("a");
    rebound = { a: [] };
    expect(registry.match("Mod+j").command).toBeUndefined();
  });

  it("names conflicts, also between a chord and a sequence that begins with it", () => {
    const registry = createRegistry(
      [command("a", "g"), command("b", "g t"), command("c", "x")],
      () => ({}),
    );
    expect(registry.conflicts("b", "g t").map((found) => found.id)).toEqual(["a"]);
    expect(registry.conflicts("c", "g").map((found) => found.id)).toEqual(["a", "b"]);
    expect(registry.conflicts("c", "x")).toEqual([]);
  });

  it("refuses two commands of one id", () => {
    expect(() => createRegistry([command("a"), command("a")], () => ({}))).toThrow("a");
  });
});
