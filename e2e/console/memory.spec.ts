/** Shared memory as a person uses it: write, read, tear the mesh, and settle what came of it. */
import type { MeshOptionsInput } from "#shared/contract/mesh-options.ts";
import { FAST, expect, type Page, test } from "./fixture.ts";
import { view } from "./parts.ts";

const SHARED: MeshOptionsInput = {
  name: "memory",
  nodes: 5,
  topology: { kind: "full" },
  consensus: { kind: "raft" },
  memory: {
    namespaces: [
      { name: "settings", mode: "strong" },
      { name: "likes", mode: "counter" },
      { name: "title", mode: "register" },
    ],
  },
};

const space = (page: Page, name: string) =>
  page.getByRole("region", { name: "Namespaces" }).getByRole("button", { name });
const row = (page: Page, key: string) =>
  page.getByRole("grid", { name: /Keys and what/ }).getByRole("row", { name: key });
const fates = (page: Page) => page.getByRole("list", { name: "What became of requests" });

async function openMemory(page: Page): Promise<void> {
  await view(page, "Memory").click();
  await expect(page.getByRole("heading", { name: "Memory", level: 1 })).toBeVisible();
}

async function write(page: Page, key: string, label: string, value: string): Promise<void> {
  await page.getByRole("textbox", { name: "Key", exact: true }).fill(key);
  await page.getByRole("textbox", { name: label, exact: true }).fill(value);
  await page.getByRole("button", { name: "Write", exact: true }).click();
}

test("a mesh without memory says so, takes a namespace, and opens one that has it", async ({
  console,
}) => {
  const page = await console.open();
  await openMemory(page);
  await expect(page.getByText("This mesh shares no memory yet")).toBeVisible();
  await console.expectAccessible("memory, none");
  await page.getByRole("textbox", { name: "Name" }).fill("notes");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  await expect(page.getByText("Nothing was written to notes yet")).toBeVisible();
});

test("what is agreed is read back, and compared before it is written", async ({
  console,
  mesh,
}) => {
  await mesh.only(SHARED);
  const page = await console.open();
  await openMemory(page);
  await space(page, "settings").click();
  await write(page, "colour", "Value", "teal");
  await expect(row(page, "colour")).toContainText("teal");
  await expect(row(page, "colour")).toContainText("all the same");
  await expect(fates(page).getByText("done", { exact: true })).toHaveCount(1);
  await page.getByRole("switch", { name: "Only if it is what I expect" }).click();
  await page.getByRole("textbox", { name: "Expected value" }).fill("red");
  await write(page, "colour", "Value", "blue");
  await expect(fates(page).getByText("conflict: the value was another one")).toBeVisible();
  await page.getByRole("group", { name: "What to do" }).getByText("Read").click();
  await page.getByRole("button", { name: "Read", exact: true }).click();
  await expect(fates(page).getByText("→ teal")).toBeVisible();
  await console.expectAccessible("memory, keys");
});

test("a counter adds up what two nodes counted", async ({ console, mesh }) => {
  await mesh.only(SHARED);
  const page = await console.open();
  await openMemory(page);
  await space(page, "likes").click();
  for (const node of ["B", "D"]) {
    await page.getByRole("combobox", { name: "Through" }).selectOption(node);
    await write(page, "post", "Add (may be negative)", "3");
  }
  await expect(row(page, "post")).toContainText("6");
  await expect(row(page, "post")).toContainText("all the same");
});

test("both sides of a cut write one key: siblings, until one is kept", async ({
  console,
  mesh,
}) => {
  await mesh.only(SHARED);
  const page = await console.open();
  await openMemory(page);
  await space(page, "title").click();
  const groups = [
    ["A", "B"],
    ["C", "D", "E"],
  ];
  await mesh.command({ type: "network.partition", groups });
  const what = { type: "memory.write", namespace: "title", key: "page" } as const;
  await mesh.command({ ...what, node: "A", value: "Welcome" });
  await mesh.command({ ...what, node: "C", value: "Hello" });
  await row(page, "page").click();
  await expect(row(page, "page")).toContainText("differ");
  await mesh.command({ type: "fault.clearAll" });
  await mesh.command({ type: "time.speed", ratio: FAST });
  await expect(row(page, "page")).toContainText("2 siblings");
  await page.getByRole("button", { name: "Keep Welcome" }).click();
  await expect(row(page, "page")).not.toContainText("siblings");
  await expect(row(page, "page")).toContainText("Welcome");
  await expect(page.getByRole("region", { name: "Its changes" })).toContainText("Hello");
});

test("who may only look reads, and is told why not to write", async ({ console, host, mesh }) => {
  await mesh.only(SHARED);
  const full = await console.open();
  const page = await full.context().newPage();
  await page.goto(`${host.origin}/#token=${host.tokens.viewer}`);
  await openMemory(page);
  await space(page, "settings").click();
  await page.getByRole("textbox", { name: "Key", exact: true }).fill("colour");
  const button = page.getByRole("button", { name: "Write", exact: true });
  await expect(button).toHaveAttribute("aria-disabled", "true");
  await button.hover();
  await expect(page.getByRole("tooltip")).toContainText("Needs the role operator");
  await page.getByRole("group", { name: "What to do" }).getByText("Read").click();
  await page.getByRole("button", { name: "Read", exact: true }).click();
  await expect(fates(page).getByText("there is nothing")).toBeVisible();
});
