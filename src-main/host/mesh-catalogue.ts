/** The meshes that are open in this host, by id. */
import type { MeshId } from "#shared/contract/description.ts";
import { MeshError } from "#shared/contract/errors.ts";
import type { MeshListing, OpenMesh } from "#shared/contract/protocol.ts";
import type { MeshDirectory } from "#main/gateway/ports.ts";
import type { MeshSource } from "#main/sources/mesh-source.ts";

export const MAX_MESHES = 64;

/** Makes the sources for a request; each gets its id from `takeId`, wished for by a name. */
export type OpenSources = (
  how: OpenMesh,
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

  async open(how: OpenMesh): Promise<readonly MeshId[]> {
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
      for (const source of sources) this.#add(source);
      return sources.map((source) => source.describe().id);
    } finally {
      for (const id of taken) this.#reserved.delete(id);
      this.#changed();
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
