/** `meshdeck …` as a process of its own, the way a person or a script runs it. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const ROOT = new URL("../..", import.meta.url).pathname;
const READY_DEADLINE_MS = 15_000;

export interface Finished {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Running {
  readonly child: ChildProcessWithoutNullStreams;
  readonly out: () => string;
  readonly err: () => string;
  /** Resolves with the first match in what it printed. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  end(signal?: NodeJS.Signals): Promise<Finished>;
}

type Env = Readonly<Record<string, string>>;

export function start(args: readonly string[], env: Env = {}): Running {
  const child = spawn(process.execPath, ["src-main/cli/main.ts", ...args], {
    cwd: ROOT,
    env: { ...process.env, ...env },
  });
  let [out, err] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
  const closed = once(child, "close").then(([code]) => ({ code: code as number | null, out, err }));
  const printed = async (pattern: RegExp): Promise<RegExpExecArray> => {
    const deadline = Date.now() + READY_DEADLINE_MS;
    for (;;) {
      const match = pattern.exec(out);
      if (match !== null) return match;
      const late = Date.now() > deadline || child.exitCode !== null;
      if (late) throw new Error(`${args.join(" ")} never printed ${pattern}:\n${out}\n${err}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  return {
    child,
    out: () => out,
    err: () => err,
    printed,
    end: (signal = "SIGTERM") => {
      child.kill(signal);
      return closed;
    },
  };
}

/** Runs to its end. */
export async function meshdeck(args: readonly string[], env: Env = {}): Promise<Finished> {
  const running = start(args, env);
  const [code] = (await once(running.child, "close")) as [number | null];
  return { code, out: running.out(), err: running.err() };
}

export interface Serving extends Running {
  readonly data: string;
  readonly url: string;
  readonly port: string;
}

/** Starts a host and waits until it is ready. */
export async function startServe(
  data: string,
  args: readonly string[] = [],
  env: Env = {},
): Promise<Serving> {
  const running = start(["serve", "--json", "--data", data, "--port", "0", ...args], env);
  const [line] = await running.printed(/^\{.*\}$/m);
  const { url } = JSON.parse(line) as { readonly url: string };
  return { ...running, data, url, port: new URL(url).port };
}

export function temporaryFolder(): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "meshdeck-daemon-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
