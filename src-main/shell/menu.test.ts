import type { MenuItemConstructorOptions } from "electron";
import { expect, it } from "vitest";
import { MENU_COMMANDS } from "#shared/contract/bridge.ts";
import { type MenuOptions, menuTemplate } from "./menu.ts";

function itemsOf(changes: Partial<MenuOptions>): readonly MenuItemConstructorOptions[] {
  const options = { platform: "linux", locale: "en-GB", packaged: true, run: () => undefined };
  return menuTemplate({ ...options, ...changes }).flatMap((top) => [
    top,
    ...(Array.isArray(top.submenu) ? top.submenu : []),
  ]);
}

it("offers each console command once, and running the item names it", () => {
  const run: string[] = [];
  for (const item of itemsOf({ run: (id) => run.push(id) })) {
    const click = item.click as (() => void) | undefined;
    click?.();
  }
  expect(run.toSorted()).toEqual([...MENU_COMMANDS].toSorted());
});

it("speaks Chinese where the system does", () => {
  expect(itemsOf({ locale: "zh-CN" })[0]?.label).toBe("文件");
  expect(itemsOf({ locale: "fr" })[0]?.label).toBe("File");
});

it("shows developer tools only outside a package", () => {
  const hasTools = (packaged: boolean): boolean =>
    itemsOf({ packaged }).some((item) => item.role === "toggleDevTools");
  expect(hasTools(true)).toBe(false);
  expect(hasTools(false)).toBe(true);
});

it("has the application menu and no Quit in File on a Mac", () => {
  const roles = itemsOf({ platform: "darwin" }).map((item) => item.role);
  expect(roles[0]).toBe("appMenu");
  expect(roles).not.toContain("quit");
});
