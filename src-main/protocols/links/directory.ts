import type { NodeId } from "#main/kernel/machine.ts";
import type { Random } from "#main/kernel/random.ts";
import type { FormedMesh, LinkMemberState, MeshMember } from "./types.ts";

interface Known {
  readonly state: LinkMemberState;
  readonly zone: string;
}

/** A draw that meets the unusable this often in a row gives up: nearly nobody is left. */
const MAX_DRAWS_PER_ITEM = 8;

/**
 * The members as membership reports them. Only differences to the shared formed mesh are stored.
 */
export class MemberDirectory {
  readonly #self: NodeId;
  readonly #base: ReadonlyMap<NodeId, MeshMember>;
  readonly #changed = new Map<NodeId, Known>();
  /** Everybody ever heard of, for drawing; those who left stay until the list is drawn up anew. */
  readonly #ids: NodeId[];
  #usable: number;

  constructor(self: NodeId, zone: string, formed: FormedMesh | null) {
    this.#self = self;
    this.#base = formed?.members ?? new Map();
    this.#ids = [...this.#base.keys()];
    this.#usable = this.#ids.length;
    if (!this.#base.has(self)) {
      this.set(self, "alive", zone);
    }
  }

  /** Members that can be reached, this node included. */
  get size(): number {
    return this.#usable;
  }

  state(member: NodeId): LinkMemberState | undefined {
    return this.#changed.get(member)?.state ?? (this.#base.has(member) ? "alive" : undefined);
  }

  zone(member: NodeId): string {
    return this.#changed.get(member)?.zone ?? this.#base.get(member)?.zone ?? "";
  }

  /** Part of the overlay: alive, or merely suspected. */
  usable(member: NodeId): boolean {
    const state = this.state(member);
    return state === "alive" || state === "suspect";
  }

  set(member: NodeId, state: LinkMemberState, zone: string): void {
    const before = this.usable(member);
    if (this.state(member) === undefined) {
      this.#ids.push(member);
    }
    this.#changed.set(member, { state, zone });
    this.#usable += Number(this.usable(member)) - Number(before);
  }

  /** The others that can be reached. */
  others(): NodeId[] {
    return this.#ids.filter((id) => id !== this.#self && this.usable(id));
  }

  /** Up to `count` of the others; all of them when they are no more. */
  sample(count: number, random: Random): NodeId[] {
    if (this.#usable - 1 <= count) {
      return this.others();
    }
    const drawn = new Set<NodeId>();
    for (let i = 0; i < count * MAX_DRAWS_PER_ITEM && drawn.size < count; i++) {
      const id = this.#ids[random.int(this.#ids.length)] ?? this.#self;
      if (id !== this.#self && this.usable(id)) {
        drawn.add(id);
      }
    }
    return [...drawn];
  }
}
