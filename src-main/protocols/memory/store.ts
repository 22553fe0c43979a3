/**
 * All namespaces of one node: definitions, keys and how much room they take. Notes what a step
 * changed, for the disk and for whoever watches.
 */
import type { CertificateOptions } from "#main/kernel/crdt/certificates.ts";
import { certify } from "#main/kernel/crdt/retention.ts";
import type { Micros } from "#main/kernel/time.ts";
import { ms } from "#main/kernel/time.ts";
import { newestOf, valuesOf, versionOf } from "./cells/cell.ts";
import { type Defined, Definitions } from "./definitions.ts";
import { Namespace, type Taken } from "./namespace.ts";
import { Room } from "./room.ts";
import type { MemorySetup } from "./setup.ts";
import type { ChangeCause, Definition, Held, MemoryRecord, Update } from "./types.ts";

interface Touched {
  readonly space: Namespace;
  readonly namespace: string;
  readonly key: string;
  readonly before: string | null;
  cause: ChangeCause;
}

export interface Change extends Held {
  readonly cause: ChangeCause;
}

/** Mode that a namespace has on all nodes from the start: before anything that is defined later. */
const CONFIGURED = { at: 0, node: "*" } as const;
const SEPARATOR = "\u0000";

export class Store {
  readonly definitions = new Definitions();
  readonly #setup: MemorySetup;
  readonly #certificates: CertificateOptions;
  readonly #room: Room;
  readonly #spaces = new Map<string, Namespace>();
  #touched = new Map<string, Touched>();
  #newDefinitions: Definition[] = [];
  #newUpdates: Update[] = [];

  constructor(setup: MemorySetup) {
    const { options } = setup;
    this.#setup = setup;
    this.#certificates = {
      spreadUs: ms(options.certificateMs),
      dormantUs: ms(options.dormantMs),
      capacity: options.maxKeys,
    };
    this.#room = new Room(options.maxKeys, options.maxBytes);
    for (const { name, mode } of options.namespaces) {
      this.#add({ namespace: name, mode, stamp: CONFIGURED }, 0);
    }
  }

  /** Keys and certificates. */
  get keys(): number {
    return this.#room.keys;
  }

  get bytes(): number {
    return this.#room.bytes;
  }

  /** An eventual namespace that is known here. */
  space(namespace: string): Namespace | undefined {
    return this.#spaces.get(namespace);
  }

  /** `now` is the wall clock here and below. */
  define(definition: Definition, now: Micros): Defined {
    const defined = this.#add(definition, now);
    if (defined.kind !== "known" && defined.kind !== "full") {
      this.#newDefinitions.push(definition);
    }
    return defined;
  }

  /** What was written here or elsewhere. What changed something is noted. */
  take(update: Update, cause: ChangeCause, now: Micros): Taken {
    const { namespace, mode, key, content } = update;
    const space = this.#spaces.get(namespace);
    if (space === undefined || space.mode !== mode) {
      const reason = space === undefined ? "unknown-namespace" : "other-mode";
      return { kind: "refused", reason };
    }
    const touched = this.#look(space, namespace, key, cause);
    const taken = space.take(key, content, now);
    if (taken.kind === "changed" || (taken.kind === "deleted" && taken.awake)) {
      this.#touched.set(join(namespace, key), touched);
      this.#newUpdates.push(
        taken.kind === "changed"
          ? update
          : { ...update, content: { kind: "certificate", certificate: taken.certificate } },
      );
    }
    return taken;
  }

  /** Keys die of their age, certificates fall asleep and end. Follows from the state: not noted. */
  age(now: Micros): void {
    for (const [namespace, space] of this.#spaces) {
      for (const { key, stamp, at } of space.due(now)) {
        const touched = this.#look(space, namespace, key, "expiry");
        touched.cause = "expiry";
        this.#touched.set(join(namespace, key), touched);
        space.expire(this.certificate(key, stamp, at), now);
      }
      space.turn(now);
    }
  }

  /** Of a delete with this stamp that begins to spread at `now`. */
  certificate(key: string, stamp: Definition["stamp"], now: Micros): ReturnType<typeof certify> {
    const { members, options } = this.#setup;
    return certify({ key, stamp, now, members: members(), siteCount: options.retentionSites });
  }

  /** When the next key expires; infinity: none ever. */
  get nextExpiry(): Micros {
    let next = Number.POSITIVE_INFINITY;
    for (const space of this.#spaces.values()) {
      next = Math.min(next, space.nextExpiry);
    }
    return next;
  }

  /** Null where there is nothing under the key. */
  held(namespace: string, key: string): Held | null {
    const space = this.#spaces.get(namespace);
    const cell = space?.cell(key) ?? null;
    if (space === undefined || cell === null) {
      return null;
    }
    const { mode } = space;
    const expiresAt = cell.expiry?.at ?? null;
    const [values, version] = [valuesOf(mode, cell), versionOf(mode, cell)];
    return { namespace, mode, key, values, version, expiresAt };
  }

  /** Everything held, in order, up to so many keys, and how many are left out. */
  entries(limit: number): { readonly entries: readonly Held[]; readonly skipped: number } {
    const entries: Held[] = [];
    let skipped = 0;
    for (const { namespace } of this.definitions.all()) {
      const keys = this.#spaces.get(namespace)?.keys() ?? [];
      const shown = keys.slice(0, Math.max(0, limit - entries.length));
      entries.push(...shown.flatMap((key) => this.held(namespace, key) ?? []));
      skipped += keys.length - shown.length;
    }
    return { entries, skipped };
  }

  /** What is to be written so that nothing of this step is lost; null: nothing. */
  takeRecord(): MemoryRecord | null {
    if (this.#newDefinitions.length === 0 && this.#newUpdates.length === 0) {
      return null;
    }
    const record = { definitions: this.#newDefinitions, updates: this.#newUpdates };
    this.#newDefinitions = [];
    this.#newUpdates = [];
    return record;
  }

  /** Stands for all records so far. */
  checkpoint(now: Micros): MemoryRecord {
    const updates: Update[] = [];
    for (const { namespace } of this.definitions.all()) {
      const space = this.#spaces.get(namespace);
      for (const [key, content] of space?.contents(now) ?? []) {
        if (space !== undefined) {
          updates.push({ namespace, mode: space.mode, key, content });
        }
      }
    }
    return { definitions: this.definitions.all(), updates };
  }

  /** Replays what a former life wrote, each update as of the time at which it was made. */
  restore({ definitions, updates }: MemoryRecord, now: Micros): void {
    for (const definition of definitions) {
      this.#add(definition, now);
    }
    for (const update of updates) {
      const space = this.#spaces.get(update.namespace);
      if (space?.mode === update.mode) {
        space.take(update.key, update.content, Math.max(now, madeAt(update)));
      }
    }
  }

  /** What people see differently since the last call, in the order in which it was touched. */
  takeChanges(): Change[] {
    const touched = [...this.#touched.values()];
    this.#touched = new Map();
    return touched.flatMap(({ space, namespace, key, before, cause }) => {
      const isCurrent = this.#spaces.get(namespace) === space;
      const held = isCurrent ? this.held(namespace, key) : null;
      const after = held === null ? null : fingerprint(held);
      if (after === before) {
        return [];
      }
      const version = this.#versionOfNothing(namespace, key);
      const gone = { namespace, mode: space.mode, key, values: [], version, expiresAt: null };
      return [{ ...(held ?? gone), cause }];
    });
  }

  #versionOfNothing(namespace: string, key: string): string {
    const buried = this.#spaces.get(namespace)?.buried(key) ?? null;
    return buried === null ? "" : `${buried.at}@${buried.node}`;
  }

  #look(space: Namespace, namespace: string, key: string, cause: ChangeCause): Touched {
    const known = this.#touched.get(join(namespace, key));
    if (known !== undefined && known.space === space) {
      known.cause = cause;
      return known;
    }
    const held = this.held(namespace, key);
    const before = known?.before ?? (held === null ? null : fingerprint(held));
    return { space, namespace, key, before, cause };
  }

  #add(definition: Definition, now: Micros): Defined {
    const { namespace, mode } = definition;
    const defined = this.definitions.add(definition);
    if (defined.kind === "mode") {
      this.#abandon(namespace, now);
    }
    if ((defined.kind === "new" || defined.kind === "mode") && mode !== "strong") {
      const { self } = this.#setup;
      const certificates = this.#certificates;
      this.#spaces.set(namespace, new Namespace({ self, mode, certificates, room: this.#room }));
    }
    return defined;
  }

  /** The mode it had turned out not to hold: what was written under it means nothing. */
  #abandon(namespace: string, now: Micros): void {
    const space = this.#spaces.get(namespace);
    if (space !== undefined) {
      for (const key of space.keys()) {
        this.#touched.set(join(namespace, key), this.#look(space, namespace, key, "merge"));
      }
      space.clear(now);
      this.#spaces.delete(namespace);
    }
  }
}

/** An update of a former life is never too early, whatever became of the clock since. */
function madeAt({ mode, content }: Update): Micros {
  if (content.kind === "certificate") {
    return Math.max(content.certificate.stamp.at, content.certificate.activatedAt);
  }
  return newestOf(mode, content.cell)?.at ?? 0;
}

function fingerprint({ values, version, expiresAt }: Held): string {
  return JSON.stringify([values, version, expiresAt]);
}

function join(namespace: string, key: string): string {
  return namespace + SEPARATOR + key;
}
