/** A node fails, the others agree that it did, the mesh repairs itself, the node comes back. */
import { expect, FAST, test } from "./fixture.ts";
import { card, dock, fact, inspector, run, select } from "./parts.ts";

test("a kill is suspected, confirmed by a quorum, repaired around, and undone by a restart", async ({
  console,
  mesh,
}) => {
  await mesh.command({ type: "time.speed", ratio: 10 });
  const page = await console.open();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("E");
  await page.getByRole("option", { name: "Select node E" }).click();
  await run(page, "Kill");
  await expect(page.getByText("Done: Kill E")).toBeVisible();
  await mesh.command({ type: "time.speed", ratio: FAST });
  await expect(inspector(page).getByText(/Confirmed by [5-8] \(needed 5 of 9\)/)).toBeVisible();
  await expect(inspector(page).getByText("failed", { exact: true }).first()).toBeVisible();
  const filter = dock(page).getByLabel("Filter by text");
  await filter.fill("1 of 5 needed");
  await expect(dock(page).getByText("1 of 5 needed observers doubt E").first()).toBeVisible();
  await filter.fill("quorum confirmed");
  await expect(
    dock(page)
      .getByText(/A quorum confirmed that E failed/)
      .first(),
  ).toBeVisible();
  await expect
    .poll(async () => {
      const { links } = await mesh.view();
      const whole = [...links.values()].filter((link) => link.aUp && link.bUp);
      const degree = (id: string) => whole.filter(({ a, b }) => a === id || b === id).length;
      return [..."ABCDFGHI"].filter((id) => degree(id) < 3 || degree(id) > 5);
    })
    .toEqual([]);

  await inspector(page).getByRole("button", { name: "Restart", exact: true }).click();
  await expect(inspector(page).getByText("healthy", { exact: true }).first()).toBeVisible();
  await expect(fact(page, "Incarnation")).toHaveText("1");
  await expect(card(page, "E")).toContainText(/[3-5] links/);
});

test("a node that pauses for less than the suspicion refutes it", async ({ console, mesh }) => {
  await mesh.only({ membership: { detector: "swim" } });
  await mesh.command({ type: "time.speed", ratio: 2 });
  const page = await console.open();
  await select(page, "E");
  await expect(fact(page, "Refutations")).toHaveText("0");
  await inspector(page).getByRole("button", { name: "Pause", exact: true }).click();
  await expect(fact(page, "State")).toHaveText("paused");
  await expect(inspector(page).getByText(/Doubted by \d of 8/)).toBeVisible();
  await inspector(page).getByRole("button", { name: "Resume", exact: true }).click();
  await expect(fact(page, "Refutations")).toHaveText("1");
  await expect(fact(page, "Incarnation")).toHaveText("1");
  await expect(inspector(page).getByText("8 other nodes hold it for alive.")).toBeVisible();
});
