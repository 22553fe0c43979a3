/** The space-time diagram: messages as arrows, what one says, and a hand in the network. */
import { expect, type Page, test } from "./fixture.ts";
import { fact, inspector, view } from "./parts.ts";

const diagram = (page: Page) => page.getByRole("region", { name: "Space-time diagram" });

test("messages are drawn, read, traced to their causes, and dropped on their way", async ({
  console,
  mesh,
}) => {
  const page = await console.open();
  await view(page, "Messages").click();
  await expect(diagram(page)).toHaveAttribute("data-messages", /[1-9]/);
  await expect(page.getByText(/^showing \d+ of \d+ messages$/)).toBeVisible();

  // While time stands still, messages stay under way.
  await mesh.command({ type: "time.pause" });
  await page.getByLabel("Outcome").selectOption("in-flight");
  const inFlight = page.getByText(/^showing [1-9]\d* of \d+ messages?$/);
  await expect(async () => {
    await mesh.command({ type: "time.step", unit: "event" });
    await expect(inFlight).toBeVisible({ timeout: 500 });
  }).toPass();
  await page.getByRole("application").focus();
  await page.keyboard.press("PageDown");
  await expect(inspector(page).getByText("under way", { exact: true })).toBeVisible();
  await expect(fact(page, "Arrived")).toHaveText("—");
  await expect(inspector(page).getByRole("region", { name: "Content" })).toContainText(
    '"protocol"',
  );
  await console.expectAccessible("a message under way");

  await page.getByRole("button", { name: "Drop", exact: true }).click();
  await expect(inspector(page).getByText("lost", { exact: true })).toBeVisible();
  await expect(page.getByRole("button", { name: "Drop", exact: true })).toBeDisabled();
  await expect.poll(async () => eventTypes(await mesh.view())).toContain("message.meddled");

  await page.getByLabel("Outcome").selectOption("delivered");
  await hoverSomeMessage(page);
  await page.mouse.down();
  await page.mouse.up();
  await expect(inspector(page).getByText("delivered", { exact: true })).toBeVisible();
  await page.getByText("Causal past and future").click();
  await expect(page.getByText(/messages? led here$/)).toBeVisible();
  await page.getByText("Table", { exact: true }).click();
  await expect(page.getByRole("button", { pressed: true, name: /delivered/ })).toBeVisible();
  await console.expectAccessible("the table of messages");
});

function eventTypes(seen: {
  readonly timeline: { readonly entries: readonly { type: string }[] };
}) {
  return seen.timeline.entries.map(({ type }) => type);
}

/** Moves the pointer over the drawing until it meets a line. */
async function hoverSomeMessage(page: Page): Promise<void> {
  const box = await page.getByRole("application").boundingBox();
  if (box === null) throw new Error("the diagram is not on the screen");
  const tip = page.locator(".hover-tip");
  for (let share = 0.1; share < 0.9; share += 0.006) {
    await page.mouse.move(box.x + box.width * share, box.y + box.height * 0.4);
    if ((await tip.count()) > 0) return;
  }
  throw new Error("no message under the pointer");
}
