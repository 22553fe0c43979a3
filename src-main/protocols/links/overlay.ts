import type { NodeId } from "#main/kernel/machine.ts";
import type { Micros } from "#main/kernel/time.ts";
import type { MemberDirectory } from "./directory.ts";
import { type Robustness, robustness } from "./disjoint.ts";
import { type Graph, LinkSet } from "./graph.ts";
import { SetHash } from "#main/kernel/set-hash.ts";
import type { Advert, AdvertStamp, FormedMesh } from "./types.ts";

interface Entry {
  readonly incarnation: number;
  readonly version: number;
  readonly neighbours: readonly NodeId[];
  readonly roundTripsUs: readonly number[];
  readonly heardAt: Micros;
}

/** `newer` tells of other links than before, `refreshed` of the same ones again. */
export type AdvertOutcome = "newer" | "refreshed" | "known" | "older" | "stranger";

/** Nodes of the largest graph that is kept from one look to the next. */
const MAX_KEPT = 128;

const NOBODY: FormedMesh = {
  members: new Map(),
  neighbours: new Map(),
  digest: "",
  robustness: { components: 1, weak: [] },
};
const UNMEASURED: readonly number[] = [];

type Stamp = Omit<AdvertStamp, "node">;
/** Of the adverts that a formed mesh begins with. */
const FIRST: Stamp = { incarnation: 0, version: 0 };

/**
 * The overlay as this node holds it: the newest advert of every member. A formed mesh is known to
 * all from the start, so its links stand as adverts of incarnation and version 0 until replaced.
 */
export class Overlay implements Graph {
  readonly #self: NodeId;
  readonly #directory: MemberDirectory;
  readonly #base: ReadonlyMap<NodeId, readonly NodeId[]>;
  /** Null: an advert of the formed mesh that does not count any more. */
  readonly #entries = new Map<NodeId, Entry | null>();
  readonly #hash: SetHash;
  #bornAt: Micros = 0;
  #graph: LinkSet | null = null;
  /** Null while it has to be drawn up anew. */
  #heard: readonly NodeId[] | null = null;
  /** The formed mesh's verdict, while its links and members are what they were. */
  #verdict: Robustness | null;

  constructor(self: NodeId, directory: MemberDirectory, formed: FormedMesh | null) {
    this.#self = self;
    this.#directory = directory;
    this.#base = (formed ?? NOBODY).neighbours;
    this.#hash = new SetHash((formed ?? NOBODY).digest);
    this.#verdict = formed?.robustness ?? null;
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

  /** Positive when the advert held of `node` is newer than `stamp`, negative when none is held. */
  compare(node: NodeId, stamp: AdvertStamp): number {
    const entry = this.#entries.get(node) ?? null;
    if (entry !== null) {
      return compareStamps(entry, stamp);
    }
    return this.#isHeard(node) ? compareStamps(FIRST, stamp) : -1;
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

  /** Whose adverts are held; sorted, because summaries speak about ranges. */
  heard(): readonly NodeId[] {
    if (this.#heard === null) {
      const nodes = new Set([...this.#base.keys(), ...this.#entries.keys()]);
      this.#heard = [...nodes].filter((node) => this.#isHeard(node)).sort();
    }
    return this.#heard;
  }

  /** The links that `node` itself tells of, usable or not. */
  claimed(node: NodeId): readonly NodeId[] {
    const entry = this.#entries.get(node);
    return entry === undefined ? (this.#base.get(node) ?? []) : (entry?.neighbours ?? []);
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
    // Most adverts only repeat: keeping the old list saves a copy at each of n nodes. What is new
    // is copied, because a list that was read item by item holds room for more.
    const same = before !== null && isSameList(before.neighbours, advert.neighbours);
    const neighbours = same ? before.neighbours : advert.neighbours.slice();
    const { incarnation, version } = advert;
    const roundTripsUs = advert.roundTripsUs.slice();
    const entry = { incarnation, version, neighbours, roundTripsUs, heardAt: now };
    this.#replace(advert.node, before, entry);
    if (same) {
      return "refreshed";
    }
    this.membersChanged();
    return "newer";
  }

  forget(node: NodeId): void {
    const before = this.#entry(node);
    if (before !== null) {
      this.#replace(node, before, null);
    }
    this.membersChanged();
  }

  /** Somebody became usable or ceased to be: the same adverts make another graph. */
  membersChanged(): void {
    this.#graph = null;
    this.#verdict = null;
  }

  robustness(): Robustness {
    this.#verdict ??= robustness(this);
    return this.#verdict;
  }

  /** Drops what was not heard of again for `lifetime`. */
  sweep(now: Micros, lifetime: Micros): void {
    for (const node of this.heard()) {
      if (node !== this.#self && now - (this.#entry(node)?.heardAt ?? now) > lifetime) {
        this.forget(node);
      }
    }
  }

  /** Usable members that no advert is held of. */
  unheard(): NodeId[] {
    return this.#directory.others().filter((node) => !this.#isHeard(node));
  }

  /** Usable members and the links that both ends tell of; those unheard of have none. */
  get nodes(): Iterable<NodeId> {
    return [this.#self, ...this.#directory.others()];
  }

  neighbours(node: NodeId): NodeId[] {
    const usable = (other: NodeId) => other === this.#self || this.#directory.usable(other);
    return this.claimed(node).filter(
      (other) => usable(other) && this.claimed(other).includes(node),
    );
  }

  /** The same to try changes on, which must be undone. */
  graph(): LinkSet {
    const graph = this.#graph ?? LinkSet.copy(this);
    // A thousand nodes that each keep a graph of a thousand take more memory than the redrawing
    // takes time.
    this.#graph = graph.size <= MAX_KEPT ? graph : null;
    return graph;
  }

  #isHeard(node: NodeId): boolean {
    const entry = this.#entries.get(node);
    return entry === undefined ? this.#base.has(node) : entry !== null;
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

  #replace(node: NodeId, before: Entry | null, entry: Entry | null): void {
    if (before !== null) {
      this.#hash.remove(stampKey(node, before));
    }
    if ((before === null) !== (entry === null)) {
      this.#heard = null;
    }
    if (entry === null && !this.#base.has(node)) {
      this.#entries.delete(node);
    } else {
      this.#entries.set(node, entry);
    }
    if (entry !== null) {
      this.#hash.add(stampKey(node, entry));
    }
  }
}

/** What digests are made of. */
export function stampKey(node: NodeId, stamp: Stamp): string {
  const { incarnation, version } = stamp;
  return `${node} ${incarnation} ${version}`;
}

/** Positive when `a` is newer: the higher incarnation, then the higher version. */
export function compareStamps(a: Stamp, b: Stamp): number {
  return a.incarnation - b.incarnation || a.version - b.version;
}

function isSameList(a: readonly NodeId[], b: readonly NodeId[]): boolean {
  return a.length === b.length && a.every((node, i) => node === b[i]);
}
