import { MeshError } from "#shared/contract/errors.ts";

const SQLITE_BUSY = 5;
const SQLITE_LOCKED = 6;
const SQLITE_READONLY = 8;
const SQLITE_IOERR = 10;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_CANTOPEN = 14;
const SQLITE_NOTADB = 26;

/** SQLite's primary result code; extended codes carry it in their low byte. */
function primaryCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("errcode" in error)) return undefined;
  return typeof error.errcode === "number" ? error.errcode & 0xff : undefined;
}

/** Puts a failure of the database into words; what is no database failure is thrown on. */
export function journalError(error: unknown, path: string): MeshError {
  const options = { details: { path }, cause: error };
  switch (primaryCode(error)) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return new MeshError(
        "journal-locked",
        `Another program holds the journal ${path}; close it and try again.`,
        { ...options, retryable: true },
      );
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return damaged(path, "its content is not a readable journal", error);
    case SQLITE_FULL:
      return new MeshError(
        "limit-reached",
        `The disk is full, so the journal ${path} takes no more; free some space and try again.`,
        { ...options, retryable: true },
      );
    case SQLITE_READONLY:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
      return new MeshError(
        "journal-locked",
        `The journal ${path} cannot be written; check the disk and the folder's permissions.`,
        { ...options, retryable: true },
      );
    default:
      throw error;
  }
}

export function damaged(path: string, what: string, cause?: unknown): MeshError {
  return new MeshError(
    "journal-damaged",
    `The journal ${path} is damaged: ${what}. It was left as it is; ` +
      "start once with --set-aside-journal to keep it under another name and begin a new one.",
    { details: { path }, cause },
  );
}
