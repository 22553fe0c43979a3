/** Log lines: they follow, stay where one reads, are filtered and exported. */
import { readFile } from "node:fs/promises";
import { expect, FAST, test } from "./fixture.ts";
import { view } from "./parts.ts";

test("logs follow, stop, resume, filter and export", async ({ console, mesh }) => {
  await mesh.command({ type: "time.speed", ratio: FAST });
  await mesh.command({ type: "node.kill", nodes: ["E"] });
  const page = await console.open();
  await view(page, "Logs").click();
  const lines = page.getByRole("region", { name: "Log lines" });
  await expect.poll(async () => (await mesh.view()).logs.lines.length).toBeGreaterThan(60);
  const resume = page.getByRole("button", { name: "Resume" });
  await expect(resume).toHaveCount(0);
  await lines.hover();
  await page.mouse.wheel(0, -400);
  await expect(resume).toBeVisible();
  await console.expectAccessible("logs that wait");
  await resume.click();
  await expect(resume).toHaveCount(0);

  await page.getByLabel("Search the logs").fill("quorum");
  const shown = lines.getByRole("listitem");
  await expect(shown.first()).toContainText("quorum");
  await page.getByLabel("Least level").selectOption("Errors");
  await expect(page.getByText(/No line matches the filter|lines/).first()).toBeVisible();
  await page.getByLabel("Least level").selectOption("Debug and above");
  await page.getByLabel("All nodes").selectOption("A");
  await expect(shown.first()).toContainText("A");

  await page.getByRole("button", { name: "Export" }).click();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("menuitem", { name: "Export what the filter shows" }).click(),
  ]);
  expect(download.suggestedFilename()).toBe("demo-log.txt");
  const text = await readFile(await download.path(), "utf8");
  const exported = text.trim().split("\n");
  expect(exported.length).toBeGreaterThan(0);
  expect(exported.filter((line) => !line.includes("quorum"))).toEqual([]);

  await page.getByRole("button", { name: "Regular expression" }).click();
  await page.getByLabel("Search the logs").fill("quor(");
  await expect(page.getByRole("status").filter({ hasText: /regular expression/i })).toBeVisible();
});
