/** What must hold on every view: it opens, axe finds nothing, the policy is never violated. */
import { expect, type Page, test } from "./fixture.ts";

/** The rail's buttons, in its order. */
const railOf = (page: Page) => page.getByRole("navigation").getByRole("button");

test("the demo mesh is alive", async ({ console }) => {
  const page = await console.open();
  await expect(page.getByText("9 nodes", { exact: true })).toBeVisible();
  await expect(page.getByText("Live", { exact: true }).first()).toBeVisible();
  await expect(page).toHaveTitle("demo · Meshdeck");
});

test.describe("accessibility", () => {
  test.use({ hints: true });
  for (const [colorScheme, locale, topology] of [
    ["light", "en-GB", "Topology"],
    ["dark", "zh-CN", "拓扑"],
  ] as const) {
    test.describe(`${colorScheme}, ${locale}`, () => {
      test.use({ colorScheme, locale });
      test(`every view is accessible in the ${colorScheme} theme, ${locale}`, async ({
        console,
        mesh,
      }) => {
        // More than a dozen pages, each looked through from top to bottom.
        test.slow();
        await mesh.command({ type: "node.kill", nodes: ["E"] });
        const page = await console.open();
        await page.emulateMedia({ reducedMotion: "reduce" });
        await expect(page.getByRole("heading", { name: topology, level: 1 })).toBeAttached();
        const count = await railOf(page).count();
        expect(count).toBeGreaterThanOrEqual(5);
        for (let at = 0; at < count; at += 1) {
          const button = railOf(page).nth(at);
          await button.click();
          await expect(button).toHaveAttribute("aria-current", "page");
          await console.expectAccessible(await button.innerText());
        }
      });
    });
  }
});

test("a page without the token asks for one and shows nothing of the mesh", async ({
  console: _watched,
  host,
  page,
}) => {
  await page.goto(host.origin);
  await expect(page.getByLabel(/token/i)).toBeVisible();
  await expect(page.getByText("9 nodes", { exact: true })).toHaveCount(0);
});

test("theme and language change at once and are kept", async ({ console }) => {
  const page = await console.open();
  await page.getByRole("navigation").getByRole("button", { name: "Settings" }).click();
  await page.getByText("Dark", { exact: true }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.getByText("中文", { exact: true }).click();
  await expect(page.getByRole("heading", { name: "设置", level: 1 })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("heading", { name: "设置", level: 1 })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.getByText("English", { exact: true }).click();
  await page.getByText("System", { exact: true }).first().click();
  await expect(page.getByRole("heading", { name: "Settings", level: 1 })).toBeVisible();
});
