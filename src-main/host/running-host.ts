/** Finds the host that runs with a data folder on this machine, and talks to it. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { MeshError } from "#shared/contract/errors.ts";
import type { MeshId } from "#shared/contract/description.ts";
import type { AuditEntry, MeshListing, OpenMesh } from "#shared/contract/protocol.ts";
import type { RpcClient } from "#shared/rpc/client.ts";
import { RemoteHost } from "#main/sources/remote/remote-host.ts";
import { type DataFolder, takeDataFolder } from "#main/storage/data-folder.ts";
import { openSqliteJournal } from "#main/storage/sqlite-journal.ts";
import { readTextFile } from "./scenario-file.ts";
import { HOST_FILE, JOURNAL_FILE } from "./state.ts";
import { loadTokens, TOKENS_FILE } from "./tokens-file.ts";

const hostFileSchema = z.looseObject({ url: z.string() });
const MAX_HOST_FILE_BYTES = 4_096;
/** In the other host's audit log. */
const CLIENT_NAME = "meshdeck command line";

/** Runs `work` in a session with the host at `address`. Throws `MeshError` "unreachable", "bad-token". */
export async function withHostAt<T>(
  at: { readonly address: string; readonly token: string },
  work: (client: RpcClient) => Promise<T>,
): Promise<T> {
  const host = new RemoteHost({ ...at, name: CLIENT_NAME });
  await host.open();
  try {
    return await work(host.client);
  } finally {
    host.close();
  }
}

/** Runs `work` in a session of an admin. Throws `MeshError` "unreachable" when no host runs. */
export async function withRunningHost<T>(
  folder: string,
  work: (client: RpcClient) => Promise<T>,
): Promise<T> {
  const address = addressOf(folder);
  const { admin: token } = loadTokens(join(folder, TOKENS_FILE));
  let reached = false;
  try {
    return await withHostAt({ address, token }, (client) => {
      reached = true;
      return work(client);
    });
  } catch (error) {
    const isGone = error instanceof MeshError && error.code === "unreachable";
    throw isGone && !reached ? notRunning(folder) : error;
  }
}

export interface OpenedThere {
  /** The console of that host. */
  readonly url: string;
  readonly tokenFile: string;
  readonly adminToken: string;
  readonly meshes: readonly MeshId[];
}

/** Opens a mesh in the host that runs with this folder; `undefined` when none runs. */
export async function openInRunningHost(
  folder: string,
  how: OpenMesh,
): Promise<OpenedThere | undefined> {
  let runs = false;
  try {
    return await withRunningHost(folder, async (client) => {
      runs = true;
      const meshes = openAlready(await client.request("meshes.list", {}), how);
      const tokenFile = join(folder, TOKENS_FILE);
      return {
        url: addressOf(folder),
        tokenFile,
        adminToken: loadTokens(tokenFile).admin,
        meshes: meshes.length > 0 ? meshes : await client.request("meshes.open", how),
      };
    });
  } catch (error) {
    if (!runs && error instanceof MeshError && error.code === "unreachable") return undefined;
    throw error;
  }
}

/** The meshes of this address, so that attaching twice does not show them twice. */
function openAlready(listings: readonly MeshListing[], how: OpenMesh): readonly MeshId[] {
  if (how.kind !== "serf") return [];
  const same = listings.filter(({ description }) => description.address === how.address);
  return same.map(({ description }) => description.id);
}

/** The newest entries, from the running host or, where none runs, from its journal. */
export async function readAudit(folder: string, limit: number): Promise<readonly AuditEntry[]> {
  if (!existsSync(join(folder, JOURNAL_FILE))) throw notRunning(folder);
  const taken = takeIdleFolder(folder);
  if (taken === undefined) {
    return withRunningHost(folder, (client) => client.request("audit.list", { limit }));
  }
  try {
    const journal = openSqliteJournal(taken.file(JOURNAL_FILE));
    try {
      return journal.listAudit({ limit });
    } finally {
      journal.close();
    }
  } finally {
    taken.release();
  }
}

/** The lock tells whether a host runs; its address stays behind when it was killed. */
function takeIdleFolder(folder: string): DataFolder | undefined {
  try {
    return takeDataFolder(folder);
  } catch (error) {
    if (error instanceof MeshError && error.code === "journal-locked") return undefined;
    throw error;
  }
}

function addressOf(folder: string): string {
  const path = join(folder, HOST_FILE);
  if (!existsSync(path)) throw notRunning(folder);
  try {
    return hostFileSchema.parse(JSON.parse(readTextFile(path, MAX_HOST_FILE_BYTES, "internal")))
      .url;
  } catch {
    throw notRunning(folder);
  }
}

function notRunning(folder: string): MeshError {
  const message = `No host runs with the data folder ${folder}; start one with \`meshdeck serve\`.`;
  return new MeshError("unreachable", message, { retryable: true });
}
