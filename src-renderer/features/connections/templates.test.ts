import { openMeshSchema } from "#shared/contract/protocol.ts";
import { expect, it } from "vitest";
import { allMessages } from "../../app/i18n/index.ts";
import { CONNECTION_COMMANDS } from "./commands.ts";
import { MESH_TEMPLATES } from "./templates.ts";

it.each(MESH_TEMPLATES)("$id is a mesh that the contract takes, with a consensus", (template) => {
  const parsed = openMeshSchema.parse(template.request);
  expect(parsed).toMatchObject({ kind: "simulated" });
  expect(parsed.kind === "simulated" && parsed.options.consensus.kind).not.toBe("none");
});

it.each(MESH_TEMPLATES)("$id has a command and words in both languages", ({ id }) => {
  const command = CONNECTION_COMMANDS.find((each) => each.id === `mesh.open.${id}`);
  const path = command?.title.split(":")[1]?.split(".") ?? [];
  for (const language of Object.values(allMessages())) {
    let found: unknown = language["connections"];
    for (const key of path) found = Reflect.get(found as object, key);
    expect(typeof found).toBe("string");
  }
});
