/** What must hold on every view: it opens, axe finds nothing, the policy is never violated. */
import { expect, type Page, test } from "./fixture.ts";

/** Names of the views in the rail, in its order. */
async function viewNames(page: Page): Promise<readonly string[]> {
  const items = page.getByRole("navigation").getByRole("button");
  await expect(items.first()).toBeVisible();
  return items.evaluateAll((buttons) =>
    buttons.map((button) => button.getAttribute("aria-label") ?? button.textContent ?? ""),
  );
}

test("the demo mesh is alive", async ({ console }) => {
  const page = await console.open();
  await expect(page.getByText("9 nodes", { exact: true })).toBeVisible();
  await expect(page.getByText("Live", { exact: true }).first()).toBeVisible();
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`every view is accessible in the ${colorScheme} theme`, async ({ console, page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await console.open();
    const names = await viewNames(page);
    expect(names.length).toBeGreaterThanOrEqual(5);
    for (const name of names) {
      await test.step(name, async () => {
        await page.getByRole("navigation").getByRole("button", { name, exact: true }).click();
        await console.expectAccessible(name);
      });
    }
  });
}

test("a page without the token asks for one and shows nothing of the mesh", async ({
  console: _watched,
  host,
  page,
}) => {
  await page.goto(host.origin);
  await expect(page.getByLabel(/token/i)).toBeVisible();
  await expect(page.getByText("9 nodes", { exact: true })).toHaveCount(0);
});
