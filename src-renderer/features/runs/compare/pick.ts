/** Which two meshes to compare, and over which time. */
import type { MeshListing } from "#shared/contract/protocol.ts";
import type { Pair } from "../store.ts";

export interface Chosen {
  readonly a: MeshListing;
  readonly b: MeshListing;
}

/** What was asked for as far as it is open; else a fork and its origin; else the first two. */
export function choosePair(
  listings: readonly MeshListing[],
  wanted: Pair,
  active: string | undefined,
): Chosen | undefined {
  const find = (id: string | undefined): MeshListing | undefined =>
    listings.find(({ description }) => description.id === id);
  const b = find(wanted.b) ?? defaultFork(listings, active) ?? listings[1];
  if (b === undefined) return undefined;
  const origin = find(b.description.forkedFrom?.mesh);
  const a = find(wanted.a) ?? origin ?? listings.find((each) => each !== b);
  return a === undefined ? undefined : { a, b };
}

/** The shown mesh where it is a fork, else the newest fork whose origin is open. */
function defaultFork(
  listings: readonly MeshListing[],
  active: string | undefined,
): MeshListing | undefined {
  const open = new Set(listings.map(({ description }) => description.id));
  const forks = listings.filter(({ description }) => {
    const from = description.forkedFrom?.mesh;
    return from !== undefined && open.has(from);
  });
  return forks.find(({ description }) => description.id === active) ?? forks.at(-1);
}

export interface CommonPast {
  /** The last event that both have. */
  readonly seq: number;
  readonly at: number;
}

/** Undefined where neither is a fork of the other, nor both of one. */
export function commonPast({ a, b }: Chosen): CommonPast | undefined {
  const fromA = a.description.forkedFrom;
  const fromB = b.description.forkedFrom;
  if (fromB?.mesh === a.description.id) return { seq: fromB.seq, at: fromB.at };
  if (fromA?.mesh === b.description.id) return { seq: fromA.seq, at: fromA.at };
  if (fromA === undefined || fromB === undefined || fromA.mesh !== fromB.mesh) return undefined;
  const first = fromA.seq < fromB.seq ? fromA : fromB;
  return { seq: first.seq, at: first.at };
}

export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The time that both reach, in mesh microseconds; `to` is never before `from`. */
export function commonSpan({ a, b }: Chosen): Span {
  const from = Math.max(a.status.historyFrom, b.status.historyFrom);
  return { from, to: Math.max(from, Math.min(a.status.at, b.status.at)) };
}
