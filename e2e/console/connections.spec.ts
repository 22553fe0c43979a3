/** Other hosts, recordings, roles, and a host that goes away. */
import { controlOf } from "./control.ts";
import { expect, type Page, test } from "./fixture.ts";
import { card, fact, inspector, run, select, view } from "./parts.ts";
import { type ServedHost, serve } from "./serve.ts";

const dialog = (page: Page) => page.getByRole("dialog");

async function attach(page: Page, other: ServedHost, token: string): Promise<void> {
  await dialog(page).getByLabel("Address").fill(other.origin.replace("http:", "ws:"));
  await dialog(page).getByLabel("Token").fill(token);
  await dialog(page).getByRole("button", { name: "Attach" }).click();
}

test.describe("another host", () => {
  let other: ServedHost;
  test.beforeAll(async () => {
    other = await serve();
  });
  test.afterAll(async () => {
    await other.stop();
  });

  test("its meshes stand beside ours, with what the token's role allows", async ({ console }) => {
    const page = await console.open();
    await view(page, "Connections").click();
    await page.getByRole("button", { name: "Attach" }).click();
    await attach(page, other, "wrong");
    await expect(dialog(page).getByRole("alert")).toContainText("The token was refused.");
    await console.expectAccessible("a refused token");

    await attach(page, other, other.tokens.viewer);
    await expect(dialog(page)).toHaveCount(0);
    await expect(page.getByText("Remote", { exact: true })).toBeVisible();
    await select(page, "E");
    await expect(fact(page, "State")).toHaveText("running");
    const kill = inspector(page).getByRole("button", { name: "Kill", exact: true });
    await expect(kill).toBeDisabled();
    await kill.hover();
    await expect(page.getByRole("tooltip")).toContainText(/operator|viewer/);
  });

  test("with an operator's token it is steered from here, after a window to cancel", async ({
    console,
    mesh,
  }) => {
    const address = other.origin.replace("http:", "ws:");
    const page = await console.open();
    await expect(card(page, "I")).toBeVisible();
    const [id = ""] = await mesh.open({ kind: "remote", address, token: other.tokens.operator });
    await page.getByRole("button", { name: /^Live demo/ }).click();
    await page.getByRole("menuitemradio").nth(1).click();
    await select(page, "E");
    await inspector(page).getByRole("button", { name: "Kill", exact: true }).click();
    await expect(page.getByText("Kill E in 5 s")).toBeVisible();
    // At once: on a slow machine the window is over before a pointer has found the button.
    await page.getByRole("button", { name: "Cancel" }).dispatchEvent("click");
    await expect(page.getByText("Kill E in 5 s")).toHaveCount(0);
    await expect(fact(page, "State")).toHaveText("running");
    await mesh.command({ type: "node.kill", nodes: ["E"] }, id);
    await expect(fact(page, "State")).toHaveText("stopped (killed)");
  });
});

test("a viewer sees all and is refused with the reason", async ({
  console: _watched,
  host,
  page,
}) => {
  await page.goto(`${host.origin}/#token=${host.tokens.viewer}`);
  await expect(page.getByRole("button", { name: "Read-only" })).toBeVisible();
  await select(page, "E");
  const kill = inspector(page).getByRole("button", { name: "Kill", exact: true });
  await expect(kill).toBeDisabled();
  await kill.hover();
  await expect(page.getByRole("tooltip")).toContainText("Needs the role operator");
  await view(page, "Connections").click();
  await expect(page.getByRole("button", { name: "New simulated mesh" })).toBeDisabled();
  await expect(page.getByText(/your role is viewer/)).toBeVisible();
});

test("a page with a wrong token says so and takes the right one", async ({
  console,
  host,
  page,
}) => {
  await page.goto(`${host.origin}/#token=wrong`);
  await expect(page.getByRole("alert")).toBeVisible();
  await console.expectAccessible("the gate");
  await page.getByLabel("Token").fill(host.tokens.admin);
  await page.getByRole("button", { name: "Connect" }).click();
  await expect(page.getByText("9 nodes", { exact: true })).toBeVisible();
});

test("a recording is opened, looked through, and cannot be changed", async ({ console, mesh }) => {
  await mesh.command({ type: "time.speed", ratio: 50 });
  await mesh.command({ type: "node.kill", nodes: ["E"] });
  await expect.poll(async () => (await mesh.view()).nodes.get("E")?.confirmed).toBeDefined();
  const text = await mesh.record();
  const page = await console.open();
  await expect(card(page, "I")).toBeVisible();
  await run(page, "Open a recording");
  const file = (content: string) => ({
    name: "run.meshdeck",
    mimeType: "application/octet-stream",
    buffer: Buffer.from(content),
  });
  await page.locator("input[type=file]").setInputFiles(file("nonsense"));
  await expect(dialog(page).getByRole("alert")).toContainText("This is not a recording");
  await page.locator("input[type=file]").setInputFiles(file(text));
  await expect(dialog(page)).toHaveCount(0);
  await expect(page.getByText("Recording", { exact: true }).first()).toBeVisible();
  await select(page, "E");
  await expect(fact(page, "State")).toHaveText("stopped (killed)");
  await expect(
    inspector(page).getByRole("button", { name: "Restart", exact: true }),
  ).toBeDisabled();
  await page.getByLabel("History: drag to look at the past").fill("1");
  await expect(fact(page, "State")).not.toHaveText("stopped (killed)");
});

test("a host that dies is missed in words, its data ages, and it is taken up again", async ({
  console: _watched,
  page,
}) => {
  const host = await serve();
  const control = await controlOf(host);
  await control.command({ type: "node.kill", nodes: ["E"] });
  control.close();
  await page.goto(host.url);
  await expect(card(page, "I")).toBeVisible();
  await host.kill();
  await expect(page.getByText(/Host lost\. Reconnecting in \d+\.\d s/).first()).toBeVisible();
  await expect(page.getByText(/last update .+ ago/).first()).toBeVisible();
  await expect(page.locator(".app--stale")).toBeVisible();
  await expect(card(page, "I")).toBeVisible();
  await select(page, "A");
  await expect(inspector(page).getByRole("button", { name: "Kill", exact: true })).toBeDisabled();

  const back = await serve([], host);
  await page.getByRole("button", { name: "Try now" }).click();
  await expect(page.getByRole("status").getByText("Live", { exact: true })).toBeVisible();
  await expect(page.locator(".app--stale")).toHaveCount(0);
  await expect(fact(page, "State")).toHaveText("running");
  await back.stop();
});
