/** Agreement as a person watches it: a value is proposed, the leader dies, another one is elected. */
import { expect, type Page, test } from "./fixture.ts";

const RAFT = {
  name: "raft",
  nodes: 5,
  topology: { kind: "full" },
  consensus: { kind: "raft" },
} as const;

const tabOf = (page: Page, name: string | RegExp) => page.getByRole("tab", { name });

async function openConsensus(page: Page): Promise<void> {
  await page.getByRole("navigation").getByRole("button", { name: "Consensus" }).click();
  await expect(page.getByRole("heading", { name: "Consensus", level: 1 })).toBeVisible();
}

test("a mesh without consensus says so and opens one that has it", async ({
  console,
  mesh: _mesh,
}) => {
  const page = await console.open();
  await openConsensus(page);
  await expect(page.getByText("This mesh agrees on nothing")).toBeVisible();
  await page.getByRole("button", { name: "Open a Raft mesh" }).click();
  await expect(page.getByText("3 of 5 voters")).toBeVisible();
  await expect(page.getByText(/leads, term \d+/)).toBeVisible();
});

test("a value is agreed, and every vote for it is on the page", async ({ console, mesh }) => {
  await mesh.only(RAFT);
  const page = await console.open();
  await openConsensus(page);
  await expect(page.getByText("can lose 2 more").first()).toBeVisible();
  await page.getByLabel("Value", { exact: true }).fill("hello");
  await page.getByRole("button", { name: "Propose", exact: true }).click();
  const round = page.getByRole("region", { name: "Rounds, newest last" }).getByText("hello");
  await expect(round).toBeVisible();
  await round.click();
  const grid = page.getByRole("table", { name: /Phases of this round/ });
  await expect(grid.getByRole("row")).toHaveCount(6);
  await expect(grid.getByRole("img", { name: "committed here" })).toHaveCount(5);
  await expect(page.getByText("done", { exact: true })).toBeVisible();
});

test("a dead leader is replaced, and the page says who voted why", async ({ console, mesh }) => {
  await mesh.only(RAFT);
  const page = await console.open();
  await openConsensus(page);
  await expect(page.getByText(/leads, term \d+/)).toBeVisible();
  const before = (await mesh.view()).agreement.lead?.node ?? "";
  await mesh.command({ type: "node.kill", nodes: [before] });
  await expect.poll(async () => (await mesh.view()).agreement.lead?.node).not.toBe(before);
  await tabOf(page, "Elections").click();
  const answers = page.getByRole("table", { name: "Who answered how, and why" });
  await expect(answers.getByText(/its log is recent enough/).first()).toBeVisible();
  await expect(page.getByText(/without a leader/).first()).toBeVisible();
  await expect(page.getByText("can lose 1 more").first()).toBeVisible();
});

test("more traitors than f: safety is no longer claimed", async ({ console, mesh }) => {
  await mesh.only({ name: "pbft", nodes: 4, consensus: { kind: "pbft" } });
  const page = await console.open();
  await openConsensus(page);
  await expect(page.getByText("3 of 4 voters")).toBeVisible();
  await mesh.command({ type: "node.byzantine", node: "B", behaviours: ["equivocate"] });
  await expect(page.getByText("Safety is no longer guaranteed")).toHaveCount(0);
  await mesh.command({ type: "node.byzantine", node: "C", behaviours: ["equivocate"] });
  await expect(page.getByRole("alert")).toContainText("2 of 4 voters are known traitors");
});

test("every part is accessible", async ({ console, mesh }) => {
  await mesh.only(RAFT);
  const page = await console.open();
  await page.emulateMedia({ reducedMotion: "reduce" });
  await openConsensus(page);
  await expect(page.getByText(/leads, term \d+/)).toBeVisible();
  for (const name of ["Rounds", "Elections", "Members", "Logs", "Evidence"]) {
    await tabOf(page, name).click();
    await expect(tabOf(page, name)).toHaveAttribute("aria-selected", "true");
    await console.expectAccessible(`consensus, ${name}`);
  }
});
