/** Runs as a person keeps, forks and compares them. */
import { expect, test } from "./fixture.ts";
import { view } from "./parts.ts";

const RAFT = {
  name: "raft",
  nodes: 5,
  topology: { kind: "full" },
  consensus: { kind: "raft" },
} as const;

test("a fork goes its own way, and the console says where they part", async ({ console, mesh }) => {
  await mesh.only(RAFT);
  const page = await console.open();
  await page.emulateMedia({ reducedMotion: "reduce" });
  await expect(page.getByText(/leads, term \d+/)).toBeVisible();
  await mesh.command({ type: "time.pause" });
  await expect(page.getByText("Paused", { exact: true })).toBeVisible();
  await page.keyboard.press("f");
  await expect(page.getByText(/^Forked raft at/)).toBeVisible();
  await expect(page.getByRole("region", { name: "Origin of the fork" })).toContainText(
    "Forked from raft at",
  );
  const fork = (await page.locator(".app").getAttribute("data-mesh")) ?? "";
  const lead = (await mesh.view()).agreement.lead?.node ?? "";
  await mesh.command({ type: "node.kill", nodes: [lead] }, fork);
  await mesh.command({ type: "time.speed", ratio: 10 });
  await mesh.command({ type: "time.speed", ratio: 10 }, fork);
  await mesh.command({ type: "time.play" });
  await mesh.command({ type: "time.play" }, fork);
  await page
    .getByRole("region", { name: "Origin of the fork" })
    .getByRole("button", { name: "Compare" })
    .click();
  await expect(page.getByText(/^They part at/)).toBeVisible();
  const nodes = page.getByRole("table", { name: "State of each node in both meshes" });
  await expect(nodes.getByText("failed", { exact: true }).first()).toBeVisible();
  await mesh.command({ type: "time.pause" });
  await mesh.command({ type: "time.pause" }, fork);
  await page.getByRole("button", { name: "Where they were forked" }).click();
  await expect(page.getByText("0 of 5 differ")).toBeVisible();
  await console.expectAccessible("comparison");
});

test("a run is saved, opened again, and deleted after a question", async ({ console, mesh }) => {
  await mesh.only({ name: "kept" });
  const page = await console.open();
  await view(page, "Runs").click();
  await expect(page.getByText("No run was saved yet")).toBeVisible();
  await page.getByRole("button", { name: "Save this run" }).first().click();
  await page.getByLabel("Name", { exact: true }).fill("A calm day");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  const row = page.getByRole("row", { name: /A calm day/ });
  await expect(row).toBeVisible();
  await console.expectAccessible("library");
  await row.getByRole("button", { name: "Open A calm day" }).click();
  await expect(view(page, "Topology")).toHaveAttribute("aria-current", "page");
  await view(page, "Runs").click();
  await row.getByRole("button", { name: "Delete A calm day" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete A calm day" }).click();
  await expect(page.getByText("No run was saved yet")).toBeVisible();
});
