/** The regular shapes: each lays its links into `links` over members in their order. */
import type { NodeId } from "#main/kernel/machine.ts";
import type { LinkSet } from "./graph.ts";
import type { MeshMember } from "./types.ts";

/** Rows of the smallest square that holds all; the last row may be short. */
export function layGrid(links: LinkSet, ids: readonly NodeId[]): void {
  const width = Math.ceil(Math.sqrt(ids.length));
  for (const [i, id] of ids.entries()) {
    if ((i + 1) % width !== 0) {
      link(links, id, ids[i + 1]);
    }
    link(links, id, ids[i + width]);
  }
}

export function layRing(links: LinkSet, ids: readonly NodeId[]): void {
  for (const [i, id] of ids.entries()) {
    link(links, id, ids[(i + 1) % ids.length]);
  }
}

/** The first is the hub. */
export function layStar(links: LinkSet, ids: readonly NodeId[]): void {
  for (const id of ids.slice(1)) {
    link(links, id, ids[0]);
  }
}

export function layFull(links: LinkSet, ids: readonly NodeId[]): void {
  for (const [i, id] of ids.entries()) {
    for (const other of ids.slice(i + 1)) {
      link(links, id, other);
    }
  }
}

/** Without zones, members form groups of this size. */
const GROUP_SIZE = 8;

/**
 * Groups (zones, where there are several) are rings inside. Every group has two gateways, its
 * first members, and the groups form a ring over them: no single loss cuts a group off.
 */
export function layHierarchy(links: LinkSet, members: readonly MeshMember[]): void {
  const groups = groupMembers(members);
  for (const [i, group] of groups.entries()) {
    layRing(links, group);
    layChords(links, group);
    const next = groups[(i + 1) % groups.length];
    if (groups.length > 1) {
      link(links, group[1] ?? group[0], next?.[0]);
    }
  }
}

/** Everyone also knows the one opposite, so that a group has its three links inside. */
function layChords(links: LinkSet, ids: readonly NodeId[]): void {
  const half = Math.floor(ids.length / 2);
  for (let i = 0; i < half; i++) {
    link(links, ids[i], ids[i + half]);
  }
}

function groupMembers(members: readonly MeshMember[]): NodeId[][] {
  const zones = new Map<string, NodeId[]>();
  for (const { id, zone } of members) {
    zones.set(zone, [...(zones.get(zone) ?? []), id]);
  }
  if (zones.size > 1) {
    return [...zones.values()];
  }
  const groups: NodeId[][] = [];
  for (let i = 0; i < members.length; i += GROUP_SIZE) {
    groups.push(members.slice(i, i + GROUP_SIZE).map((member) => member.id));
  }
  return groups;
}

function link(links: LinkSet, a: NodeId | undefined, b: NodeId | undefined): void {
  if (a !== undefined && b !== undefined) {
    links.add(a, b);
  }
}
