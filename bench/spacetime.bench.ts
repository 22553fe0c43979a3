// Frames per second of the message diagram while it is dragged, in Chromium without a GPU, with
// 100,000 messages of a simulated mesh read from the real host: all of them on the screen (drawn as
// density), and as many single lines as it ever draws. One JSON line; the floor beside it is an
// empty page of the same browser in the same run.
import type { Page } from "@playwright/test";
import { RemoteHost } from "../src-main/sources/remote/remote-host.ts";
import type { ServedHost } from "../e2e/console/serve.ts";
import { launch, requireBuilt, serveMesh, SIZE } from "./lib/browser-bench.ts";
import { print, round } from "./lib/sim-bench.ts";

const NODES = 24;
const MESSAGES = 100_000;
/** Virtual seconds per real one while the messages are made. */
const SPEED = 100;
const PATIENCE_MS = 120_000;
const MEASURE_MS = 6_000;
const SETTLE_MS = 1_500;
const WANTED_FPS = 30;

interface Frames {
  /** Frames per second of the median frame, and over the whole time. */
  readonly median: number;
  readonly mean: number;
}

async function framesOf(page: Page, during: () => Promise<void>): Promise<Frames> {
  await page.evaluate(() => {
    const stamps: number[] = [];
    Object.assign(window, { benchStamps: stamps });
    const tick = (now: number): void => {
      stamps.push(now);
      if ((window as unknown as { benchStamps: unknown }).benchStamps === stamps) {
        requestAnimationFrame(tick);
      }
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
  await page.mouse.move(640, 400);
  await page.mouse.down();
  for (let step = 0; Date.now() < end; step += 1) {
    await page.mouse.move(640 + 260 * Math.sin(step / 16), 400);
  }
  await page.mouse.up();
}

/** Runs the mesh until it has sent the messages, and stops it there. */
async function makeMessages(host: ServedHost): Promise<void> {
  const remote = new RemoteHost({ address: host.origin, token: host.tokens.admin, name: "bench" });
  await remote.open();
  const { client } = remote;
  const [listing] = await client.request("meshes.list", {});
  const mesh = listing?.description.id ?? "";
  const sent = async (): Promise<number> => {
    const window = { from: 0, to: Number.MAX_SAFE_INTEGER, limit: 1 };
    return (await client.request("mesh.messages", { mesh, ...window })).skipped + 1;
  };
  await client.request("mesh.command", { mesh, command: { type: "time.speed", ratio: SPEED } });
  await client.request("mesh.command", { mesh, command: { type: "time.play" } });
  const giveUp = Date.now() + PATIENCE_MS;
  while ((await sent()) < MESSAGES) {
    if (Date.now() > giveUp) throw new Error(`no ${MESSAGES} messages in ${PATIENCE_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await client.request("mesh.command", { mesh, command: { type: "time.pause" } });
  remote.close();
}

const shown = (page: Page): Promise<{ readonly messages: number; readonly level: string }> =>
  page.locator(".diagram").evaluate((element) => {
    const { messages, level } = (element as HTMLElement).dataset;
    return { messages: Number(messages), level: level ?? "" };
  });

/** Closer and closer until messages are drawn one by one: the most lines there ever are. */
async function zoomToLines(page: Page): Promise<void> {
  await page.getByRole("application").focus();
  for (let step = 0; step < 40; step += 1) {
    if ((await shown(page)).level !== "density") return;
    await page.keyboard.press("+");
    await page.waitForTimeout(250);
  }
  throw new Error("the diagram does not come down to single lines");
}

requireBuilt();
const browser = await launch();
const empty = await browser.newPage({ viewport: SIZE });
const floor = await framesOf(empty, () => empty.waitForTimeout(MEASURE_MS));
await empty.close();
const host = await serveMesh(NODES);
try {
  await makeMessages(host);
  const page = await browser.newPage({ viewport: SIZE });
  await page.goto(host.url);
  await page.getByRole("navigation").getByRole("button", { name: "Messages" }).click();
  await page.getByRole("application").focus();
  await page.keyboard.press("0");
  await page.waitForFunction((wanted) => {
    const element = document.querySelector<HTMLElement>(".diagram");
    return Number(element?.dataset["messages"]) >= wanted;
  }, MESSAGES);
  await page.waitForTimeout(SETTLE_MS);
  const all = await shown(page);
  const allFps = await framesOf(page, () => dragAround(page));
  await page.keyboard.press("0");
  await page.waitForTimeout(SETTLE_MS);
  await zoomToLines(page);
  await page.waitForTimeout(SETTLE_MS);
  const lines = await shown(page);
  const linesFps = await framesOf(page, () => dragAround(page));
  print({
    bench: "spacetime",
    nodes: NODES,
    all: { ...all, panFps: allFps },
    lines: { ...lines, panFps: linesFps },
    unit: "frames/s",
    emptyPageFps: floor,
    wanted: WANTED_FPS,
  });
  if (Math.min(allFps.median, linesFps.median) < WANTED_FPS) process.exitCode = 1;
} finally {
  await browser.close();
  await host.stop();
}
