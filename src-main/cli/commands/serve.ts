/** `meshdeck serve`: a host without a window. */
import { spawn } from "node:child_process";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { MeshError } from "#shared/contract/errors.ts";
import type { OpenMesh } from "#shared/contract/protocol.ts";
import { type Host, type HostLog, type HttpOptions, openHost } from "#main/host/host.ts";
import { watchForMistakes } from "#main/host/fatal.ts";
import type { OpenRequest } from "#main/host/mesh-catalogue.ts";
import { readScenario } from "#main/host/scenario-file.ts";
import { defaultDataFolder, HOST_FILE, isLoopback, TOKENS_FILE } from "#main/host/state.ts";
import { EXIT_FAILED } from "../exit.ts";
import { parseInteger } from "../numbers.ts";
import { readyUrl, writeConsoleAddress } from "../console-address.ts";
import type { CliContext } from "../context.ts";
import { writeJson, writeLine } from "../terminal.ts";

export interface ServeOptions {
  readonly port: string;
  readonly host: string;
  readonly data?: string;
  readonly mesh?: string;
  readonly demo: boolean;
  readonly open?: boolean;
  readonly readonly?: boolean;
  readonly allowRemote?: boolean;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly name?: readonly string[];
  readonly setAsideJournal?: boolean;
  readonly json?: boolean;
  /** Further meshes to open, already checked. */
  readonly opens?: readonly OpenMesh[];
}

const CONSOLE_FOLDER = fileURLToPath(new URL("../../../dist/renderer", import.meta.url));

export async function serve(options: ServeOptions, context: CliContext): Promise<void> {
  const failed = new AbortController();
  const log = terminalLog(context);
  const stopWatching = watchForMistakes(process, log.error, () => {
    context.exit(EXIT_FAILED);
    failed.abort();
  });
  try {
    const signal = AbortSignal.any([context.signal, failed.signal]);
    await serveUntil(options, log, { ...context, signal });
  } finally {
    stopWatching();
  }
}

async function serveUntil(options: ServeOptions, log: HostLog, context: CliContext): Promise<void> {
  const http = httpOptions(options);
  const opens = [...(options.opens ?? []), ...meshOfFile(options.mesh)];
  const host = await openHost({
    dataFolder: options.data ?? defaultDataFolder(),
    setAsideJournal: options.setAsideJournal === true,
    demo: options.demo,
    readOnly: options.readonly === true,
    log,
  });
  try {
    for (const how of opens) await host.catalogue.open(how);
    const endpoint = await host.listen(http);
    announce(host, endpoint.url, { options, context });
    await aborted(context.signal);
  } finally {
    rmSync(host.folder.file(HOST_FILE), { force: true });
    await host.close();
  }
}

function meshOfFile(path: string | undefined): readonly OpenRequest[] {
  return path === undefined ? [] : [{ kind: "scenario", scenario: readScenario(path) }];
}

/** Throws `MeshError` "bad-options" for a combination that is not safe. */
export function httpOptions(options: ServeOptions): HttpOptions {
  const port = parseInteger("--port", options.port, { min: 0, max: 65_535 });
  const tls = readTls(options);
  if (!isLoopback(options.host)) {
    if (options.allowRemote !== true || tls === undefined) {
      const message =
        `Other machines could reach ${options.host}: say so with --allow-remote and bring ` +
        "--tls-cert and --tls-key, or stay with 127.0.0.1.";
      throw new MeshError("bad-options", message);
    }
  }
  return {
    address: options.host,
    port,
    tls,
    names: options.name ?? [],
    consoleFolder: CONSOLE_FOLDER,
  };
}

function readTls(options: ServeOptions): HttpOptions["tls"] {
  const { tlsCert, tlsKey } = options;
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  if (tlsCert === undefined || tlsKey === undefined) {
    throw new MeshError("bad-options", "--tls-cert and --tls-key come together.");
  }
  const pair = { cert: readPem(tlsCert), key: readPem(tlsKey) };
  try {
    if (new X509Certificate(pair.cert).checkPrivateKey(createPrivateKey(pair.key))) return pair;
  } catch (cause) {
    const message = `${tlsCert} and ${tlsKey} are no certificate and private key in PEM form.`;
    throw new MeshError("bad-options", message, { cause });
  }
  throw new MeshError("bad-options", `The key in ${tlsKey} is not that of ${tlsCert}.`);
}

function readPem(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw new MeshError("bad-options", `The TLS file ${path} cannot be read.`, { cause });
  }
}

interface Announcement {
  readonly options: ServeOptions;
  readonly context: CliContext;
}

function announce(host: Host, url: string, { options, context }: Announcement): void {
  const { out, err } = context.terminal;
  const tokenFile = host.folder.file(TOKENS_FILE);
  const record = `${JSON.stringify({ pid: process.pid, url })}\n`;
  writeFileSync(host.folder.file(HOST_FILE), record, { mode: 0o600 });
  const address = { url, tokenFile, adminToken: host.tokens.admin };
  if (options.json === true) {
    const journal = host.journalProblem?.toData();
    writeJson(out, { url, tokenFile, pid: process.pid, ...(journal ? { journal } : {}) });
  } else {
    const secret = options.open === true;
    writeConsoleAddress(address, "Meshdeck serves its console at", { ...context, secret });
  }
  if (!existsSync(CONSOLE_FOLDER)) writeLine(err, "The console is not built: run `npm run build`.");
  if (host.journalProblem !== undefined) writeLine(err, host.journalProblem.message);
  if (options.open === true) openBrowser(readyUrl(address));
}

export function openBrowser(url: string): void {
  const openers: Record<string, readonly string[]> = {
    darwin: ["open"],
    win32: ["cmd", "/c", "start", ""],
  };
  const [command = "xdg-open", ...args] = openers[process.platform] ?? ["xdg-open"];
  // Without a browser the address stands above to be opened elsewhere.
  spawn(command, [...args, url], { stdio: "ignore", detached: true })
    .on("error", () => undefined)
    .unref();
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

function terminalLog(context: CliContext): HostLog {
  const { err } = context.terminal;
  return {
    info: (message) => writeLine(err, message),
    warn: (message) => writeLine(err, message),
    error: (error) => writeLine(err, error instanceof Error ? (error.stack ?? "") : String(error)),
  };
}
