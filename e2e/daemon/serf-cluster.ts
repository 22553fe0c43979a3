/** Real `serf agent` processes on loopback. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Debian's package `serf` has it. */
const SERF = "serf";
const BIND = "127.0.0.1";

export interface AgentOptions {
  readonly rpcAuth?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface SerfAgent {
  readonly name: string;
  readonly rpcPort: number;
  /** Where other agents join it: `host:port`. */
  readonly bindAddress: string;
  readonly address: string;
  /** Ends the process, without leaving the cluster. */
  kill(): Promise<void>;
  /** The same agent again, on the same ports. */
  restart(): Promise<void>;
}

export class SerfCluster {
  readonly #children = new Set<ChildProcess>();
  readonly #folders = new Set<string>();
  #seedPort: number | undefined;

  async start(name: string, options: AgentOptions = {}): Promise<SerfAgent> {
    const [bindPort, rpcPort] = [await freePort(), await freePort()];
    const seed = this.#seedPort;
    this.#seedPort ??= bindPort;
    const key = options.rpcAuth === undefined ? [] : [this.#keyFile(options.rpcAuth)];
    const args = [...agentArgs({ name, bindPort, rpcPort, seed }, options.tags), ...key];
    let child = await this.#spawn(args);
    return {
      name,
      rpcPort,
      bindAddress: `${BIND}:${bindPort}`,
      address: `serf://${BIND}:${rpcPort}`,
      kill: () => this.#kill(child),
      restart: async () => {
        child = await this.#spawn(args);
      },
    };
  }

  /** `serf COMMAND …` against an agent. */
  run(agent: SerfAgent, command: string, ...args: readonly string[]): string {
    const all = [command, `-rpc-addr=${BIND}:${agent.rpcPort}`, ...args];
    return execFileSync(SERF, all, { encoding: "utf8" });
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#children].map((child) => this.#kill(child)));
    for (const folder of this.#folders) rmSync(folder, { recursive: true, force: true });
  }

  /** Serf takes its RPC key from a configuration file only. */
  #keyFile(key: string): string {
    const folder = mkdtempSync(join(tmpdir(), "meshdeck-serf-"));
    this.#folders.add(folder);
    const path = join(folder, "agent.json");
    writeFileSync(path, JSON.stringify({ rpc_auth: key }), { mode: 0o600 });
    return `-config-file=${path}`;
  }

  async #spawn(args: readonly string[]): Promise<ChildProcess> {
    const child = spawn(SERF, args, { stdio: ["ignore", "pipe", "ignore"] });
    this.#children.add(child);
    await new Promise<void>((resolve, reject) => {
      let output = "";
      child.once("error", reject);
      child.once("exit", () => reject(new Error(`serf ended:\n${output}`)));
      child.stdout.on("data", (text) => {
        output += String(text);
        if (output.includes("Serf agent running!")) resolve();
      });
    });
    return child;
  }

  async #kill(child: ChildProcess): Promise<void> {
    this.#children.delete(child);
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  }
}

function agentArgs(
  ports: {
    readonly name: string;
    readonly bindPort: number;
    readonly rpcPort: number;
    readonly seed: number | undefined;
  },
  tags: AgentOptions["tags"] = {},
): readonly string[] {
  const { name, bindPort, rpcPort, seed } = ports;
  return [
    "agent",
    `-node=${name}`,
    `-bind=${BIND}:${bindPort}`,
    `-rpc-addr=${BIND}:${rpcPort}`,
    ...Object.entries(tags).map(([key, value]) => `-tag=${key}=${value}`),
    ...(seed === undefined ? [] : [`-retry-join=${BIND}:${seed}`, "-retry-interval=1s"]),
  ];
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, BIND);
  await once(server, "listening");
  const { port } = server.address() as { readonly port: number };
  server.close();
  await once(server, "close");
  return port;
}
