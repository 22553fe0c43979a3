/** Meshes that are worth a look, one click away. */
import type { OpenMeshInput } from "#shared/contract/protocol.ts";

export interface MeshTemplate {
  /** Stable: names its command, `mesh.open.<id>`. */
  readonly id: "raft-5" | "pbft-4" | "pbft-7" | "epidemic-9" | "memory-5";
  readonly request: Extract<OpenMeshInput, { kind: "simulated" }>;
  /** The page that shows what it is about. */
  readonly view: "consensus" | "memory";
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
  const request = { kind: "simulated", options: { memory: MEMORY, ...options } } as const;
  return { id, request, view: options.memory === undefined ? "consensus" : "memory" };
}

/** One of each promise: agreed, counted, collected, kept side by side. */
const SHARED: Options["memory"] = {
  namespaces: [
    { name: "settings", mode: "strong" },
    { name: "likes", mode: "counter" },
    { name: "cart", mode: "set" },
    { name: "title", mode: "register" },
  ],
};

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
  template("memory-5", {
    name: "memory",
    nodes: 5,
    topology: { kind: "full" },
    consensus: { kind: "raft" },
    memory: SHARED,
    aggregation: true,
  }),
  template("epidemic-9", { name: "epidemic", nodes: 9, consensus: { kind: "epidemic" } }),
];
