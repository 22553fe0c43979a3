/** The meshes that are open in this host, by id. */
import type { MeshId } from "#shared/contract/description.ts";
import { MeshError } from "#shared/contract/errors.ts";
import type { MeshListing, OpenMesh } from "#shared/contract/protocol.ts";
import type { ForkPoint, MeshDirectory } from "#main/gateway/ports.ts";
import { assert } from "#main/kernel/assert.ts";
import type { MeshSource } from "#main/sources/mesh-source.ts";
import type { Scenario } from "#shared/scenario/scenario.ts";

export const MAX_MESHES = 64;

/** Forks take a processor's time; more at once would only take longer. */
const MAX_FORKS_AT_ONCE = 2;

/** What a host opens: what clients may ask for, and what only it can. */
export type OpenRequest =
  | OpenMesh
  | { readonly kind: "scenario"; readonly scenario: Scenario }
  | {
      readonly kind: "fork";
      readonly original: MeshSource;
      readonly seq: number;
      readonly name: string | undefined;
      readonly cancelled: () => boolean;
    };

/** Makes the sources for a request; each gets its id from `takeId`, wished for by a name. */
export type OpenSources = (
  how: OpenRequest,
  takeId: (wish: string) => MeshId,
) => Promise<readonly MeshSource[]>;

interface Entry {
  readonly source: MeshSource;
  readonly stopWatching: () => void;
}

export class MeshCatalogue implements MeshDirectory {
  readonly #openSources: OpenSources;
  readonly #entries = new Map<MeshId, Entry>();
  readonly #reserved = new Set<MeshId>();
  readonly #listeners = new Set<() => void>();
  #forks = 0;
  #closing = false;

  constructor(openSources: OpenSources) {
    this.#openSources = openSources;
  }

  list(): readonly MeshListing[] {
    return [...this.#entries.values()].map(({ source }) => ({
      description: source.describe(),
      status: source.status(),
    }));
  }

  get(id: MeshId): MeshSource {
    return this.#entry(id).source;
  }

  async open(how: OpenRequest): Promise<readonly MeshId[]> {
    if (this.#entries.size >= MAX_MESHES) {
      throw new MeshError("limit-reached", `${MAX_MESHES} meshes are open; close one first.`);
    }
    const taken: MeshId[] = [];
    try {
      const sources = await this.#openSources(how, (wish) => {
        const id = this.#freeId(wish);
        this.#reserved.add(id);
        taken.push(id);
        return id;
      });
      if (this.#closing) {
        await Promise.all(sources.map((source) => source.close()));
        throw new MeshError("closed", "The host is closing.");
      }
      for (const source of sources) this.#add(source);
      return sources.map((source) => source.describe().id);
    } finally {
      for (const id of taken) this.#reserved.delete(id);
      this.#changed();
    }
  }

  async fork(id: MeshId, at: ForkPoint): Promise<MeshId> {
    const original = this.get(id);
    if (this.#forks >= MAX_FORKS_AT_ONCE) {
      const message = "Other meshes are being forked just now; try again when they are there.";
      throw new MeshError("busy", message, { retryable: true });
    }
    this.#forks += 1;
    try {
      const { seq, name } = at;
      const cancelled = (): boolean => this.#closing || this.#entries.get(id)?.source !== original;
      const [fork] = await this.open({ kind: "fork", original, seq, name, cancelled });
      assert(fork !== undefined, "a fork is one mesh");
      return fork;
    } finally {
      this.#forks -= 1;
    }
  }

  async close(id: MeshId): Promise<void> {
    const entry = this.#entry(id);
    this.#entries.delete(id);
    entry.stopWatching();
    this.#changed();
    await entry.source.close();
  }

  watch(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  async closeAll(): Promise<void> {
    this.#closing = true;
    await Promise.all([...this.#entries.keys()].map((id) => this.close(id)));
  }

  #add(source: MeshSource): void {
    const { id } = source.describe();
    const stopWatching = source.subscribe({
      events: () => undefined,
      reset: () => undefined,
      status: () => this.#changed(),
    });
    this.#entries.set(id, { source, stopWatching });
  }

  #entry(id: MeshId): Entry {
    const entry = this.#entries.get(id);
    if (entry !== undefined) return entry;
    throw new MeshError("unknown-mesh", `There is no mesh "${id}" here; it may have been closed.`);
  }

  #freeId(wish: string): MeshId {
    const base = slug(wish);
    for (let suffix = 1; ; suffix += 1) {
      const id = suffix === 1 ? base : `${base}-${suffix}`;
      if (!this.#entries.has(id) && !this.#reserved.has(id)) return id;
    }
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** A name as a mesh id: lower-case letters, digits and dashes. */
function slug(name: string): string {
  const dashed = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
  return dashed.replaceAll(/^-+|-+$/g, "").slice(0, 56) || "mesh";
}
