/** Told meshes in which something is agreed: the shortest true stories, for tests of views. */
import type { MeshEventBody } from "../contract/events.ts";
import { type ToldMesh, meshOf } from "./meshes.ts";

type Body<T extends MeshEventBody["type"]> = Extract<MeshEventBody, { type: T }>;

export function configOf(
  voters: readonly string[],
  change: Partial<Body<"consensus.config">> = {},
): Body<"consensus.config"> {
  return {
    type: "consensus.config",
    node: voters[0] ?? "",
    protocol: "raft",
    index: 0,
    voters: [...voters],
    outgoing: [],
    learners: [],
    quorum: Math.floor(voters.length / 2) + 1,
    tolerates: 0,
    committed: true,
    ...change,
  };
}

/** A Raft mesh in which the first node was elected in term 1, and every node knows it. */
export function raftMesh(ids: readonly string[]): ToldMesh {
  const mesh = meshOf(ids);
  const [leader = ""] = ids;
  for (const node of ids) mesh.tell(configOf(ids, { node }));
  elect(mesh, leader, 1, ids);
  return mesh;
}

/** `leader` stands and wins; `followers` vote for it and learn of it. */
export function elect(
  { tell }: ToldMesh,
  leader: string,
  term: number,
  followers: readonly string[],
): void {
  const role = "consensus.role";
  const others = followers.filter((node) => node !== leader);
  tell({ type: role, node: leader, role: "candidate", term, reason: "election-timeout" });
  for (const node of others) {
    const vote = { candidate: leader, phase: "vote", granted: true, reason: "granted" } as const;
    tell({ type: "consensus.vote", node, term, ...vote });
  }
  tell({ type: role, node: leader, role: "leader", term, leader, reason: "elected" });
  for (const node of others) {
    tell({ type: role, node, role: "follower", term, leader, reason: "leader-found" });
  }
}

/** A pBFT mesh in view 0, whose first node is the primary. */
export function pbftMesh(ids: readonly string[]): ToldMesh {
  const mesh = meshOf(ids);
  const tolerates = Math.floor((ids.length - 1) / 3);
  const quorum = Math.ceil((ids.length + tolerates + 1) / 2);
  const [leader = ""] = ids;
  for (const node of ids) {
    mesh.tell(configOf(ids, { node, protocol: "pbft", quorum, tolerates }));
    const role = node === leader ? "primary" : "backup";
    mesh.tell({ type: "consensus.role", node, role, term: 0, leader, reason: "start" });
  }
  return mesh;
}

export function traitor(fault: string, node: string): Body<"fault.applied"> {
  const spec: Body<"fault.applied">["spec"] = { kind: "byzantine", node, behaviours: ["replay"] };
  return { type: "fault.applied", fault, spec };
}

export function logged(node: string, index: number, term: number, digest = `d${index}.${term}`) {
  const entry = { index, term, digest, what: "command" as const, bytes: 8 };
  return { type: "consensus.appended" as const, node, entries: [entry] };
}
