/** A rumour spreads, and what that cost against the theory. */
import { expect, test } from "./fixture.ts";
import { fact, view } from "./parts.ts";

test("a rumour reaches all, with its price; the mode changes how", async ({ console, mesh }) => {
  await mesh.command({ type: "time.speed", ratio: 25 });
  const page = await console.open();
  await view(page, "Gossip").click();
  await expect(page.getByText("No rumour yet")).toBeVisible();
  await page.getByLabel("At node").selectOption("B");
  await page.getByLabel("Topic").fill("weather");
  await page.getByLabel("Text", { exact: true }).fill("sunny");
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(page.getByText("“weather” from B")).toBeVisible();
  await expect(page.getByText("converged", { exact: true })).toBeVisible();
  await expect(fact(page, "Nodes reached")).toHaveText("9 / 9");
  // It spread at once: a theory of rounds says nothing about it.
  await expect(fact(page, "Rounds")).toHaveText(/^\d+\.\d$/);
  await expect(fact(page, "Messages")).toHaveText(/^\d+$/);
  await expect(fact(page, "Traffic")).toHaveText(/B$/);
  await expect(page.getByRole("img", { name: /9 of 9 nodes have it/ })).toBeVisible();
  await console.expectAccessible("a rumour that has spread");

  await page.getByText("Pull", { exact: true }).click();
  await expect(page.getByText("Done: Change the gossip settings")).toBeVisible();
  await expect.poll(async () => (await mesh.view()).mesh.gossip?.mode).toBe("pull");
  await page.getByText("Spread at once").click();
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(page.getByText("Rumours (2)")).toBeVisible();
  await expect(fact(page, "Nodes reached")).toHaveText("9 / 9");
  await expect(page.getByRole("progressbar", { name: "9 of 9 nodes" })).toHaveCount(2);
  await expect(fact(page, "Rounds")).toHaveText(/^\d+\.\d \(theory \d+\.\d\)$/);
});
