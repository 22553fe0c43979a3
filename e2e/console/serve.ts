/** Starts `meshdeck serve` as a person would, and stops it again. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../../scripts/lib/files.ts";

const START_DEADLINE_MS = 15_000;
const STOP_DEADLINE_MS = 5_000;

export interface ServedHost {
  /** `http://127.0.0.1:port/#token=…`: opens the console with full rights. */
  readonly url: string;
  readonly origin: string;
  /** Everything the process has written so far. */
  output(): string;
  stop(): Promise<void>;
}

/** Resolves with the address printed with its token, rejects when the process ends before it. */
function addressOf(child: ChildProcess, output: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => reject(new Error(`meshdeck serve ${why}:\n${output()}`));
    const deadline = setTimeout(() => fail("printed no address in time"), START_DEADLINE_MS);
    const look = (): void => {
      const found = /https?:\/\/[^\s#]+#[^\s]*token=[^\s]+/.exec(output());
      if (found === null) return;
      clearTimeout(deadline);
      resolve(found[0]);
    };
    child.stdout?.on("data", look);
    child.stderr?.on("data", look);
    child.once("exit", (code) => {
      clearTimeout(deadline);
      fail(`ended with ${code}`);
    });
  });
}

export async function serve(args: readonly string[] = []): Promise<ServedHost> {
  const data = await mkdtemp(join(tmpdir(), "meshdeck-e2e-"));
  const line = ["src-main/cli/main.ts", "serve", "--port", "0", "--data", data, "--print-url"];
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
  const stop = async (): Promise<void> => {
    child.kill("SIGTERM");
    const force = setTimeout(() => child.kill("SIGKILL"), STOP_DEADLINE_MS);
    await gone;
    clearTimeout(force);
    await rm(data, { recursive: true, force: true });
  };
  try {
    const url = await addressOf(child, output);
    return { url, origin: new URL(url).origin, output, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
