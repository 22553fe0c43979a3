import type { NodeId } from "#main/kernel/machine.ts";
import { createRandom } from "#main/kernel/prng.ts";
import { MiniWorld } from "#main/kernel/testing/mini-world.ts";
import { type Micros, ms } from "#main/kernel/time.ts";
import { memoryCodec, memoryRecordCodec } from "../codec.ts";
import { Memory } from "../memory.ts";
import { MEMORY_DEFAULTS, type MemoryOptions } from "../options.ts";
import { decodeWith, encodeWith } from "../strong-command.ts";
import type {
  MemoryAnswer,
  MemoryEvent,
  MemoryInput,
  MemoryMessage,
  MemoryRecord,
} from "../types.ts";

export const LATENCY_MS = 5;

export const NAMESPACES: MemoryOptions["namespaces"] = [
  { name: "last", mode: "lww" },
  { name: "all", mode: "register" },
  { name: "sum", mode: "counter" },
  { name: "tags", mode: "set" },
];

export interface MeshSetup {
  readonly options?: Partial<MemoryOptions>;
  readonly seed?: number;
}

/** Nodes that share a memory, in a small world; messages take 5 ms. */
export class MemoryMesh extends MiniWorld<MemoryInput, MemoryMessage, MemoryEvent, MemoryRecord> {
  readonly nodes = new Map<NodeId, Memory>();
  /** How far each node's wall clock is ahead. */
  readonly skew = new Map<NodeId, Micros>();
  /** Whom nobody counts as alive. */
  readonly unreachable = new Set<NodeId>();
  members: readonly NodeId[];
  readonly #options: MemoryOptions;
  readonly #seed: number;
  readonly #lives = new Map<NodeId, number>();
  #requests = 0;

  constructor(ids: string, { options = {}, seed = 1 }: MeshSetup = {}) {
    super({ codec: memoryCodec, latencyUs: ms(LATENCY_MS) });
    this.#options = { ...MEMORY_DEFAULTS, namespaces: NAMESPACES, ...options };
    this.#seed = seed;
    this.members = [...ids];
    for (const id of ids) {
      this.boot(id);
    }
  }

  /** A new life, with what is on its disk. */
  boot(id: NodeId, { wiped = false } = {}): void {
    if (wiped) {
      this.disks.set(id, []);
    }
    const life = (this.#lives.get(id) ?? 0) + 1;
    this.#lives.set(id, life);
    const disk = this.disks.get(id) ?? [];
    const node = new Memory({
      self: id,
      life,
      options: this.#options,
      random: createRandom(this.#seed).fork(`${id}/${life}`),
      peers: () => this.members.filter((peer) => !this.unreachable.has(peer)),
      members: () => this.members,
      wall: (now) => Math.max(0, now + (this.skew.get(id) ?? 0)),
      restore: disk.map((record) =>
        decodeWith(memoryRecordCodec, encodeWith(memoryRecordCodec, record)),
      ),
    });
    this.nodes.set(id, node);
    this.add(id, node);
    this.input(id, { kind: "start", now: this.now });
  }

  stop(id: NodeId): void {
    this.remove(id);
    this.nodes.delete(id);
  }

  runFor(milliseconds: number): void {
    this.runTo(this.now + ms(milliseconds));
  }

  /** Cuts the world into sides; letters that are in none are alone. */
  cut(...sides: readonly string[]): void {
    this.drop = (from, to) => !sides.some((side) => side.includes(from) && side.includes(to));
  }

  heal(): void {
    this.drop = () => false;
  }

  write(id: NodeId, path: string, value: string, ttlMs?: number): MemoryAnswer {
    const ttl = ttlMs === undefined ? null : ms(ttlMs);
    return this.#ask(id, (base) => ({ kind: "write", ...base, ...split(path), value, ttl }));
  }

  delete(id: NodeId, path: string): MemoryAnswer {
    return this.#ask(id, (base) => ({ kind: "delete", ...base, ...split(path) }));
  }

  define(id: NodeId, namespace: string, mode: "lww" | "counter" | "set" | "strong"): MemoryAnswer {
    return this.#ask(id, (base) => ({ kind: "namespace", ...base, namespace, mode, since: null }));
  }

  /** What each running node shows under a path, as one line each. */
  shown(path: string): Record<NodeId, string> {
    const { namespace, key } = split(path);
    const shown: Record<NodeId, string> = {};
    for (const [id, node] of this.nodes) {
      shown[id] = (node.held(namespace, key)?.values ?? []).join(" | ");
    }
    return shown;
  }

  /** What all running nodes show under a path; throws when they differ. */
  same(path: string): string {
    const shown = this.shown(path);
    const values = new Set(Object.values(shown));
    if (values.size !== 1) {
      throw new Error(`${path} differs: ${JSON.stringify(shown)}`);
    }
    return [...values].join();
  }

  #ask(
    id: NodeId,
    order: (base: { readonly now: Micros; readonly request: number }) => MemoryInput,
  ): MemoryAnswer {
    const request = ++this.#requests;
    this.input(id, order({ now: this.now, request }));
    this.runTo(this.now);
    const answered = this.of("answered", id).find(({ event }) => event.request === request);
    if (answered === undefined) {
      throw new Error(`${id} did not answer`);
    }
    const { kind: _, request: __, ...answer } = answered.event;
    return answer;
  }
}

function split(path: string): { readonly namespace: string; readonly key: string } {
  const at = path.indexOf("/");
  return { namespace: path.slice(0, at), key: path.slice(at + 1) };
}
