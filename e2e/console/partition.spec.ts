/** The mesh is cut in two: who may write, who says why not, and how it becomes one again. */
import { expect, FAST, test } from "./fixture.ts";
import { card, fact, inspector, select, view } from "./parts.ts";

test("a minority turns read-only, refuses a rumour with the reason, and recovers when healed", async ({
  console,
  mesh,
}) => {
  await mesh.command({ type: "time.speed", ratio: FAST });
  const page = await console.open();
  await select(page, "G", "H", "I");
  await expect(inspector(page).getByText("3 nodes selected")).toBeVisible();
  await page.keyboard.press("Control+Shift+x");
  await expect(page.getByText("1 fault active").first()).toBeVisible();
  await expect(page.getByText("3 nodes are read-only: they cannot reach a majority.")).toBeVisible({
    timeout: 20_000,
  });

  await page.keyboard.press("Escape");
  await select(page, "H");
  await expect(fact(page, "Mode")).toContainText("read-only");
  await expect(fact(page, "Mode")).toContainText("in the minority");
  await expect(fact(page, "Mode")).toContainText(/reaches \d of 9, 5 needed/);
  await view(page, "Gossip").click();
  await page.getByLabel("At node").selectOption("H");
  await page.getByLabel("Text", { exact: true }).fill("from the minority");
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(page.getByText("Not done: Publish a rumour at H")).toBeVisible();
  await expect(page.getByText(/The mesh is read-only\./)).toBeVisible();
  await console.expectAccessible("a refusal");

  await page.getByLabel("At node").selectOption("A");
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(page.getByText("Done: Publish a rumour at A")).toBeVisible();

  await view(page, "Topology").click();
  await page.keyboard.press("Escape");
  await expect(fact(page, "Recovery")).toHaveText(/^broken for /);
  await page.getByRole("button", { name: "1 fault active Stop all" }).click();
  await expect(fact(page, "Recovery")).toHaveText(/^took \d/, { timeout: 20_000 });
  await expect(page.getByText(/nodes are read-only/)).toHaveCount(0);
  await expect(card(page, "H")).not.toContainText("read-only");
});
