/** Nodes that come and go, the shape of the overlay, and meshes beside each other. */
import { expect, FAST, test } from "./fixture.ts";
import { card, dock, fact, inspector, run, select } from "./parts.ts";

test("a node joins through a seed and another leaves in order", async ({ console, mesh }) => {
  await mesh.command({ type: "time.speed", ratio: FAST });
  const page = await console.open();
  await expect(card(page, "I")).toBeVisible();
  await run(page, "Add a node…");
  await page.keyboard.type("newcomer");
  await page.getByLabel("Seeds").fill("C");
  await page.getByRole("dialog").getByRole("button", { name: "Add" }).click();
  await expect(page.getByText("10 nodes", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Fit the mesh to the screen" }).click();
  await select(page, "newcomer");
  await expect(inspector(page).getByText("9 other nodes hold it for alive.")).toBeVisible();
  await dock(page).getByLabel("Filter by text").fill("joined through");
  await expect(dock(page).getByText(/newcomer joined through C; \d+ members/)).toBeVisible();

  await select(page, "B");
  await run(page, "Remove from the mesh");
  await expect(page.getByText("9 nodes", { exact: true })).toBeVisible();
  await expect(card(page, "B")).toHaveCount(0);
  const { nodes } = await mesh.view();
  const doubts = [...nodes.values()].filter((node) => node.confirmed !== undefined);
  expect(doubts).toEqual([]);
});

test("the topology changes its kind while it runs", async ({ console, mesh }) => {
  const whole = async () =>
    [...(await mesh.view()).links.values()].filter((link) => link.aUp && link.bUp).length;
  await mesh.command({ type: "time.speed", ratio: FAST });
  const page = await console.open();
  await expect(inspector(page).getByText("The whole mesh · grid")).toBeVisible();
  await run(page, "Topology: full mesh");
  await expect(inspector(page).getByText("The whole mesh · full mesh")).toBeVisible();
  await expect.poll(whole).toBe((9 * 8) / 2);
  await expect(page.locator(".link")).toHaveCount((9 * 8) / 2);
});

test("a second mesh runs beside the first", async ({ console }) => {
  const page = await console.open();
  await expect(card(page, "I")).toBeVisible();
  await page.keyboard.press("Control+Shift+o");
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("second");
  await dialog.getByLabel("Nodes").fill("4");
  await dialog.getByLabel("Topology").selectOption("Ring");
  await console.expectAccessible("the dialog of a new mesh");
  await dialog.getByRole("button", { name: "Open" }).click();
  await expect(page.getByText("4 nodes", { exact: true })).toBeVisible();
  await expect(page).toHaveTitle("second · Meshdeck");
  await select(page, "D");
  await expect(fact(page, "State")).toHaveText("running");

  await page.getByRole("button", { name: "Live second Sandbox" }).click();
  await page.getByRole("menuitemradio", { name: "demo" }).click();
  await expect(page.getByText("9 nodes", { exact: true })).toBeVisible();
});
