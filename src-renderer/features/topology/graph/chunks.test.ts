import { expect, it } from "vitest";
import { chunkByName } from "./chunks.ts";

const nodes = Array.from({ length: 205 }, (_, i) => ({ id: `n${i}`, zone: undefined }));

it("names each hundred after its first and last node", () => {
  const zones = chunkByName({ nodes, links: [] }).nodes.map((node) => node.zone);
  expect(new Set(zones)).toEqual(new Set(["n0 – n99", "n100 – n199", "n200 – n204"]));
  expect(zones[99]).toBe("n0 – n99");
  expect(zones[100]).toBe("n100 – n199");
});

it("leaves zones alone where there are any", () => {
  const model = { nodes: [...nodes, { id: "x", zone: "z1" }], links: [] };
  expect(chunkByName(model)).toBe(model);
});
