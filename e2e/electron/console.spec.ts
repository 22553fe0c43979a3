import { expect, test } from "@playwright/test";
import type { DesktopApp } from "./desktop-app.ts";
import { startApp } from "./start-app.ts";

let app: DesktopApp;

test.beforeAll(async () => {
  app = await startApp();
});

test.afterAll(async () => {
  await app.quit();
});

/** Seconds of the demo mesh's own time, as the time bar shows them. */
async function meshSeconds(): Promise<number> {
  const text = await app.page
    .locator("output")
    .filter({ hasText: /^\d\d:\d\d:/ })
    .innerText();
  return text.split(":").reduce((seconds, part) => seconds * 60 + Number(part), 0);
}

test("the console shows the demo mesh, alive, over the message port", async () => {
  await expect(app.page.getByText("9 nodes", { exact: true })).toBeVisible();
  await expect(app.page.getByText("Live", { exact: true }).first()).toBeVisible();
  await expect.poll(meshSeconds).toBeGreaterThan(3);
});

test("a host that dies is started again, and the console finds the new one", async () => {
  await expect.poll(meshSeconds).toBeGreaterThan(3);
  await app.control({ kind: "kill-host" });
  // The demo mesh of a new host begins at nought and lives on.
  await expect.poll(meshSeconds).toBeLessThan(3);
  await expect.poll(meshSeconds).toBeGreaterThan(3);
  await expect(app.page.getByText("Live", { exact: true }).first()).toBeVisible();
  const boxes = (await app.reports()).filter((report) => report.kind === "error-box");
  expect(boxes).toEqual([]);
});
