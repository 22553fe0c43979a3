/** Meshes too large to draw, and without zones: neighbouring names stand in for zones. */
import type { GraphModel } from "./model.ts";

const CHUNK = 100;

/** The same model with a zone for every hundred names, "n0 – n99"; models with zones stay. */
export function chunkByName(model: GraphModel): GraphModel {
  if (model.nodes.some((node) => node.zone !== undefined)) return model;
  const nodes = model.nodes.map((node, index) => {
    const first = Math.floor(index / CHUNK) * CHUNK;
    const last = Math.min(first + CHUNK, model.nodes.length) - 1;
    const zone = `${model.nodes[first]?.id} – ${model.nodes[last]?.id}`;
    return { id: node.id, zone };
  });
  return { ...model, nodes };
}
