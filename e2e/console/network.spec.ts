/** Conditions of the network for the whole mesh, a group and a pair; one-way cuts; all ended at once. */
import { expect, type Page, test } from "./fixture.ts";
import { dock, run } from "./parts.ts";

const form = (page: Page) => page.getByRole("form", { name: "New fault" });
const apply = (page: Page) => form(page).getByRole("button", { name: "Apply" }).click();
const active = (page: Page) => page.getByRole("region", { name: "Active faults" });

test("conditions hold for mesh, group and pair, and all end at once", async ({ console, mesh }) => {
  const page = await console.open();
  await run(page, "Change network conditions…");
  await form(page).getByLabel("Where").selectOption("The whole mesh");
  await form(page).getByLabel("Latency, ms").fill("50");
  await form(page).getByLabel("Loss, %").fill("5");
  await form(page).getByLabel("Duplicates, %").fill("1");
  await form(page).getByLabel("Reordered, %").fill("2");
  await expect(form(page).getByText("5 % of the messages are lost.")).toBeVisible();
  await apply(page);
  await expect(active(page).getByRole("listitem")).toHaveCount(1);
  await expect(active(page)).toContainText("whole mesh");

  await form(page).getByLabel("Where").selectOption("All links of these nodes");
  await form(page).getByLabel("Nodes", { exact: true }).fill("A, B, C");
  await form(page).getByLabel("Loss, %").fill("500");
  await expect(form(page).getByText("From 0 to 100")).toBeVisible();
  await apply(page);
  await expect(active(page).getByRole("listitem")).toHaveCount(1);
  await form(page).getByLabel("Loss, %").fill("");
  await form(page).getByLabel("Latency, ms").fill("80");
  await apply(page);
  await expect(active(page).getByRole("listitem")).toHaveCount(2);

  await form(page).getByLabel("Where").selectOption("Between two groups");
  await form(page).getByLabel("These nodes").fill("D");
  await form(page).getByLabel("And these").fill("E");
  await apply(page);
  await expect(active(page).getByRole("listitem")).toHaveCount(3);
  expect([...(await mesh.view()).faults.values()].map(({ spec }) => spec)).toMatchObject([
    {
      kind: "conditions",
      conditions: { latencyMs: 50, loss: 0.05, duplicate: 0.01, reorder: 0.02 },
    },
    { kind: "conditions", conditions: { latencyMs: 80 } },
    { kind: "conditions", conditions: { latencyMs: 80 } },
  ]);
  await console.expectAccessible("the fault form");

  await page.getByRole("button", { name: "3 faults active Stop all" }).click();
  await expect(active(page).getByText("Nothing is broken on purpose")).toBeVisible();
});

test("a one-way cut passes messages in one direction only", async ({ console, mesh }) => {
  const page = await console.open();
  await dock(page).getByRole("tab", { name: "Faults" }).click();
  await form(page).getByText("Cut", { exact: true }).click();
  await apply(page);
  await expect(form(page).getByText("Name at least one node")).toBeVisible();
  await form(page).getByLabel("These nodes").fill("A");
  await form(page).getByLabel("And these").fill("B");
  await form(page).getByText("One way only").click();
  await apply(page);
  await expect(active(page).getByRole("listitem")).toContainText("A → B");
  await expect(page.locator(".link--half-cut")).toHaveCount(1);
  expect([...(await mesh.view()).faults.values()].map(({ spec }) => spec)).toMatchObject([
    { kind: "cut", from: ["A"], to: ["B"], oneWay: true },
  ]);
  await active(page).getByRole("button", { name: "Stop this fault" }).click();
  await expect(page.locator(".link--half-cut")).toHaveCount(0);
});
