import { openMeshSchema } from "#shared/contract/protocol.ts";
import { expect, it } from "vitest";
import { MESH_TEMPLATES } from "./templates.ts";

it.each(MESH_TEMPLATES)("$id is a mesh that the contract takes, with a consensus", (template) => {
  const parsed = openMeshSchema.parse(template.request);
  expect(parsed).toMatchObject({ kind: "simulated" });
  expect(parsed.kind === "simulated" && parsed.options.consensus.kind).not.toBe("none");
});
