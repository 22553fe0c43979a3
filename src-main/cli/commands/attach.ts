/** `meshdeck attach`: a mesh elsewhere, in a console or in this terminal. */
import { encodeSnapshot } from "#shared/view/snapshot.ts";
import type { MeshEvent, MeshEventType } from "#shared/contract/events.ts";
import { MeshError } from "#shared/contract/errors.ts";
import type { OpenMesh } from "#shared/contract/protocol.ts";
import { attachRequest, type MeshSource, openAttached } from "#main/host/attach.ts";
import { openInRunningHost } from "#main/host/running-host.ts";
import { defaultDataFolder } from "#main/host/state.ts";
import { readyUrl, writeConsoleAddress } from "../console-address.ts";
import { describeEvent } from "../describe-event.ts";
import { describeConnection, describeHealth, describeNodes } from "../describe-view.ts";
import type { CliContext } from "../context.ts";
import { safeText, writeJson, writeLine } from "../terminal.ts";
import { describeOutcome, parseCommand } from "./mesh.ts";
import { openBrowser, serve } from "./serve.ts";

export interface AttachCommandOptions {
  readonly token?: string;
  readonly authKey?: string;
  readonly mesh?: string;
  readonly once?: boolean;
  readonly exec?: string;
  readonly watch?: boolean;
  /** A host of its own, whether or not one runs with the data folder. */
  readonly serve?: boolean;
  readonly open?: boolean;
  readonly data?: string;
  readonly json?: boolean;
}

/** Not worth a line in a terminal. */
const QUIET: ReadonlySet<MeshEventType> = new Set([
  "metrics.sampled",
  "link.latency",
  "rumour.traffic",
  "state.digest",
]);

export async function attach(
  address: string,
  options: AttachCommandOptions,
  context: CliContext,
): Promise<void> {
  const { MESHDECK_TOKEN: token, MESHDECK_SERF_KEY: authKey } = process.env;
  const how = attachRequest(address, { token, authKey, ...options });
  if (wantsTerminal(options)) await attachTerminal(how, options, context);
  else await attachConsole(how, options, context);
}

function wantsTerminal({ watch, once, exec, json, serve }: AttachCommandOptions): boolean {
  if (serve === true) return false;
  return watch === true || once === true || json === true || exec !== undefined;
}

/** In the console of the host that runs with the data folder, or in one that starts now. */
async function attachConsole(
  how: OpenMesh,
  options: AttachCommandOptions,
  context: CliContext,
): Promise<void> {
  const { data = defaultDataFolder(), json = false, open = false, serve: own } = options;
  const there = own === true ? undefined : await openInRunningHost(data, how);
  if (there === undefined) {
    const host = { port: "0", host: "127.0.0.1", demo: false, data };
    await serve({ ...host, json, open, opens: [how] }, context);
    return;
  }
  const meshes = there.meshes.join(", ");
  const sentence = `It is open as ${meshes} in the console that already runs at`;
  const [mesh] = there.meshes;
  const place = mesh === undefined ? there : { ...there, mesh };
  writeConsoleAddress(place, sentence, { ...context, secret: open });
  if (open) openBrowser(readyUrl(place));
}

async function attachTerminal(
  how: OpenMesh,
  options: AttachCommandOptions,
  context: CliContext,
): Promise<void> {
  const sources = await openAttached(how, (error) => {
    throw error;
  });
  try {
    if (options.exec !== undefined) await execute(sources, options.exec, { options, context });
    else for (const source of sources) show(source, options, context);
    if (options.exec === undefined && options.once !== true)
      await follow(sources, options, context);
  } finally {
    await Promise.all(sources.map((source) => source.close()));
  }
}

async function execute(
  sources: readonly MeshSource[],
  text: string,
  { options, context }: { readonly options: AttachCommandOptions; readonly context: CliContext },
): Promise<void> {
  const command = parseCommand(text);
  const [source, ...others] = sources;
  if (source === undefined || others.length > 0) {
    const ids = sources.map((one) => one.describe().id).join(", ");
    throw new MeshError("bad-options", `Say with --mesh which one is meant: ${ids}.`);
  }
  const outcome = await source.execute(command, { actor: "meshdeck command line" });
  if (options.json === true) writeJson(context.terminal.out, outcome);
  else writeLine(context.terminal.out, describeOutcome(command, outcome));
}

function show(source: MeshSource, options: AttachCommandOptions, context: CliContext): void {
  const { out } = context.terminal;
  const [description, status, view] = [source.describe(), source.status(), source.snapshot()];
  if (options.json === true) {
    writeJson(out, { description, status, snapshot: encodeSnapshot(view) });
    return;
  }
  const connection = describeConnection(status.connection);
  writeLine(out, `${safeText(description.name)} (${connection}): ${describeHealth(view)}`);
  for (const line of describeNodes(view)) writeLine(out, `  ${line}`);
}

/** Until the person ends it, or every mesh is over. */
function follow(
  sources: readonly MeshSource[],
  options: AttachCommandOptions,
  context: CliContext,
): Promise<void> {
  return new Promise((resolve) => {
    const live = new Set(sources);
    context.signal.addEventListener("abort", () => resolve(), { once: true });
    for (const source of sources) {
      const ended = (): void => {
        live.delete(source);
        if (live.size === 0) resolve();
      };
      followOne(source, { options, context, ended });
    }
  });
}

interface Following {
  readonly options: AttachCommandOptions;
  readonly context: CliContext;
  readonly ended: () => void;
}

function followOne(source: MeshSource, { options, context, ended }: Following): void {
  const { out } = context.terminal;
  const { id, clock } = source.describe();
  let connection = source.status().connection.state;
  source.subscribe({
    events: (events) => {
      for (const event of events) {
        if (options.json === true) writeJson(out, { mesh: id, event });
        else if (isWorthALine(event)) writeLine(out, `${id} ${describeEvent(event, clock)}`);
      }
    },
    status: (status) => {
      if (status.connection.state === connection) return;
      connection = status.connection.state;
      if (options.json === true) writeJson(out, { mesh: id, connection: status.connection });
      else writeLine(out, `${id} ${describeConnection(status.connection)}`);
      if (connection === "stopped") ended();
    },
    reset: () => show(source, options, context),
  });
}

function isWorthALine(event: MeshEvent): boolean {
  return !QUIET.has(event.type) && !(event.type === "log" && event.level === "debug");
}
