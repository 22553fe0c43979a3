/** The topology as a person uses it: watch, break, heal, walk by keyboard. */
import { expect, type Page, test } from "./fixture.ts";

const card = (page: Page, id: string) => page.locator(`.react-flow__node[data-id="${id}"]`);
const inspector = (page: Page) => page.getByRole("complementary");

async function opened(open: () => Promise<Page>): Promise<Page> {
  const page = await open();
  await expect(card(page, "I")).toBeVisible();
  return page;
}

test("draws the demo mesh as three rows of three, with links", async ({ console }) => {
  const page = await opened(console.open);
  await expect(page.locator(".react-flow__node")).toHaveCount(9);
  await expect.poll(() => page.locator(".link").count()).toBeGreaterThanOrEqual(12);
  const [a, c, g] = await Promise.all(["A", "C", "G"].map((id) => card(page, id).boundingBox()));
  expect(a?.y).toBeCloseTo(c?.y ?? 0, 0);
  expect(a?.x).toBeCloseTo(g?.x ?? 0, 0);
  expect(c?.x).toBeGreaterThan(a?.x ?? 0);
});

test("kills a node, tells who suspects it, and takes it back", async ({ console, mesh }) => {
  await mesh.command({ type: "time.speed", ratio: 10 });
  const page = await opened(console.open);
  await card(page, "E").click();
  await inspector(page).getByRole("button", { name: "Kill", exact: true }).click();
  await expect(inspector(page).getByText("stopped (killed)")).toBeVisible();
  await expect(inspector(page).getByText(/Doubted by \d of 8/)).toBeVisible({ timeout: 20_000 });
  await console.expectAccessible("a killed node");
  await page.keyboard.press("Control+z");
  await expect(inspector(page).getByText("running", { exact: true })).toBeVisible();
});

test("parts what a box selects from the rest, and heals", async ({ console }) => {
  const page = await opened(console.open);
  const first = await card(page, "C").boundingBox();
  const last = await card(page, "I").boundingBox();
  if (first === null || last === null) throw new Error("cards without a place");
  await page.keyboard.down("Shift");
  await page.mouse.move(first.x - 14, first.y - 12);
  await page.mouse.down();
  await page.mouse.move(last.x + last.width / 2, last.y + last.height / 2, { steps: 6 });
  await page.mouse.up();
  await page.keyboard.up("Shift");
  await expect(inspector(page).getByText("3 nodes selected")).toBeVisible();
  await inspector(page).getByRole("button", { name: "Partition these from the rest" }).click();
  await expect(page.locator(".side-area")).toHaveCount(2);
  await expect(page.getByText("no majority · 3 nodes")).toBeVisible();
  await expect.poll(() => page.locator(".link--cut").count()).toBeGreaterThan(0);
  await page.keyboard.press("Control+Shift+h");
  await expect(page.locator(".side-area")).toHaveCount(0);
});

test("is walked by arrow keys and opened by Enter", async ({ console }) => {
  const page = await opened(console.open);
  await card(page, "A").focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowDown");
  await expect(card(page, "E")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(inspector(page).getByRole("heading", { name: "E", exact: true })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(inspector(page).getByRole("heading", { name: "demo" })).toBeVisible();
});

test("keeps a dragged card where it was put, also after a reload", async ({ console }) => {
  const page = await opened(console.open);
  const before = await card(page, "A").boundingBox();
  if (before === null) throw new Error("a card without a place");
  await page.mouse.move(before.x + 60, before.y + 30);
  await page.mouse.down();
  await page.mouse.move(before.x + 100, before.y + 80, { steps: 5 });
  await page.mouse.up();
  const kept = () => page.evaluate(() => localStorage.getItem("meshdeck.places.demo"));
  await expect.poll(kept).toContain('"A"');
  await page.reload();
  await expect(card(page, "I")).toBeVisible();
  const a = await card(page, "A").boundingBox();
  const d = await card(page, "D").boundingBox();
  expect(a?.x).toBeGreaterThan((d?.x ?? 0) + 20);
});

test("finds and hides nodes, and says how many are shown", async ({ console }) => {
  const page = await opened(console.open);
  await page.keyboard.press("/");
  await page.keyboard.type("-b");
  await expect(page.getByText("8 of 9 match")).toBeVisible();
  await expect(card(page, "B")).toHaveClass(/is-faded/);
  await page.getByText("Hide rest").click();
  await expect(card(page, "B")).toHaveCount(0);
  await expect(page.getByText("showing 8 of 9")).toBeVisible();
});

test("has a table twin with the same selection", async ({ console }) => {
  const page = await opened(console.open);
  await card(page, "F").click();
  await page.getByText("Table", { exact: true }).click();
  const row = page.getByRole("row", { name: /^F\b/ });
  await expect(row).toHaveAttribute("aria-selected", "true");
  await row.press("ArrowDown");
  await expect(page.getByRole("row", { name: /^G\b/ })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(inspector(page).getByRole("heading", { name: "G", exact: true })).toBeVisible();
  await console.expectAccessible("the table");
});
