// Frames per second of the topology in Chromium without a GPU, on the real host with live
// telemetry: 200 nodes as cards while traffic flows, 1,000 nodes on the canvas while it is dragged.
// One JSON line; the floor beside it is an empty page of the same browser in the same run.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "@playwright/test";
import { serve } from "../e2e/console/serve.ts";
import { isFresh } from "../scripts/lib/fresh.ts";
import { findChromium } from "../scripts/lib/system.ts";
import { print, round } from "./lib/sim-bench.ts";

const MEASURE_MS = 6_000;
/** Layout, first metrics and the just-in-time compiler have settled by then. */
const WARM_UP_MS = 6_000;
const SIZE = { width: 1_280, height: 800 };
const WANTED = { live200: 50, pan1000: 30 };

interface Frames {
  /** Frames per second of the median frame, and over the whole time. */
  readonly median: number;
  readonly mean: number;
}

/** Frames of the page while `during` runs. */
async function framesOf(page: Page, during: () => Promise<void>): Promise<Frames> {
  await page.evaluate(() => {
    const stamps: number[] = [];
    Object.assign(window, { benchStamps: stamps });
    const tick = (now: number): void => {
      stamps.push(now);
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  });
  await during();
  const stamps = await page.evaluate(
    () => (window as unknown as { readonly benchStamps: readonly number[] }).benchStamps,
  );
  const gaps = stamps.slice(1).map((stamp, index) => stamp - (stamps[index] ?? stamp));
  const total = gaps.reduce((sum, gap) => sum + gap, 0);
  const median = gaps.sort((a, b) => a - b)[Math.floor(gaps.length / 2)] ?? Number.NaN;
  return { median: round(1_000 / median, 1), mean: round((1_000 * gaps.length) / total, 1) };
}

async function dragAround(page: Page): Promise<void> {
  const end = Date.now() + MEASURE_MS;
  await page.mouse.move(400, 300);
  await page.mouse.down();
  for (let step = 0; Date.now() < end; step += 1) {
    await page.mouse.move(400 + 120 * Math.sin(step / 12), 300 + 80 * Math.cos(step / 9));
  }
  await page.mouse.up();
}

async function withMesh<T>(
  browser: Browser,
  nodes: number,
  measure: (page: Page) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "meshdeck-bench-"));
  const file = join(folder, "mesh.yaml");
  await writeFile(
    file,
    `name: bench\nabout: { en: bench }\nmesh: { nodes: ${nodes}, topology: { kind: random-regular } }\n`,
  );
  const host = await serve(["--no-demo", "--mesh", file]);
  const page = await browser.newPage({ viewport: SIZE });
  try {
    await page.goto(host.url);
    await page.getByText(`${nodes} nodes`, { exact: true }).waitFor();
    await page.getByRole("button", { name: "Play", exact: true }).click();
    await page.waitForTimeout(WARM_UP_MS);
    return await measure(page);
  } finally {
    await page.close();
    await host.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

if (!isFresh("dist/renderer/index.html", ["src-renderer", "src-shared"])) {
  throw new Error("the console is not built from what is here: run `npm run build` first");
}
const executablePath = findChromium();
const browser = await chromium.launch({
  args: ["--disable-gpu"],
  ...(executablePath === undefined ? {} : { executablePath }),
});
const wait = (page: Page) => () => page.waitForTimeout(MEASURE_MS);
const empty = await browser.newPage({ viewport: SIZE });
const floor = await framesOf(empty, wait(empty));
await empty.close();
const live200 = await withMesh(browser, 200, (page) => framesOf(page, wait(page)));
const pan1000 = await withMesh(browser, 1_000, (page) => framesOf(page, () => dragAround(page)));
await browser.close();
print({
  bench: "console-fps",
  live200Fps: live200,
  pan1000Fps: pan1000,
  unit: "frames/s",
  emptyPageFps: floor,
  wanted: WANTED,
});
if (live200.median < WANTED.live200 || pan1000.median < WANTED.pan1000) process.exitCode = 1;
