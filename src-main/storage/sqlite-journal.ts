import { DatabaseSync, type StatementSync } from "node:sqlite";
import { auditEntrySchema, type AuditEntry } from "#shared/contract/protocol.ts";
import { MeshError } from "#shared/contract/errors.ts";
import {
  CHAIN_START,
  type ChainHead,
  type ChainLink,
  findChainDamage,
  linkHash,
} from "./audit-chain.ts";
import type { AuditIntent, AuditPage, AuditVerdict, Journal } from "./journal.ts";
import { damaged, journalError } from "./sqlite-errors.ts";

const SCHEMA_VERSION = 1;
const BUSY_TIMEOUT_MS = 500;
/** 4 KiB each: about a gigabyte, some millions of audit entries. */
const MAX_PAGES = 262_144;

export interface JournalOptions {
  /** Pages of 4 KiB the file may grow to; beyond it writes are refused as on a full disk. */
  readonly maxPages?: number;
}

const SCHEMA = `
  CREATE TABLE audit (id INTEGER PRIMARY KEY, body TEXT NOT NULL, hash TEXT NOT NULL) STRICT;
  CREATE TRIGGER audit_is_append_only BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
  CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
  CREATE TABLE audit_head (one INTEGER PRIMARY KEY CHECK (one = 1), count INTEGER NOT NULL,
    hash TEXT NOT NULL) STRICT;
  INSERT INTO audit_head VALUES (1, 0, '${CHAIN_START}');
  CREATE TABLE intents (ticket INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL) STRICT;
  CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  PRAGMA user_version = ${SCHEMA_VERSION};
`;

/** What an intent without a verdict becomes: its process ended in between. */
const INTERRUPTED: AuditVerdict = {
  outcome: "failed",
  error: {
    code: "internal",
    message: "The host ended before it was known what came of this.",
    retryable: false,
  },
};

/** Opens or creates the journal file at `path`; throws `MeshError` (see `journal.ts`). */
export function openSqliteJournal(path: string, options: JournalOptions = {}): Journal {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
    prepare(database, path);
    const { maxPages = MAX_PAGES } = options;
    database.exec(`PRAGMA max_page_count = ${maxPages}`);
    const journal = new SqliteJournal(database, path);
    journal.settleInterrupted();
    return journal;
  } catch (error) {
    database?.close();
    throw error instanceof MeshError ? error : journalError(error, path);
  }
}

function prepare(database: DatabaseSync, path: string): void {
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
  const version = Number(database.prepare("PRAGMA user_version").get()?.["user_version"]);
  if (version === 0) {
    database.exec(`BEGIN IMMEDIATE; ${SCHEMA} COMMIT;`);
    return;
  }
  if (version > SCHEMA_VERSION) {
    throw new MeshError(
      "version-mismatch",
      `The journal ${path} was written by a newer Meshdeck (format ${version}, ` +
        `this one knows ${SCHEMA_VERSION}); use that version or another --data folder.`,
    );
  }
  const check = String(database.prepare("PRAGMA quick_check(1)").get()?.["quick_check"]);
  if (check !== "ok") throw damaged(path, check);
  const damage = findChainDamage(readChain(database), readHead(database));
  if (damage !== undefined) throw damaged(path, damage);
}

function* readChain(database: DatabaseSync): Iterable<ChainLink> {
  for (const row of database.prepare("SELECT id, body, hash FROM audit ORDER BY id").iterate()) {
    yield { id: Number(row["id"]), body: String(row["body"]), hash: String(row["hash"]) };
  }
}

function readHead(database: DatabaseSync): ChainHead {
  const row = database.prepare("SELECT count, hash FROM audit_head").get();
  return { count: Number(row?.["count"] ?? -1), hash: String(row?.["hash"] ?? "") };
}

class SqliteJournal implements Journal {
  readonly #database: DatabaseSync;
  readonly #path: string;
  readonly #statements = new Map<string, StatementSync>();

  constructor(database: DatabaseSync, path: string) {
    this.#database = database;
    this.#path = path;
  }

  beginAudit(intent: AuditIntent): number {
    return this.#guard(() => {
      const body = JSON.stringify(intent);
      return Number(this.#sql("INSERT INTO intents (body) VALUES (?)").run(body).lastInsertRowid);
    });
  }

  completeAudit(ticket: number, verdict: AuditVerdict): AuditEntry {
    return this.#guard(() => {
      this.#database.exec("BEGIN IMMEDIATE");
      try {
        const entry = this.#complete(ticket, verdict);
        this.#database.exec("COMMIT");
        return entry;
      } catch (error) {
        if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
        throw error;
      }
    });
  }

  listAudit(page: AuditPage): readonly AuditEntry[] {
    return this.#guard(() => {
      const before = page.beforeId ?? Number.MAX_SAFE_INTEGER;
      return this.#sql("SELECT body FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?")
        .all(before, page.limit)
        .map((row) => auditEntrySchema.parse(JSON.parse(String(row["body"]))));
    });
  }

  getSetting(key: string): unknown {
    return this.#guard(() => {
      const row = this.#sql("SELECT value FROM settings WHERE key = ?").get(key);
      return row === undefined ? undefined : JSON.parse(String(row["value"]));
    });
  }

  setSetting(key: string, value: unknown): void {
    this.#guard(() => {
      this.#sql("INSERT OR REPLACE INTO settings VALUES (?, ?)").run(key, JSON.stringify(value));
    });
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  settleInterrupted(): void {
    const open = this.#sql("SELECT ticket FROM intents ORDER BY ticket").all();
    for (const row of open) this.completeAudit(Number(row["ticket"]), INTERRUPTED);
  }

  #complete(ticket: number, verdict: AuditVerdict): AuditEntry {
    const row = this.#sql("SELECT body FROM intents WHERE ticket = ?").get(ticket);
    if (row === undefined) throw new Error(`there is no open audit intent ${ticket}`);
    const head = readHead(this.#database);
    const id = head.count + 1;
    const intent: unknown = JSON.parse(String(row["body"]));
    const entry = auditEntrySchema.parse({ ...Object(intent), id, ...verdict });
    const body = JSON.stringify(entry);
    const hash = linkHash(head.hash, id, body);
    this.#sql("INSERT INTO audit VALUES (?, ?, ?)").run(id, body, hash);
    this.#sql("UPDATE audit_head SET count = ?, hash = ?").run(id, hash);
    this.#sql("DELETE FROM intents WHERE ticket = ?").run(ticket);
    return entry;
  }

  #sql(text: string): StatementSync {
    let statement = this.#statements.get(text);
    if (statement === undefined) {
      statement = this.#database.prepare(text);
      this.#statements.set(text, statement);
    }
    return statement;
  }

  #guard<T>(work: () => T): T {
    if (!this.#database.isOpen) throw new MeshError("closed", "The journal is closed.");
    try {
      return work();
    } catch (error) {
      throw error instanceof MeshError ? error : journalError(error, this.#path);
    }
  }
}
