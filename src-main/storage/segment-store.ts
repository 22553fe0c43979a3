/**
 * Where the older past of running meshes is put when memory has no room for it: one file, shared
 * by all meshes, bounded, and gone with the host. It holds nothing that anybody was promised.
 */
import { rmSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { MeshError } from "#shared/contract/errors.ts";

export interface StoredSegment {
  readonly firstSeq: number;
  readonly firstAt: number;
  /** JSON of its events. */
  readonly events: string;
  /** JSON of the view before it; not every segment has one. */
  readonly view: string | undefined;
}

export interface SegmentStoreOptions {
  /** Characters of JSON kept for one mesh; beyond it the oldest segments go. */
  readonly maxCharsPerMesh: number;
}

const DEFAULTS: SegmentStoreOptions = { maxCharsPerMesh: 256 * 1024 * 1024 };

const SCHEMA = `
  CREATE TABLE segments (mesh TEXT NOT NULL, first_seq INTEGER NOT NULL, first_at INTEGER NOT NULL,
    events TEXT NOT NULL, view TEXT, PRIMARY KEY (mesh, first_seq)) STRICT, WITHOUT ROWID;
  CREATE INDEX segments_by_time ON segments (mesh, first_at, first_seq);
`;
const COLUMNS = "SELECT first_seq, first_at, events, view FROM segments WHERE mesh = ?";

export class SegmentStore {
  readonly #path: string;
  readonly #database: DatabaseSync;
  readonly #options: SegmentStoreOptions;
  readonly #sizes = new Map<string, number>();

  /** Begins anew: what an earlier host left behind is of no use to anybody. */
  constructor(path: string, options: SegmentStoreOptions = DEFAULTS) {
    this.#path = path;
    this.#options = options;
    removeFiles(path);
    this.#database = new DatabaseSync(path);
    this.#database.exec(`PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; ${SCHEMA}`);
  }

  put(mesh: string, segment: StoredSegment): void {
    const { firstSeq, firstAt, events, view } = segment;
    this.#database
      .prepare("INSERT INTO segments VALUES (?, ?, ?, ?, ?)")
      .run(mesh, firstSeq, firstAt, events, view ?? null);
    const size = (this.#sizes.get(mesh) ?? 0) + events.length + (view?.length ?? 0);
    this.#sizes.set(mesh, size);
    if (size > this.#options.maxCharsPerMesh) this.#forgetOldest(mesh);
  }

  bySeq(mesh: string, seq: number): StoredSegment | undefined {
    return this.#one("AND first_seq <= ? ORDER BY first_seq DESC LIMIT 1", mesh, seq);
  }

  byTime(mesh: string, at: number): StoredSegment | undefined {
    return this.#one("AND first_at <= ? ORDER BY first_at DESC, first_seq DESC LIMIT 1", mesh, at);
  }

  oldest(mesh: string): StoredSegment | undefined {
    return this.#one("AND first_seq >= ? ORDER BY first_seq LIMIT 1", mesh, 0);
  }

  /** From the newest segment with a view at or before `firstSeq`, up to and without `firstSeq`. */
  leadingTo(mesh: string, firstSeq: number): readonly StoredSegment[] {
    const rows = this.#database
      .prepare(
        `${COLUMNS} AND first_seq < ?2 AND first_seq >= (SELECT max(first_seq) FROM segments
           WHERE mesh = ?1 AND view IS NOT NULL AND first_seq < ?2) ORDER BY first_seq`,
      )
      .all(mesh, firstSeq);
    return rows.map(toSegment);
  }

  forget(mesh: string): void {
    this.#sizes.delete(mesh);
    if (this.#database.isOpen)
      this.#database.prepare("DELETE FROM segments WHERE mesh = ?").run(mesh);
  }

  /** Idempotent. */
  close(): void {
    if (!this.#database.isOpen) return;
    this.#database.close();
    removeFiles(this.#path);
  }

  /** Up to the next segment with a view: without one, a segment cannot be looked into. */
  #forgetOldest(mesh: string): void {
    const next = this.#one(
      "AND view IS NOT NULL AND first_seq > ? ORDER BY first_seq LIMIT 1",
      mesh,
      this.oldest(mesh)?.firstSeq ?? 0,
    );
    if (next === undefined) return;
    this.#database
      .prepare("DELETE FROM segments WHERE mesh = ? AND first_seq < ?")
      .run(mesh, next.firstSeq);
    const row = this.#database
      .prepare(
        "SELECT sum(length(events) + coalesce(length(view), 0)) AS size FROM segments WHERE mesh = ?",
      )
      .get(mesh);
    this.#sizes.set(mesh, Number(row?.["size"] ?? 0));
  }

  #one(condition: string, mesh: string, bound: number): StoredSegment | undefined {
    if (!this.#database.isOpen) throw new MeshError("closed", "The history is closed.");
    const row = this.#database.prepare(`${COLUMNS} ${condition}`).get(mesh, bound);
    return row === undefined ? undefined : toSegment(row);
  }
}

function toSegment(row: Record<string, unknown>): StoredSegment {
  return {
    firstSeq: Number(row["first_seq"]),
    firstAt: Number(row["first_at"]),
    events: String(row["events"]),
    view: row["view"] === null ? undefined : String(row["view"]),
  };
}

function removeFiles(path: string): void {
  for (const suffix of ["", "-journal", "-wal", "-shm"]) rmSync(path + suffix, { force: true });
}
