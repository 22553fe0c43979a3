/** The time of a sandbox: stop, step, speed, the past and back. */
import { expect, type Page, test } from "./fixture.ts";
import { card, fact, select } from "./parts.ts";

const clock = async (page: Page): Promise<number> => {
  const text = await page.getByLabel("Time of the mesh").innerText();
  return text.split(":").reduce((seconds, part) => seconds * 60 + Number(part), 0);
};
const bar = (page: Page, name: string) =>
  page.getByRole("region", { name: "Time" }).getByRole("button", { name, exact: true });

test("pauses, steps by event and by change, and changes speed", async ({ console, mesh }) => {
  const page = await console.open();
  await expect(card(page, "I")).toBeVisible();
  await page.keyboard.press("Space");
  await expect(page.getByRole("status").getByText("Paused", { exact: true })).toBeVisible();
  const paused = await mesh.at();
  await bar(page, "Step one event").click();
  await expect.poll(mesh.at).toBeGreaterThan(paused);
  expect(await mesh.at()).toBeLessThan(paused + 1_000_000);
  const before = await clock(page);
  await mesh.command({ type: "node.kill", nodes: ["E"] });
  await page.keyboard.press("Shift+ArrowRight");
  await expect.poll(() => clock(page)).toBeGreaterThan(before);
  await expect(card(page, "E")).toBeVisible();

  await page.getByLabel("Speed", { exact: true }).selectOption("100×");
  const standing = await clock(page);
  await bar(page, "Play").click();
  await expect.poll(() => clock(page)).toBeGreaterThan(standing + 50);
  await page.keyboard.press("[");
  await expect(page.getByLabel("Speed", { exact: true })).toHaveValue("50");
});

test("looks around in the past while the mesh goes on, and returns", async ({ console, mesh }) => {
  await mesh.command({ type: "time.speed", ratio: 50 });
  const page = await console.open();
  await expect.poll(() => clock(page)).toBeGreaterThan(20);
  await mesh.command({ type: "node.kill", nodes: ["E"] });
  const killed = await clock(page);
  await select(page, "E");
  await expect(fact(page, "State")).toHaveText("stopped (killed)");

  await page.getByLabel("History: drag to look at the past").fill("20");
  await expect(page.getByText(/^You are looking at the past: /)).toBeVisible();
  await expect(fact(page, "State")).toHaveText("running");
  await expect.poll(() => clock(page)).toBeLessThan(killed);
  await select(page, "A");
  await expect(
    page.getByRole("complementary").getByRole("button", { name: "Kill", exact: true }),
  ).toBeDisabled();
  await console.expectAccessible("the past");

  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await expect(page.getByText(/^You are looking at the past: /)).toHaveCount(0);
  await select(page, "E");
  await expect(fact(page, "State")).toHaveText("stopped (killed)");
});
