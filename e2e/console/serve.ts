/** Starts `meshdeck serve` as a person would, and stops it again. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../../scripts/lib/files.ts";

const START_DEADLINE_MS = 15_000;
const STOP_DEADLINE_MS = 5_000;

export interface ServedHost {
  /** `http://127.0.0.1:port/#token=…`: opens the console with full rights. */
  readonly url: string;
  readonly origin: string;
  readonly tokens: Tokens;
  /** The folder of its state. */
  readonly data: string;
  /** Everything the process has written so far. */
  output(): string;
  /** As if the machine had lost power; the data folder stays. */
  kill(): Promise<void>;
  /** Ends it in order and takes the data folder away. */
  stop(): Promise<void>;
}

type Tokens = Readonly<Record<"viewer" | "operator" | "admin", string>>;

interface Ready {
  readonly url: string;
  readonly tokenFile: string;
}

/** Resolves with the line printed when ready, rejects when the process ends before it. */
function ready(child: ChildProcess, output: () => string): Promise<Ready> {
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => reject(new Error(`meshdeck serve ${why}:\n${output()}`));
    const deadline = setTimeout(() => fail("was not ready in time"), START_DEADLINE_MS);
    child.stdout?.on("data", () => {
      const line = /^\{.*"tokenFile".*\}$/m.exec(output());
      if (line === null) return;
      clearTimeout(deadline);
      resolve(JSON.parse(line[0]) as Ready);
    });
    child.once("exit", (code) => {
      clearTimeout(deadline);
      fail(`ended with ${code}`);
    });
  });
}

/** Where a host was before: it comes back with the same port, tokens and data. */
export type Place = Pick<ServedHost, "origin" | "data">;

export async function serve(args: readonly string[] = [], place?: Place): Promise<ServedHost> {
  const data = place?.data ?? (await mkdtemp(join(tmpdir(), "meshdeck-e2e-")));
  const port = place === undefined ? "0" : new URL(place.origin).port;
  const line = ["src-main/cli/main.ts", "serve", "--port", port, "--data", data, "--json"];
  const child = spawn(process.execPath, [...line, ...args], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  const output = (): string => text;
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
  });
  const gone = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
  });
  const kill = async (): Promise<void> => {
    child.kill("SIGKILL");
    await gone;
  };
  const stop = async (): Promise<void> => {
    child.kill("SIGTERM");
    const force = setTimeout(() => child.kill("SIGKILL"), STOP_DEADLINE_MS);
    await gone;
    clearTimeout(force);
    await rm(data, { recursive: true, force: true });
  };
  try {
    const { url, tokenFile } = await ready(child, output);
    const tokens = JSON.parse(await readFile(tokenFile, "utf8")) as Tokens;
    const { origin } = new URL(url);
    return { url: `${url}/#token=${tokens.admin}`, origin, tokens, data, output, kill, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
