/**
 * How long after something happened in the host it can be seen: a card of the topology in Chromium
 * without a GPU, on a real `meshdeck serve`, while 100 nodes make 5,000 events a second. They do
 * so because one message in five is lost: verdicts come and go all over the mesh, so that most
 * cards have something new to show in every frame. A healthy mesh costs much less.
 *
 * Clock starts: a second client of the host, this process, is about to send `node.pause` or
 * `node.resume` for one node. So the time includes the way to the host, its queue behind the
 * simulation, the event, the host's batching, the wire, and all of the console.
 * Clock stops: the first animation frame after the one in which that node's card changed its
 * process mark begins. The frame with the change has been handed to the compositor by then.
 * `hostMs` ends where the page's socket hands over the frame that holds the event; `consoleMs` is
 * the rest. All stamps are `Date.now()` of one machine, so they are good to 1 ms.
 * The floors: an empty page that changes one attribute and waits for the next frame, before
 * anything else runs; and, meanwhile, how late a timer of this process fires that has nothing else
 * to do. Three processes take part, so on a busy machine each stage waits about that much.
 */
import type { Browser, Page } from "@playwright/test";
import type { MeshCommand } from "../src-shared/contract/commands.ts";
import { RemoteHost } from "../src-main/sources/remote/remote-host.ts";
import { launch, median, quantile, requireBuilt, serveMesh, SIZE } from "./lib/browser-bench.ts";
import { print, round } from "./lib/sim-bench.ts";

const NODES = 100;
const EVENTS_PER_SECOND = 5_000;
const LOSS = 0.2;
const FIRST_RATIO = 4;
const RUNS = 3;
/** Each pauses a node and resumes it: two changes a pair. */
const PAIRS = 40;
const WARM_UP_MS = 6_000;
const RATE_MS = 2_000;
/** Between two changes, and not in step with frames, ticks or batches. */
const REST_MS = 70;
const REST_STEP_MS = 7;
const TIMER_MS = 10;
const WANTED_P95_MS = 100;

interface Sample {
  readonly totalMs: number;
  readonly hostMs: number;
  readonly consoleMs: number;
}

interface Stamps {
  readonly arrived: number;
  readonly painted: number;
}

interface Probe {
  /** Waits for a card; the stamps are kept for `result`. */
  watch(node: string, process: string): void;
  result(): Promise<Stamps>;
}

interface Window {
  readonly benchProbe: Probe;
}

/** Runs in the page, before anything of the console. */
function installProbe(): void {
  let wanted: { readonly node: string; readonly type: string } | undefined;
  let arrived = Number.NaN;
  let result: Promise<Stamps> = Promise.reject(new Error("nothing is watched"));
  result.catch(() => undefined);
  const look = ({ data }: MessageEvent<unknown>): void => {
    if (wanted === undefined || typeof data !== "string" || !data.includes(wanted.type)) return;
    const { node, type } = wanted;
    const { push } = JSON.parse(data) as {
      readonly push?: { readonly events?: readonly { type: string; node?: string }[] };
    };
    if (push?.events?.some((event) => event.type === type && event.node === node) !== true) return;
    arrived = Date.now();
    wanted = undefined;
  };
  const Native = window.WebSocket;
  window.WebSocket = class extends Native {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      this.addEventListener("message", look);
    }
  };
  const benchProbe: Probe = {
    watch(node, process) {
      const card = document.querySelector(`.react-flow__node[data-id="${node}"] .card`);
      if (card === null) throw new Error(`no card of ${node}`);
      wanted = { node, type: process === "paused" ? "node.paused" : "node.resumed" };
      result = new Promise((resolve) => {
        const observer = new MutationObserver(() => {
          if (card.getAttribute("data-process") !== process) return;
          observer.disconnect();
          requestAnimationFrame(() => resolve({ arrived, painted: Date.now() }));
        });
        observer.observe(card, { attributeFilter: ["data-process"] });
      });
    },
    result: () => result,
  };
  Object.assign(window, { benchProbe });
}

class Host {
  readonly #remote: RemoteHost;
  readonly #mesh: string;

  private constructor(remote: RemoteHost, mesh: string) {
    this.#remote = remote;
    this.#mesh = mesh;
  }

  static async open(url: string): Promise<Host> {
    const { host, hash } = new URL(url);
    const token = hash.replace("#token=", "");
    const remote = new RemoteHost({ address: `ws://${host}`, token, name: "bench" });
    const [listing] = await remote.open();
    if (listing === undefined) throw new Error("the host has no mesh");
    return new Host(remote, listing.description.id);
  }

  close(): void {
    this.#remote.close();
  }

  async command(command: MeshCommand): Promise<void> {
    await this.#remote.client.request("mesh.command", { mesh: this.#mesh, command });
  }

  async seq(): Promise<number> {
    const [listing] = await this.#remote.client.request("meshes.list", {});
    return listing?.status.seq ?? 0;
  }

  async eventsPerSecond(during: Promise<unknown>): Promise<number> {
    const [before, beganAt] = [await this.seq(), performance.now()];
    await during;
    return ((await this.seq()) - before) / ((performance.now() - beganAt) / 1_000);
  }
}

/** Plays at the speed that makes as many events as wanted. */
async function setSpeed(host: Host, page: Page): Promise<number> {
  await host.command({
    type: "network.conditions",
    scope: { kind: "mesh" },
    conditions: { loss: LOSS },
  });
  await host.command({ type: "time.speed", ratio: FIRST_RATIO });
  await host.command({ type: "time.play" });
  await page.waitForTimeout(WARM_UP_MS);
  const rate = await host.eventsPerSecond(page.waitForTimeout(RATE_MS));
  const ratio = round((FIRST_RATIO * EVENTS_PER_SECOND) / rate, 2);
  await host.command({ type: "time.speed", ratio });
  await page.waitForTimeout(RATE_MS);
  return ratio;
}

async function change(host: Host, page: Page, node: string, paused: boolean): Promise<Sample> {
  const process = paused ? "paused" : "running";
  await page.evaluate(
    ([id, wanted]) => {
      (window as unknown as Window).benchProbe.watch(id, wanted);
    },
    [node, process] as const,
  );
  const sentAt = Date.now();
  const sent = host.command({ type: paused ? "node.pause" : "node.resume", nodes: [node] });
  const { arrived, painted } = await page.evaluate(() =>
    (window as unknown as Window).benchProbe.result(),
  );
  await sent;
  return { totalMs: painted - sentAt, hostMs: arrived - sentAt, consoleMs: painted - arrived };
}

async function changes(host: Host, page: Page): Promise<readonly Sample[]> {
  const nodes = await page.evaluate(() =>
    [...document.querySelectorAll(".react-flow__node")].flatMap((node) =>
      node instanceof HTMLElement && node.dataset["id"] !== undefined ? [node.dataset["id"]] : [],
    ),
  );
  const samples: Sample[] = [];
  for (let pair = 0; pair < PAIRS; pair += 1) {
    const node = nodes[(pair * 37) % nodes.length] ?? "";
    for (const paused of [true, false]) {
      samples.push(await change(host, page, node, paused));
      await page.waitForTimeout(REST_MS + (samples.length % 11) * REST_STEP_MS);
    }
  }
  return samples;
}

/** Frames a second, and the same events a second as while the changes were timed. */
async function framesPerSecond(page: Page): Promise<number> {
  return page.evaluate(
    (lastsMs) =>
      new Promise<number>((resolve) => {
        const began = performance.now();
        let frames = 0;
        const tick = (now: number): void => {
          frames += 1;
          if (now - began < lastsMs) requestAnimationFrame(tick);
          else resolve((frames * 1_000) / (now - began));
        };
        requestAnimationFrame(tick);
      }),
    RATE_MS,
  );
}

/** Tells how late a timer fired, 95th percentile, once stopped. */
function watchLateness(): () => number {
  const lateMs: number[] = [];
  let due = performance.now() + TIMER_MS;
  const timer = setInterval(() => {
    const now = performance.now();
    lateMs.push(Math.max(0, now - due));
    due = now + TIMER_MS;
  }, TIMER_MS);
  return () => {
    clearInterval(timer);
    return quantile(lateMs, 0.95);
  };
}

async function run(browser: Browser) {
  const served = await serveMesh(NODES);
  const page = await browser.newPage({ viewport: SIZE });
  const host = await Host.open(served.url);
  try {
    await page.addInitScript(installProbe);
    await page.goto(served.url);
    await page.getByText(`${NODES} nodes`, { exact: true }).waitFor();
    const ratio = await setSpeed(host, page);
    const lateness = watchLateness();
    const timed = changes(host, page);
    const rate = await host.eventsPerSecond(timed);
    const samples = await timed;
    const timerLateP95Ms = round(lateness(), 1);
    const fps = await framesPerSecond(page);
    const p = (share: number, pick: (sample: Sample) => number): number =>
      quantile(samples.map(pick), share);
    return {
      p50Ms: p(0.5, (sample) => sample.totalMs),
      p95Ms: p(0.95, (sample) => sample.totalMs),
      maxMs: p(1, (sample) => sample.totalMs),
      hostP50Ms: p(0.5, (sample) => sample.hostMs),
      hostP95Ms: p(0.95, (sample) => sample.hostMs),
      consoleP50Ms: p(0.5, (sample) => sample.consoleMs),
      consoleP95Ms: p(0.95, (sample) => sample.consoleMs),
      eventsPerSecond: Math.round(rate),
      fps: round(fps, 1),
      timerLateP95Ms,
      ratio,
    };
  } finally {
    host.close();
    await page.close();
    await served.stop();
  }
}

/** Milliseconds from a change of the document to the frame after it, on an empty page: p95. */
async function floorOf(browser: Browser): Promise<number> {
  const page = await browser.newPage({ viewport: SIZE });
  const waits = await page.evaluate(async () => {
    const found: number[] = [];
    for (let turn = 0; turn < 60; turn += 1) {
      await new Promise((resolve) => setTimeout(resolve, 20 + (turn % 11)));
      const began = Date.now();
      document.body.dataset["turn"] = String(turn);
      await new Promise((resolve) => requestAnimationFrame(resolve));
      await new Promise((resolve) => requestAnimationFrame(resolve));
      found.push(Date.now() - began);
    }
    return found;
  });
  await page.close();
  return quantile(waits, 0.95);
}

requireBuilt();
const browser = await launch();
const floorP95Ms = await floorOf(browser);
const runs = [];
for (let turn = 0; turn < RUNS; turn += 1) runs.push(await run(browser));
await browser.close();
const p95Ms = median(runs.map((one) => one.p95Ms));
print({
  bench: "event-to-pixel",
  p95Ms,
  p50Ms: median(runs.map((one) => one.p50Ms)),
  hostP95Ms: median(runs.map((one) => one.hostP95Ms)),
  consoleP95Ms: median(runs.map((one) => one.consoleP95Ms)),
  unit: "ms",
  runs,
  floor: {
    emptyPageP95Ms: floorP95Ms,
    timerLateP95Ms: median(runs.map((one) => one.timerLateP95Ms)),
  },
  wanted: { p95Ms: WANTED_P95_MS, eventsPerSecond: EVENTS_PER_SECOND },
});
if (p95Ms > WANTED_P95_MS) process.exitCode = 1;
