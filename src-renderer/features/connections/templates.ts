/** Meshes that are worth a look, one click away. */
import type { OpenMeshInput } from "#shared/contract/protocol.ts";

export interface MeshTemplate {
  /** Stable: names its command, `mesh.open.<id>`. */
  readonly id: "raft-5" | "pbft-4" | "pbft-7" | "epidemic-9";
  readonly request: Extract<OpenMeshInput, { kind: "simulated" }>;
}

type Options = MeshTemplate["request"]["options"];

/** Some memory to write to, with and without agreement. */
const MEMORY: Options["memory"] = {
  namespaces: [
    { name: "config", mode: "strong" },
    { name: "notes", mode: "register" },
    { name: "hits", mode: "counter" },
  ],
};

function template(id: MeshTemplate["id"], options: Options): MeshTemplate {
  return { id, request: { kind: "simulated", options: { memory: MEMORY, ...options } } };
}

export const MESH_TEMPLATES: readonly MeshTemplate[] = [
  template("raft-5", {
    name: "raft",
    nodes: 5,
    topology: { kind: "full" },
    consensus: { kind: "raft" },
  }),
  template("pbft-4", {
    name: "pbft",
    nodes: 4,
    topology: { kind: "full" },
    consensus: { kind: "pbft" },
  }),
  template("pbft-7", {
    name: "pbft",
    nodes: 7,
    topology: { kind: "full" },
    consensus: { kind: "pbft" },
  }),
  template("epidemic-9", { name: "epidemic", nodes: 9, consensus: { kind: "epidemic" } }),
];
