/**
 * The host inside Electron's utility process. The shell hands it one message port a console;
 * that the port came from the shell is what makes its session an admin's.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { MeshError } from "#shared/contract/errors.ts";
import { type HostToShell, shellToHostSchema } from "#shared/contract/shell-host.ts";
import { watchForMistakes } from "#main/host/fatal.ts";
import { type Host, openHost } from "#main/host/host.ts";
import { SCENARIO_FOLDER } from "#main/host/lessons.ts";
import { defaultDataFolder } from "#main/host/state.ts";
import {
  asParentPort,
  framePort,
  type MessageFromShell,
  type ParentPort,
} from "./electron-ports.ts";

const parent = asParentPort(process);

function tell(message: HostToShell): void {
  parent.postMessage(message);
}

function options(): { readonly data: string; readonly demo: boolean } {
  const { values } = parseArgs({
    // The shell passes on what it was started with; what is not for the host is left alone.
    strict: false,
    options: { data: { type: "string" }, "no-demo": { type: "boolean" } },
  });
  const { data } = values;
  return {
    data: typeof data === "string" ? data : defaultDataFolder(),
    demo: values["no-demo"] !== true,
  };
}

/** The shell shows standard error in its own log. */
function write(message: unknown): void {
  const text = message instanceof Error ? (message.stack ?? message.message) : String(message);
  process.stderr.write(`${text}\n`);
}

/** A packaged program has its scenarios beside the archive that the code is in. */
function scenarioFolder(): string {
  const path: unknown = Reflect.get(process, "resourcesPath");
  const resources = typeof path === "string" ? path : "";
  const packaged = join(resources, "scenarios");
  return resources !== "" && existsSync(packaged) ? packaged : SCENARIO_FOLDER;
}

async function start(): Promise<void> {
  const { data, demo } = options();
  const log = { info: write, warn: write, error: write };
  const host = await openHost({ dataFolder: data, demo, log, scenarioFolder: scenarioFolder() });
  watchForMistakes(process, write, () => void host.close().then(() => process.exit(1)));
  if (host.journalProblem !== undefined) write(host.journalProblem.message);
  serve(host, parent);
  tell({ kind: "ready" });
}

function serve(host: Host, shell: ParentPort): void {
  shell.on("message", (event: MessageFromShell) => {
    const message = shellToHostSchema.safeParse(event.data);
    if (!message.success) return;
    if (message.data.kind === "close") {
      void host.close().then(() => process.exit(0));
      return;
    }
    const [port] = event.ports;
    if (port !== undefined) host.connect(framePort(port));
  });
}

try {
  await start();
} catch (error) {
  const reason = error instanceof MeshError ? error.message : "The host could not start.";
  if (!(error instanceof MeshError)) write(error);
  tell({ kind: "failed", message: reason });
  process.exitCode = 1;
}
