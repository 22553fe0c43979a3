/** A lesson as a person takes it: read, predict, continue, look back. */
import { expect, type Page, test } from "./fixture.ts";
import { view } from "./parts.ts";

const lesson = (page: Page) => page.getByRole("region", { name: "Lesson", exact: true });
const press = (page: Page, name: string) =>
  lesson(page).getByRole("button", { name, exact: true }).click();

async function begin(page: Page): Promise<void> {
  await view(page, "Lessons").click();
  await page.getByRole("button", { name: "Start: Leader election" }).click();
  await expect(lesson(page).getByText(/Five nodes agree by Raft/)).toBeVisible();
  await press(page, "Start");
  await expect(lesson(page).getByText(/Who will stand first/)).toBeVisible();
}

test("a lesson waits at each step, goes on, and goes back", async ({ console }) => {
  const page = await console.open();
  await begin(page);
  await expect(lesson(page).getByText(/Step 1 of \d+/)).toBeVisible();
  await press(page, "Continue");
  await expect(lesson(page).getByText(/a pre-vote/)).toBeVisible();
  await press(page, "Continue");
  await expect(lesson(page).getByText(/Now it is serious/)).toBeVisible();
  await expect(lesson(page).getByText(/What will happen next/)).toBeVisible();
  await press(page, "Back");
  await expect(lesson(page).getByText(/a pre-vote/)).toBeVisible();
  await expect(page.getByText(/earlier moment/)).toBeVisible();
  await press(page, "Continue");
  await expect(lesson(page).getByText(/Now it is serious/)).toBeVisible();
});

test("a step shows the page it speaks of, and the card covers nothing", async ({ console }) => {
  const page = await console.open();
  await page.emulateMedia({ reducedMotion: "reduce" });
  await begin(page);
  await expect(view(page, "Consensus")).toHaveAttribute("aria-current", "page");
  const card = await lesson(page).boundingBox();
  const main = await page.getByRole("main").boundingBox();
  expect((main?.x ?? 0) + (main?.width ?? 0)).toBeLessThanOrEqual(card?.x ?? 0);
  await console.expectAccessible("a step of a lesson");
});
