/**
 * The links of a mesh of a given shape: a pure function of members and draws, so that every node
 * can compute the whole and take its share. Members are ordered by the length of their name, then
 * by its characters, whatever order they come in.
 */
import type { NodeId } from "#main/kernel/machine.ts";
import type { Random } from "#main/kernel/random.ts";
import { type DegreeLimits, isBounded } from "./degree.ts";
import { hasDisjointRoutes, outOfReach, type Robustness, robustness } from "./disjoint.ts";
import { distances, LinkSet } from "./graph.ts";
import { layFull, layGrid, layHierarchy, layRing, layStar } from "./lattices.ts";
import type { TopologyKind } from "./options.ts";
import { stampKey } from "./overlay.ts";
import { layRandomRegular, laySmallWorld } from "./random-graphs.ts";
import { SetHash } from "#main/kernel/set-hash.ts";
import type { FormedMesh, MeshMember } from "./types.ts";

export interface TopologyPlan extends DegreeLimits {
  readonly kind: TopologyKind;
  readonly members: readonly MeshMember[];
  /** The same stream at every node that computes the plan. */
  readonly random: Random;
  /** Only for `custom`; links that name an unknown node are left out. */
  readonly links?: readonly (readonly [NodeId, NodeId])[];
}

export function formMesh(plan: TopologyPlan): FormedMesh {
  const members = [...plan.members].sort(inOrder);
  const links = initialLinks(plan);
  const hash = new SetHash();
  for (const { id } of members) {
    hash.add(stampKey(id, { incarnation: 0, version: 0 }));
  }
  return {
    members: new Map(members.map((member) => [member.id, member])),
    neighbours: new Map(members.map(({ id }) => [id, [...links.neighbours(id)].sort()])),
    digest: hash.hex,
    robustness: robustness(links),
  };
}

export function initialLinks(plan: TopologyPlan): LinkSet {
  const members = [...plan.members].sort(inOrder);
  const links = new LinkSet(members.map((member) => member.id));
  layShape(links, members, plan);
  if (isBounded(plan.kind)) {
    raiseToMinimum(links, plan);
    strengthen(links, plan);
  }
  return links;
}

/** Short names first: A … Z before n26, n99 before n100. */
export function inOrder(a: MeshMember, b: MeshMember): number {
  if (a.id.length !== b.id.length) {
    return a.id.length - b.id.length;
  }
  return a.id < b.id ? -1 : Number(a.id > b.id);
}

function layShape(links: LinkSet, members: readonly MeshMember[], plan: TopologyPlan): void {
  const ids = members.map((member) => member.id);
  const random = plan.random.fork(plan.kind);
  switch (plan.kind) {
    case "grid":
      return layGrid(links, ids);
    case "ring":
      return layRing(links, ids);
    case "star":
      return layStar(links, ids);
    case "full":
      return layFull(links, ids);
    case "hierarchical":
      return layHierarchy(links, members);
    case "random-regular":
      return layRandomRegular(links, ids, plan.minNeighbours, random);
    case "small-world":
      return laySmallWorld(links, ids, plan.maxNeighbours, random);
    case "custom":
      for (const [a, b] of plan.links ?? []) {
        links.add(a, b);
      }
  }
}

/**
 * Border and corner nodes of a lattice have too few links: they get the missing ones, preferably
 * to others that lack some too, and far rather than near, which makes the routes more different.
 */
function raiseToMinimum(links: LinkSet, limits: DegreeLimits): void {
  for (const node of links.nodes) {
    while (links.degree(node) < limits.minNeighbours) {
      const partner = poorestPartner(links, node, limits.maxNeighbours);
      if (partner === null) {
        break;
      }
      links.add(node, partner);
    }
  }
}

interface Partner {
  readonly id: NodeId;
  readonly degree: number;
  readonly hops: number;
}

function poorestPartner(links: LinkSet, node: NodeId, maxDegree: number): NodeId | null {
  const hops = distances(links, node);
  let best: Partner | null = null;
  for (const id of links.nodes) {
    if (id === node || links.has(node, id) || links.degree(id) >= maxDegree) {
      continue;
    }
    const next: Partner = { id, degree: links.degree(id), hops: hops.get(id) ?? links.size };
    best = best === null || isBetter(next, best) ? next : best;
  }
  return best?.id ?? null;
}

function isBetter(a: Partner, b: Partner): boolean {
  return a.degree < b.degree || (a.degree === b.degree && a.hops > b.hops);
}

/**
 * Adds links around weak nodes until no single loss cuts the mesh, as far as the maximum allows.
 * Shapes rarely need it: short last rows, groups of one.
 */
function strengthen(links: LinkSet, limits: DegreeLimits): void {
  let state = robustness(links);
  while (!hasDisjointRoutes(state)) {
    const pair = bypass(links, state, limits.maxNeighbours);
    if (pair === null) {
      return;
    }
    links.add(...pair);
    state = robustness(links);
  }
}

/** The least-linked pair of nodes from the two sides of a cut, or of a weak node. */
function bypass(links: LinkSet, state: Robustness, maxDegree: number): [NodeId, NodeId] | null {
  const rest = LinkSet.copy(links);
  const cut = state.components === 1 ? state.weak[0] : undefined;
  if (cut !== undefined) {
    for (const neighbour of links.neighbours(cut)) {
      rest.remove(cut, neighbour);
    }
  }
  const open = [...links.nodes].filter((id) => id !== cut && links.degree(id) < maxDegree);
  open.sort((a, b) => links.degree(a) - links.degree(b));
  for (const node of open) {
    const far = new Set(outOfReach(rest, node));
    const partner = open.find((other) => far.has(other));
    if (partner !== undefined) {
      return [node, partner];
    }
  }
  return null;
}
