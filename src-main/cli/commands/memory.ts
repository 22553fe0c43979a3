/** `meshdeck memory …` and `meshdeck propose`: requests to a mesh, each awaited to its answer. */
import { type MeshCommand, type MeshCommandInput } from "#shared/contract/commands.ts";
import { MeshError } from "#shared/contract/errors.ts";
import type { MemoryEntry } from "#shared/contract/inspection.ts";
import type { RpcClient } from "#shared/rpc/client.ts";
import { decodeSnapshot } from "#shared/view/snapshot.ts";
import { attachRequest } from "#main/host/attach.ts";
import { type RequestAnswer, requestAnswer, type RequestOutcome } from "#main/host/requests.ts";
import { withHostAt, withRunningHost } from "#main/host/running-host.ts";
import { defaultDataFolder } from "#main/host/state.ts";
import type { CliContext } from "../context.ts";
import { EXIT_FAILED, EXIT_UNKNOWN } from "../exit.ts";
import { parseInteger } from "../numbers.ts";
import { formatTable } from "../table.ts";
import { safeText, writeJson, writeLine } from "../terminal.ts";
import { parseCommand } from "./mesh.ts";

export interface HostChoice {
  readonly data?: string;
  readonly host?: string;
  readonly token?: string;
  readonly mesh?: string;
  readonly node?: string;
  /** Seconds. */
  readonly timeout: string;
  readonly json?: boolean;
}

export interface WriteOptions extends HostChoice {
  /** Seconds. */
  readonly ttl?: string;
  readonly expect?: string;
}

export interface ReadOptions extends HostChoice {
  readonly local?: boolean;
}

export interface ListOptions extends HostChoice {
  readonly namespace?: string;
}

const MAX_SHOWN = 16_384;

const REASONS: Partial<Record<RequestAnswer["code"], string>> = {
  "not-found": "there is nothing of that name",
  conflict: "the present value is another one",
  "no-leader": "nobody leads the mesh just now",
  "read-only": "this side of the mesh has no majority",
};

export function memoryRead(
  what: { readonly namespace: string; readonly key: string },
  options: ReadOptions,
  context: CliContext,
): Promise<void> {
  const consistency = options.local === true ? "local" : "linearizable";
  return ask({ type: "memory.read", ...what, consistency }, options, context);
}

export function memoryWrite(
  what: { readonly namespace: string; readonly key: string; readonly value: string },
  options: WriteOptions,
  context: CliContext,
): Promise<void> {
  const { ttl, expect } = options;
  const seconds =
    ttl === undefined ? undefined : parseInteger("--ttl", ttl, { min: 1, max: 86_400 });
  const command = {
    type: "memory.write" as const,
    ...what,
    ...(seconds === undefined ? {} : { ttlMs: seconds * 1_000 }),
    ...(expect === undefined ? {} : { expect }),
  };
  return ask(command, options, context);
}

export function memoryDelete(
  what: { readonly namespace: string; readonly key: string },
  options: HostChoice,
  context: CliContext,
): Promise<void> {
  return ask({ type: "memory.delete", ...what }, options, context);
}

export function propose(value: string, options: HostChoice, context: CliContext): Promise<void> {
  return ask({ type: "consensus.propose", value }, options, context);
}

/** What one node holds, without asking anybody else. */
export async function memoryList(options: ListOptions, context: CliContext): Promise<void> {
  const { memory, node, memorySkipped } = await withHost(options, async (client) => {
    const mesh = await meshOf(client, options.mesh);
    const node = options.node ?? (await anyRunning(client, mesh));
    return client.request("mesh.inspect", { mesh, node, logLimit: 0 });
  });
  const { out, err } = context.terminal;
  const wanted = memory.filter(({ namespace }) => namespace === (options.namespace ?? namespace));
  if (options.json === true) {
    for (const entry of wanted) writeJson(out, { node, ...entry });
  } else {
    const rows = wanted.map(describeEntry);
    for (const line of formatTable(["namespace", "mode", "key", "value"], rows)) {
      writeLine(out, line);
    }
  }
  if (memorySkipped > 0) writeLine(err, `${memorySkipped} more entries are not shown.`);
}

function describeEntry({ namespace, mode, key, values }: MemoryEntry): readonly string[] {
  return [
    namespace,
    mode,
    safeText(key, 60),
    values.map((value) => safeText(value, 60)).join(" | "),
  ];
}

async function ask(
  input: MeshCommandInput,
  options: HostChoice,
  context: CliContext,
): Promise<void> {
  const { node } = options;
  const command = parseCommand(
    JSON.stringify({ ...input, ...(node === undefined ? {} : { node }) }),
  );
  const timeoutMs = 1_000 * parseInteger("--timeout", options.timeout, { min: 1, max: 600 });
  const outcome = await withHost(options, async (client) => {
    const mesh = await meshOf(client, options.mesh);
    return requestAnswer(client, { mesh, timeoutMs }, command);
  });
  tell(command, outcome, { options, context });
}

interface Telling {
  readonly options: HostChoice;
  readonly context: CliContext;
}

function tell(command: MeshCommand, outcome: RequestOutcome, { options, context }: Telling): void {
  const { out, err } = context.terminal;
  if (outcome.kind === "unknown") {
    if (options.json === true) writeJson(out, { code: "unknown", message: outcome.why });
    writeLine(
      err,
      `meshdeck: Whether ${command.type} was carried out is not known: ${outcome.why}.`,
    );
    context.exit(EXIT_UNKNOWN);
    return;
  }
  const { answer } = outcome;
  if (options.json === true) writeJson(out, answer);
  if (answer.code === "ok") {
    if (options.json !== true) tellAnswer(command, answer, context);
    return;
  }
  const why = safeText(answer.message ?? REASONS[answer.code] ?? answer.code);
  const unknown = answer.code === "unknown";
  const words = unknown ? "Whether it was carried out is not known" : "The mesh refused it";
  writeLine(err, `meshdeck: ${words}: ${why} (${answer.code}).`);
  context.exit(unknown ? EXIT_UNKNOWN : EXIT_FAILED);
}

function tellAnswer(command: MeshCommand, answer: RequestAnswer, { terminal }: CliContext): void {
  const { out, err } = terminal;
  if (command.type === "memory.read") {
    const values = answer.siblings ?? (answer.value === undefined ? [] : [answer.value]);
    for (const value of values) writeLine(out, safeText(value, MAX_SHOWN));
    if (values.length > 1) writeLine(err, `${values.length} values were written at the same time.`);
    if (answer.stale === true) writeLine(err, "It may be old: this is what one node holds.");
    return;
  }
  const where = answer.index === undefined ? "" : ` as entry ${answer.index} of the log`;
  writeLine(out, `done  ${command.type} by ${safeText(answer.node, 64)}${where}`);
}

/** The host that was named; else the one that runs with the data folder. */
function withHost<T>(options: HostChoice, work: (client: RpcClient) => Promise<T>): Promise<T> {
  if (options.host === undefined) {
    return withRunningHost(options.data ?? defaultDataFolder(), work);
  }
  const { MESHDECK_TOKEN } = process.env;
  const request = attachRequest(options.host, { token: options.token ?? MESHDECK_TOKEN });
  if (request.kind === "remote") return withHostAt(request, work);
  throw new MeshError("bad-address", "A host's address is ws://host:port or wss://host:port.");
}

/** The mesh that was named; else the only one. */
async function meshOf(client: RpcClient, wish: string | undefined): Promise<string> {
  const ids = (await client.request("meshes.list", {})).map(({ description }) => description.id);
  const [only, ...others] = wish === undefined ? ids : ids.filter((id) => id === wish);
  if (only !== undefined && others.length === 0) return only;
  if (wish !== undefined) throw new MeshError("unknown-mesh", `There is no mesh "${wish}" there.`);
  if (only === undefined) throw new MeshError("unknown-mesh", "No mesh is open there.");
  throw new MeshError("bad-options", `Say with --mesh which one is meant: ${ids.join(", ")}.`);
}

async function anyRunning(client: RpcClient, mesh: string): Promise<string> {
  const now = { mesh, at: Number.MAX_SAFE_INTEGER };
  const view = decodeSnapshot(await client.request("mesh.snapshotAt", now));
  const running = [...view.nodes.values()].find(({ process }) => process === "running");
  if (running !== undefined) return running.id;
  throw new MeshError("not-running", "No node of this mesh runs.");
}
