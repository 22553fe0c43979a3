/** Without a pointer. */
import { expect, test } from "./fixture.ts";
import { card, inspector, select } from "./parts.ts";

test("the palette takes typing at once, and acts on Enter", async ({ console }) => {
  const page = await console.open();
  await expect(card(page, "I")).toBeVisible();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("settings");
  await expect(page.getByPlaceholder("Search commands and nodes")).toHaveValue("settings");
  await console.expectAccessible("the palette");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Settings", level: 1 })).toBeVisible();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("no such thing");
  await expect(page.getByText(/Nothing of that name/)).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
});

test("what cannot be done stands in the palette with its reason", async ({ console }) => {
  const page = await console.open();
  await expect(card(page, "I")).toBeVisible();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("pause");
  const option = page.getByRole("option", { name: /^Pause/ });
  await expect(option).toContainText("Select a node first");
  await expect(option).toBeDisabled();
});

test("? shows all shortcuts; Escape closes what is on top, one at a time", async ({
  console,
  mesh,
}) => {
  const page = await console.open();
  await select(page, "E");
  await mesh.command({ type: "time.pause" });
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("h");
  const past = page.getByText(/^You are looking at the past: /);
  await expect(past).toBeVisible();
  await page.keyboard.press("?");
  const sheet = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await expect(sheet).toContainText("Stop all faults");
  await console.expectAccessible("the shortcuts");
  await page.keyboard.press("Escape");
  await expect(sheet).toHaveCount(0);
  await expect(inspector(page).getByRole("heading", { name: "E", exact: true })).toBeVisible();
  await expect(past).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(inspector(page).getByRole("heading", { name: "demo" })).toBeVisible();
  await expect(past).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(past).toHaveCount(0);
});

test("kills a node and goes through the views by keys alone", async ({ console }) => {
  const page = await console.open();
  await card(page, "A").focus();
  await page.keyboard.press("ArrowRight");
  await expect(card(page, "B")).toBeFocused();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Control+Backspace");
  await expect(page.getByText("Done: Kill B")).toBeVisible();
  for (const [keys, title] of [
    ["ge", "Events"],
    ["gl", "Logs"],
    ["gg", "Gossip"],
    ["gc", "Connections"],
    ["gs", "Settings"],
    ["gt", "Topology"],
  ] as const) {
    await page.keyboard.type(keys);
    await expect(page.getByRole("heading", { name: title, level: 1 })).toBeAttached();
  }
});
