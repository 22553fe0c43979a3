/** Parts of the console as a person names them. */
import type { Locator, Page } from "@playwright/test";

/** A node in the drawing. */
export const card = (page: Page, id: string): Locator =>
  page.locator(`.react-flow__node[data-id="${id}"]`);

export const inspector = (page: Page): Locator => page.getByRole("complementary");

/** A value in the inspector, or wherever else facts are listed, by its label. */
export const fact = (page: Page, label: string): Locator =>
  page
    .locator("dt", { hasText: new RegExp(`^${label}$`) })
    .locator("xpath=following-sibling::dd[1]");

export const dock = (page: Page): Locator => page.getByRole("region", { name: "Dock" });

/** The button of a view in the rail. */
export const view = (page: Page, name: string): Locator =>
  page.getByRole("navigation").getByRole("button", { name, exact: true });

/** Runs what the palette finds for this text. */
export async function run(page: Page, text: string): Promise<void> {
  await page.keyboard.press("Control+k");
  await page.keyboard.type(text);
  await page.getByRole("option", { name: text }).first().click();
}

export async function select(page: Page, ...ids: readonly string[]): Promise<void> {
  const [first, ...more] = ids;
  if (first !== undefined) await card(page, first).click();
  for (const id of more) await card(page, id).click({ modifiers: ["Control"] });
}
