// What the benchmarks in a browser share: Chromium without a GPU, a built console, a mesh to show.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium } from "@playwright/test";
import { type ServedHost, serve } from "../../e2e/console/serve.ts";
import { isFresh } from "../../scripts/lib/fresh.ts";
import { findChromium } from "../../scripts/lib/system.ts";

export const SIZE = { width: 1_280, height: 800 };

/** Throws unless the built console is the one of these sources. */
export function requireBuilt(): void {
  if (!isFresh("dist/renderer/index.html", ["src-renderer", "src-shared"])) {
    throw new Error("the console is not built from what is here: run `npm run build` first");
  }
}

export function launch(): Promise<Browser> {
  const executablePath = findChromium();
  return chromium.launch({
    args: ["--disable-gpu"],
    ...(executablePath === undefined ? {} : { executablePath }),
  });
}

/** `meshdeck serve` with one mesh of `nodes` nodes, paused at its beginning. */
export async function serveMesh(nodes: number): Promise<ServedHost> {
  const folder = await mkdtemp(join(tmpdir(), "meshdeck-bench-"));
  const file = join(folder, "mesh.yaml");
  await writeFile(
    file,
    `name: bench\nabout: { en: bench }\nmesh: { nodes: ${nodes}, topology: { kind: random-regular } }\n`,
  );
  try {
    return await serve(["--no-demo", "--mesh", file]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The value that `share` (0 to 1) of the values do not exceed. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}
