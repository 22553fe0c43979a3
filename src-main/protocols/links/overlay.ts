import type { NodeId } from "#main/kernel/machine.ts";
import type { Micros } from "#main/kernel/time.ts";
import type { MemberDirectory } from "./directory.ts";
import { LinkSet } from "./graph.ts";
import { SetHash } from "./set-hash.ts";
import type { Advert, AdvertStamp, FormedMesh } from "./types.ts";

interface Entry {
  readonly incarnation: number;
  readonly version: number;
  readonly neighbours: readonly NodeId[];
  readonly roundTripsUs: readonly number[];
  readonly heardAt: Micros;
}

export type AdvertOutcome = "newer" | "known" | "older" | "stranger";

const NOBODY: FormedMesh = { members: new Map(), neighbours: new Map(), digest: "" };
const UNMEASURED: readonly number[] = [];

/**
 * The overlay as this node holds it: the newest advert of every member. A formed mesh is known to
 * all from the start, so its links stand as adverts of incarnation and version 0 until replaced.
 */
export class Overlay {
  readonly #self: NodeId;
  readonly #directory: MemberDirectory;
  readonly #base: ReadonlyMap<NodeId, readonly NodeId[]>;
  /** Null: an advert of the formed mesh that does not count any more. */
  readonly #entries = new Map<NodeId, Entry | null>();
  readonly #hash: SetHash;
  #bornAt: Micros = 0;
  #graph: LinkSet | null = null;

  constructor(self: NodeId, directory: MemberDirectory, formed: FormedMesh | null) {
    this.#self = self;
    this.#directory = directory;
    this.#base = (formed ?? NOBODY).neighbours;
    this.#hash = new SetHash((formed ?? NOBODY).digest);
  }

  /** Equal at two nodes when they hold the same adverts. */
  get digest(): string {
    return this.#hash.hex;
  }

  start(now: Micros): void {
    this.#bornAt = now;
  }

  stamp(node: NodeId): AdvertStamp | null {
    const entry = this.#entry(node);
    return entry && { node, incarnation: entry.incarnation, version: entry.version };
  }

  advert(node: NodeId): Advert | null {
    const entry = this.#entry(node);
    if (entry === null) {
      return null;
    }
    const { incarnation, version, neighbours, roundTripsUs } = entry;
    const zone = this.#directory.zone(node);
    return { node, incarnation, version, zone, neighbours, roundTripsUs };
  }

  /** Sorted: summaries speak about ranges. */
  nodes(): NodeId[] {
    const nodes = new Set([...this.#base.keys(), ...this.#entries.keys()]);
    return [...nodes].filter((node) => this.#entry(node) !== null).sort();
  }

  neighbours(node: NodeId): readonly NodeId[] {
    return this.#entry(node)?.neighbours ?? [];
  }

  /** As `a` measured it; 0 when it did not. */
  roundTripUs(a: NodeId, b: NodeId): number {
    const entry = this.#entry(a);
    return entry?.roundTripsUs[entry.neighbours.indexOf(b)] ?? 0;
  }

  /** Takes an advert in when it is newer. Adverts about strangers and the dead are not kept. */
  accept(advert: Advert, now: Micros): AdvertOutcome {
    const state = this.#directory.state(advert.node);
    if (state === undefined || state === "dead" || state === "left") {
      return "stranger";
    }
    const before = this.#entry(advert.node);
    const order = before === null ? 1 : compareStamps(advert, before);
    if (order <= 0) {
      return order === 0 ? "known" : "older";
    }
    // Most adverts only repeat: keeping the old list saves a copy at each of n nodes.
    const same = before !== null && isSameList(before.neighbours, advert.neighbours);
    const neighbours = same ? before.neighbours : advert.neighbours;
    this.#replace(advert.node, { ...advert, neighbours, heardAt: now });
    if (!same) {
      this.#graph = null;
    }
    return "newer";
  }

  forget(node: NodeId): void {
    if (this.#entry(node) !== null) {
      this.#replace(node, null);
    }
    this.#graph = null;
  }

  /** Somebody became usable or ceased to be: the same adverts make another graph. */
  membersChanged(): void {
    this.#graph = null;
  }

  /** Drops what was not heard of again for `lifetime`. */
  sweep(now: Micros, lifetime: Micros): void {
    for (const node of this.nodes()) {
      if (node !== this.#self && now - (this.#entry(node)?.heardAt ?? now) > lifetime) {
        this.forget(node);
      }
    }
  }

  /** Usable members that no advert is held of. */
  unheard(): NodeId[] {
    return [...this.#directory.others()].filter((node) => this.#entry(node) === null);
  }

  /**
   * Usable members and the links that both ends tell of; those unheard of have none. Callers may
   * try changes on it, and must undo them.
   */
  graph(): LinkSet {
    this.#graph ??= this.#drawGraph();
    return this.#graph;
  }

  #drawGraph(): LinkSet {
    const present = [this.#self, ...this.#directory.others()].sort();
    const graph = new LinkSet(present);
    for (const node of present) {
      for (const other of this.neighbours(node)) {
        if (node < other && this.neighbours(other).includes(node)) {
          graph.add(node, other);
        }
      }
    }
    return graph;
  }

  #entry(node: NodeId): Entry | null {
    const entry = this.#entries.get(node);
    if (entry !== undefined) {
      return entry;
    }
    const neighbours = this.#base.get(node);
    if (neighbours === undefined) {
      return null;
    }
    const heardAt = this.#bornAt;
    return { incarnation: 0, version: 0, neighbours, roundTripsUs: UNMEASURED, heardAt };
  }

  #replace(node: NodeId, entry: Entry | null): void {
    const before = this.#entry(node);
    if (before !== null) {
      this.#hash.remove(stampKey({ node, ...before }));
    }
    if (entry === null && !this.#base.has(node)) {
      this.#entries.delete(node);
    } else {
      this.#entries.set(node, entry);
    }
    if (entry !== null) {
      this.#hash.add(stampKey({ node, ...entry }));
    }
  }
}

/** What digests are made of. */
export function stampKey({ node, incarnation, version }: AdvertStamp): string {
  return `${node} ${incarnation} ${version}`;
}

/** Positive when `a` is newer: the higher incarnation, then the higher version. */
export function compareStamps(a: Omit<AdvertStamp, "node">, b: Omit<AdvertStamp, "node">): number {
  return a.incarnation - b.incarnation || a.version - b.version;
}

function isSameList(a: readonly NodeId[], b: readonly NodeId[]): boolean {
  return a.length === b.length && a.every((node, i) => node === b[i]);
}
