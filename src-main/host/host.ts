/** The composition root: a host with its journal, its meshes and its doors. */
import { MeshError } from "#shared/contract/errors.ts";
import { meshOptionsSchema } from "#shared/contract/mesh-options.ts";
import type { Role } from "#shared/contract/commands.ts";
import { Gateway } from "#main/gateway/gateway.ts";
import { type HttpEndpoint, openHttpEndpoint } from "#main/gateway/http-endpoint.ts";
import { type FramePort, portChannel } from "#main/gateway/port-endpoint.ts";
import { roleOfToken, type Tokens } from "#main/gateway/tokens.ts";
import { WebSocketEndpoint } from "#main/gateway/websocket-endpoint.ts";
import { type DataFolder, setAside, takeDataFolder } from "#main/storage/data-folder.ts";
import { FailedJournal } from "#main/storage/failed-journal.ts";
import type { Journal } from "#main/storage/journal.ts";
import { RunLibrary } from "#main/storage/run-library.ts";
import { SegmentStore } from "#main/storage/segment-store.ts";
import { openSqliteJournal } from "#main/storage/sqlite-journal.ts";
import { Closing } from "./closing.ts";
import { LessonShelf } from "./lessons.ts";
import { MeshCatalogue } from "./mesh-catalogue.ts";
import { createSourceOpener } from "./open-sources.ts";
import { SavedRuns } from "./saved-runs.ts";
import { JOURNAL_FILE } from "./state.ts";
import { loadTokens, TOKENS_FILE } from "./tokens-file.ts";
import { MESHDECK_VERSION } from "./version.ts";

const HOST_NAME = `Meshdeck ${MESHDECK_VERSION}`;
const MAX_SESSIONS = 64;
const CLOSE_DEADLINE_MS = 3_000;

export interface HostOptions {
  readonly dataFolder: string;
  /** Keep a damaged journal under another name and begin a new one. */
  readonly setAsideJournal?: boolean;
  /** Where the lessons are; absent: among the sources. */
  readonly scenarioFolder?: string;
  /** Open the demo mesh, playing. */
  readonly demo: boolean;
  /** Nobody may change anything, whatever their role. */
  readonly readOnly?: boolean;
  readonly log: HostLog;
}

export type { FramePort } from "#main/gateway/port-endpoint.ts";

export interface HostLog {
  info(message: string): void;
  warn(message: string): void;
  error(error: unknown): void;
}

export interface HttpOptions {
  readonly address: string;
  readonly port: number;
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  readonly names?: readonly string[];
  readonly consoleFolder: string;
}

export interface Host {
  readonly catalogue: MeshCatalogue;
  readonly tokens: Tokens;
  readonly folder: DataFolder;
  /** Why nothing can be recorded, and so nothing be changed; `undefined` when all is well. */
  readonly journalProblem: MeshError | undefined;
  listen(options: HttpOptions): Promise<HttpEndpoint>;
  /** Serves the console at the other end of a port, as an admin. */
  connect(port: FramePort): void;
  /** Ends everything, newest first. Idempotent. */
  close(): Promise<void>;
}

/** Throws `MeshError` when the data folder cannot be had; a bad journal only shows. */
export async function openHost(options: HostOptions): Promise<Host> {
  const { log } = options;
  const closing = new Closing((error) => log.error(error));
  try {
    return await compose(options, closing);
  } catch (error) {
    await closing.run(CLOSE_DEADLINE_MS);
    throw error;
  }
}

async function compose(options: HostOptions, closing: Closing): Promise<Host> {
  const { log } = options;
  const folder = takeDataFolder(options.dataFolder);
  closing.add(() => folder.release());
  const tokens = loadTokens(folder.file(TOKENS_FILE));
  const journal = openJournal(folder, options);
  closing.add(() => journal.close());
  const segments = new SegmentStore(folder.file("history.db"));
  closing.add(() => segments.close());
  const onSinkError = (error: unknown): void => log.error(error);
  const lessons = new LessonShelf(options.scenarioFolder);
  const runs = new SavedRuns(new RunLibrary(folder.file("runs")));
  const catalogue = new MeshCatalogue(createSourceOpener({ onSinkError, segments, lessons, runs }));
  closing.add(() => catalogue.closeAll());
  const mostRole: Role = options.readOnly === true ? "viewer" : "admin";
  const gateway = new Gateway(
    {
      meshes: catalogue,
      runs,
      lessons,
      audit: journal,
      settings: journal,
      wallMs: Date.now,
      onInternalError: (error) => log.error(error),
    },
    { name: HOST_NAME, mostRole, roleOfToken: (token) => roleOfToken(tokens, token) },
  );
  closing.add(() => gateway.close());
  if (options.demo) await openDemo(catalogue);
  return {
    catalogue,
    tokens,
    folder,
    journalProblem: journal instanceof FailedJournal ? journal.reason : undefined,
    listen: (http) => listen(http, gateway, closing),
    connect: (port) => gateway.serve(portChannel(port), { role: "admin" }),
    close: () => closing.run(CLOSE_DEADLINE_MS),
  };
}

async function listen(
  options: HttpOptions,
  gateway: Gateway,
  closing: Closing,
): Promise<HttpEndpoint> {
  const sockets = new WebSocketEndpoint({
    onChannel: (channel) => gateway.serve(channel, { byToken: true }),
    maxSessions: MAX_SESSIONS,
    monotonicMs: () => performance.now(),
  });
  const endpoint = await openHttpEndpoint({
    ...options,
    onUpgrade: (request, socket, head) => sockets.accept(request, socket, head),
  });
  closing.add(() => endpoint.close());
  closing.add(() => sockets.close());
  return endpoint;
}

function openJournal(folder: DataFolder, options: HostOptions): Journal {
  const path = folder.file(JOURNAL_FILE);
  if (options.setAsideJournal === true) {
    const aside = setAside(path, `set-aside-${new Date().toISOString().replaceAll(":", "-")}`);
    if (aside !== undefined) options.log.warn(`The old journal is kept as ${aside}.`);
  }
  try {
    return openSqliteJournal(path);
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    return new FailedJournal(error);
  }
}

async function openDemo(catalogue: MeshCatalogue): Promise<void> {
  const options = meshOptionsSchema.parse({ name: "demo" });
  const ids = await catalogue.open({ kind: "simulated", options });
  for (const id of ids) await catalogue.get(id).execute({ type: "time.play" }, { actor: "host" });
}
