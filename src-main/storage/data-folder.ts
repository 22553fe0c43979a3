/** The folder that holds a host's state: where it is, who may use it, what else lies in it. */
import { chmodSync, existsSync, mkdirSync, renameSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { MeshError } from "#shared/contract/errors.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** The platform's folder for a user's application data. */
export function defaultDataFolder(
  platform: string = process.platform,
  env: Environment = process.env,
  home: string = homedir(),
): string {
  if (platform === "win32")
    return join(env["APPDATA"] ?? join(home, "AppData/Roaming"), "Meshdeck");
  if (platform === "darwin") return join(home, "Library/Application Support/Meshdeck");
  return join(env["XDG_DATA_HOME"] || join(home, ".local/share"), "meshdeck");
}

export interface DataFolder {
  readonly path: string;
  file(name: string): string;
  /** Lets another host use the folder. Idempotent. */
  release(): void;
}

/**
 * Creates the folder if it is missing and takes it for this process. The lock is a file lock
 * inside SQLite, which the system drops when the process ends, however it ends. Throws
 * `MeshError` "journal-locked" when another host has it, "bad-options" when it cannot be made.
 */
export function takeDataFolder(path: string): DataFolder {
  const folder = resolve(path);
  try {
    makeFolder(folder);
    chmodSync(folder, 0o700);
  } catch (error) {
    throw new MeshError(
      "bad-options",
      `The data folder ${folder} cannot be used: ${reason(error)}.`,
      {
        cause: error,
      },
    );
  }
  const lock = lockFolder(folder);
  return {
    path: folder,
    file: (name) => join(folder, name),
    release: () => {
      if (lock.isOpen) lock.close();
    },
  };
}

/** Node's own `recursive` never ends where a folder is there that takes none (/proc). */
function makeFolder(folder: string): void {
  const missing: string[] = [];
  for (let at = folder; !existsSync(at); at = dirname(at)) missing.unshift(at);
  for (const at of missing) mkdirSync(at, { mode: 0o700 });
}

function lockFolder(folder: string): DatabaseSync {
  const lock = new DatabaseSync(join(folder, "host.lock"), { timeout: 0 });
  try {
    lock.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;");
    return lock;
  } catch (error) {
    lock.close();
    throw new MeshError(
      "journal-locked",
      `Another Meshdeck host uses the data folder ${folder}; close it or choose another with --data.`,
      { retryable: true, cause: error },
    );
  }
}

/** Renames a file (and SQLite's companions) so that nothing is lost; the new name, if there was one. */
export function setAside(path: string, stamp: string): string | undefined {
  if (!existsSync(path)) return undefined;
  const aside = `${path}.${stamp}`;
  for (const suffix of ["", "-wal", "-shm"]) {
    if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix);
  }
  return aside;
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
