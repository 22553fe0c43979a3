/** Lies and damaged disks as a person makes them: chosen in a dialog, shown as faults, ended. */
import { expect, test } from "./fixture.ts";
import { dock, run, select } from "./parts.ts";

test("a node is made to lie after a look at what that does, and is honest again", async ({
  console,
  mesh,
}) => {
  await mesh.only({ name: "pbft", nodes: 4, consensus: { kind: "pbft" } });
  const page = await console.open();
  await select(page, "B");
  await run(page, "Make it lie");
  const dialog = page.getByRole("dialog", { name: "What B lies about" });
  await expect(dialog.getByRole("button", { name: "Make it honest" })).toHaveAttribute(
    "aria-disabled",
    "true",
  );
  await dialog.getByRole("switch", { name: "says nothing" }).click();
  await expect(dialog.getByText("B no longer keeps to the protocol.")).toBeVisible();
  await console.expectAccessible("what a node lies about");
  await dialog.getByRole("button", { name: "Make it lie" }).click();
  await dock(page).getByRole("tab", { name: "Faults" }).click();
  await expect(dock(page).getByText("B says nothing")).toBeVisible();
  await run(page, "Make it honest again");
  await expect(dock(page).getByText("Nothing is broken on purpose")).toBeVisible();
});

test("only the disk of a stopped node can be damaged", async ({ console, mesh }) => {
  await mesh.only({ name: "raft", nodes: 3, consensus: { kind: "raft" } });
  const page = await console.open();
  await mesh.command({ type: "node.kill", nodes: ["C"] });
  await select(page, "C");
  await run(page, "Damage its disk");
  const dialog = page.getByRole("dialog", { name: "Damage the disk of C" });
  await dialog.getByRole("combobox").selectOption("tear-last");
  await dialog.getByRole("button", { name: "Damage" }).click();
  await expect(page.getByText("The last record on the disk of C was torn").first()).toBeVisible();
});
