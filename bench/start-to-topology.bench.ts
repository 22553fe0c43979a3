/**
 * From spawning `meshdeck serve` to the nine cards of the demo mesh on screen, everything cold:
 * a new data folder, a new browser, nothing cached.
 *
 * `serveMs` ends when the host has printed its address. `drawnMs` starts when the page is told to
 * go there, and ends with the first animation frame after the one in which the ninth card of a
 * known node was in the document: all nine have been painted by then. `totalMs` is the two
 * together; starting Chromium (`browserMs`) is not Meshdeck's and is told apart.
 * The floors: a Node process that does nothing, and an empty page up to the same kind of frame.
 */
import { execFileSync } from "node:child_process";
import type { Page } from "@playwright/test";
import { serve } from "../e2e/console/serve.ts";
import { launch, median, requireBuilt, SIZE } from "./lib/browser-bench.ts";
import { print, round, time } from "./lib/sim-bench.ts";

const RUNS = 5;
const CARDS = 9;
const WANTED_TOTAL_MS = 2_000;

interface Start {
  readonly serveMs: number;
  readonly browserMs: number;
  readonly drawnMs: number;
  readonly totalMs: number;
  readonly emptyPageMs: number;
}

/** Milliseconds from now until `cards` cards are painted on the page at `url`. */
async function drawn(page: Page, url: string, cards: number): Promise<number> {
  const began = Date.now();
  await page.goto(url, { waitUntil: "commit" });
  const paintedAt = await page.waitForFunction(
    (wanted) => {
      const known = document.querySelectorAll(".react-flow__node .card:not(.card--unknown)");
      if (known.length < wanted) return undefined;
      return new Promise<number>((resolve) => {
        requestAnimationFrame(() => resolve(Date.now()));
      });
    },
    cards,
    { polling: "raf" },
  );
  return ((await paintedAt.jsonValue()) ?? Number.NaN) - began;
}

async function start(): Promise<Start> {
  let began = Date.now();
  const host = await serve();
  const serveMs = Date.now() - began;
  began = Date.now();
  const browser = await launch();
  const page = await browser.newPage({ viewport: SIZE });
  const browserMs = Date.now() - began;
  try {
    const emptyPageMs = await drawn(page, "about:blank", 0);
    const drawnMs = await drawn(page, host.url, CARDS);
    return { serveMs, browserMs, drawnMs, totalMs: serveMs + drawnMs, emptyPageMs };
  } finally {
    await browser.close();
    await host.stop();
  }
}

requireBuilt();
const runs: Start[] = [];
const nodeMs: number[] = [];
for (let turn = 0; turn < RUNS; turn += 1) {
  nodeMs.push(1_000 * time(() => execFileSync(process.execPath, ["-e", "0"])));
  runs.push(await start());
}
const middle = (pick: (run: Start) => number): number => median(runs.map(pick));
const totalMs = middle((run) => run.totalMs);
print({
  bench: "start-to-topology",
  totalMs,
  serveMs: middle((run) => run.serveMs),
  drawnMs: middle((run) => run.drawnMs),
  browserMs: middle((run) => run.browserMs),
  unit: "ms",
  totalsMs: runs.map((run) => run.totalMs),
  floor: { emptyNodeMs: round(median(nodeMs), 0), emptyPageMs: middle((run) => run.emptyPageMs) },
  wanted: { totalMs: WANTED_TOTAL_MS },
});
if (totalMs > WANTED_TOTAL_MS) process.exitCode = 1;
