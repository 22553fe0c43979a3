/** A decision of the whole mesh as a person takes part in it: call, vote, wait for the outcome. */
import { expect, FAST, type Page, test } from "./fixture.ts";
import { view } from "./parts.ts";

async function openDecisions(page: Page): Promise<void> {
  await view(page, "Decisions").click();
  await expect(page.getByRole("heading", { name: "Decisions", level: 1 })).toBeVisible();
}

const table = (page: Page, name: string) => page.getByRole("table", { name });
const detail = (page: Page) => page.getByRole("region", { name: "The chosen decision" });

async function vote(page: Page, node: string, choice: string, reason: string): Promise<void> {
  await page.getByRole("combobox", { name: "For" }).selectOption(node);
  const form = page.getByRole("form", { name: "Vote by hand" });
  await form.getByText(choice, { exact: true }).click();
  await page.getByRole("textbox", { name: "Reason" }).fill(reason);
  await form.getByRole("button", { name: "Vote", exact: true }).click();
  const row = table(page, "Who voted what, and why").getByRole("row", {
    name: new RegExp(`^${node} `),
  });
  await expect(row).toContainText(choice);
  await expect(row).toContainText(reason);
}

test("a decision is called, voted on with reasons, and every node holds its outcome", async ({
  console,
  mesh,
}) => {
  await mesh.only({ name: "votes", nodes: 3, topology: { kind: "full" } });
  const page = await console.open();
  await openDecisions(page);
  await expect(page.getByText("Nothing was put to the vote yet")).toBeVisible();
  await console.expectAccessible("decisions, none");
  await page.getByRole("textbox", { name: "Title" }).fill("Move to the new zone");
  await page.getByRole("textbox", { name: "Open for, s" }).fill("600");
  await page.getByRole("button", { name: "Call", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Move to the new zone" })).toBeVisible();
  await expect(detail(page).getByText("3 not yet")).toBeVisible();
  await vote(page, "A", "Yes", "closer to the users");
  await expect(page.getByText("Quorum: 1 of 3 voted, 2 needed")).toBeVisible();
  await page.getByRole("combobox", { name: "For" }).selectOption("A");
  await page.getByRole("button", { name: "Vote", exact: true }).hover();
  await expect(page.getByRole("tooltip")).toContainText("each member votes once");
  await vote(page, "B", "Yes", "cheaper");
  await vote(page, "C", "No", "too far");
  await expect(page.getByText("Yes among yes and no: 66.7 %, 67 % needed")).toBeVisible();
  await expect(table(page, "What each node knows of it").getByText("rejected")).toHaveCount(3);
  await console.expectAccessible("decisions, decided");
});

test("nodes with a policy vote by themselves", async ({ console, mesh }) => {
  await mesh.only({ name: "votes", nodes: 5, topology: { kind: "full" } });
  const page = await console.open();
  await openDecisions(page);
  await page.getByRole("button", { name: "All", exact: true }).click();
  await page.getByRole("button", { name: "Set the policy" }).click();
  await page.getByRole("textbox", { name: "Title" }).fill("Carry on");
  await page.getByRole("button", { name: "Call", exact: true }).click();
  await expect(detail(page).getByText("5 yes").first()).toBeVisible();
  await expect(table(page, "What each node knows of it").getByText("accepted")).toHaveCount(5);
});

test("standing and load say what is not known yet", async ({ console, mesh }) => {
  await mesh.only({ name: "load", nodes: 4, topology: { kind: "full" }, aggregation: true });
  const page = await console.open();
  await openDecisions(page);
  await page.getByRole("tab", { name: "Standing" }).click();
  await expect(page.getByText("Everybody stands well")).toBeVisible();
  await page.getByRole("tab", { name: "Mesh-wide load" }).click();
  await expect(page.getByText("No estimate means anything yet")).toBeVisible();
  await mesh.command({ type: "time.speed", ratio: FAST });
  await expect(table(page, "Estimates of messages/s by node").getByRole("row")).toHaveCount(5);
  await console.expectAccessible("decisions, load");
});
