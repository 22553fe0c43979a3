/** Every mesh that can be opened with one click has a command, with words in both languages. */
import { expect, it } from "vitest";
import { connections } from "../../features/connections/index.ts";
import { allMessages } from "./index.ts";

const TEMPLATES = (connections.commands ?? []).filter(({ id }) => /^mesh\.open\..+-\d+$/.test(id));

it("there are templates", () => {
  expect(TEMPLATES.length).toBeGreaterThanOrEqual(4);
});

it.each(TEMPLATES)("$id is named in both languages", ({ title }) => {
  const path = title.split(":")[1]?.split(".") ?? [];
  for (const language of Object.values(allMessages())) {
    let found: unknown = language["connections"];
    for (const key of path) found = Reflect.get(found as object, key);
    expect(typeof found).toBe("string");
  }
});
