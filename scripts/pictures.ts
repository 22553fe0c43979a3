/**
 * `node scripts/pictures.ts [DIR] [WIDTHxHEIGHT] [NAME…]`: takes the README's pictures (all, or
 * these) of the built console over a real host. What they show happened; nothing is drawn for them.
 */
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Browser, chromium, type Page } from "@playwright/test";
import { type Control, controlOf } from "../e2e/console/control.ts";
import { card, dock, fact, inspector, select, view } from "../e2e/console/parts.ts";
import { type ServedHost, serve } from "../e2e/console/serve.ts";
import { ROOT } from "./lib/files.ts";
import { findChromium } from "./lib/system.ts";

const STEP_MS = 30_000;
/** For what moves to its place after it is there, such as cards and the S-curve. */
const SETTLE_MS = 1_200;
/** Between two looks at whether it has come. */
const GLANCE_MS = 300;

interface Look {
  readonly colorScheme: "light" | "dark";
  readonly locale: "en-GB" | "zh-CN";
}

interface Picture {
  readonly name: string;
  readonly look: Look;
  /** Brings the fresh mesh and the page to what the picture shows. */
  stage(page: Page, mesh: Control): Promise<void>;
}

const LIGHT: Look = { colorScheme: "light", locale: "en-GB" };
const DARK: Look = { colorScheme: "dark", locale: "en-GB" };
const CHINESE: Look = { colorScheme: "dark", locale: "zh-CN" };

const FULL = { kind: "full" } as const;

const PICTURES: readonly Picture[] = [
  {
    name: "topology-dark",
    look: DARK,
    async stage(page, mesh) {
      await killed(page, mesh);
      await inspector(page)
        .getByText(/Confirmed by/)
        .waitFor();
      await dock(page).getByRole("combobox", { name: "All kinds" }).selectOption("member");
    },
  },
  {
    name: "partition-light",
    look: LIGHT,
    async stage(page, mesh) {
      await mesh.command({ type: "time.speed", ratio: 50 });
      const groups = [["A", "B", "C", "D", "E", "F"], [..."GHI"]];
      await mesh.command({ type: "network.partition", groups });
      await page.getByText(/3 nodes are read-only/).waitFor();
      await mesh.command({ type: "time.speed", ratio: 1 });
      await page.getByRole("button", { name: "Close the dock" }).click();
      await page.getByRole("button", { name: "Fit the mesh to the screen" }).click();
      await select(page, "H");
      await fact(page, "Mode").getByText("in the minority").waitFor();
    },
  },
  {
    name: "gossip-light",
    look: LIGHT,
    async stage(page, mesh) {
      await mesh.only({ nodes: 60, gossip: { mode: "push", fanout: 2 } });
      await mesh.command({ type: "time.speed", ratio: 10 });
      await view(page, "Gossip").click();
      await page.getByText("60 nodes", { exact: true }).waitFor();
      await mesh.command(rumour("B", "build 214 is out"));
      await page.getByText("converged", { exact: true }).waitFor();
      await mesh.command({ type: "gossip.set", mode: "push-pull" });
      await mesh.command(rumour("n40", "maintenance at noon"));
      await page.getByText("“news” from n40").waitFor();
      await page.getByText("converged", { exact: true }).waitFor();
      await mesh.command({ type: "time.pause" });
    },
  },
  {
    name: "consensus-dark",
    look: DARK,
    async stage(page, mesh) {
      await mesh.only({ name: "pbft", nodes: 4, topology: FULL, consensus: { kind: "pbft" } });
      while ((await mesh.view()).agreement.lead === undefined) await page.waitForTimeout(GLANCE_MS);
      await mesh.command({ type: "consensus.propose", node: "B", value: "attack at dawn" });
      await mesh.command({ type: "time.speed", ratio: 10 });
      await view(page, "Consensus").click();
      const rounds = page.getByRole("region", { name: "Rounds, newest last" });
      await rounds.getByText("attack at dawn").waitFor();
      await mesh.command({ type: "node.byzantine", node: "A", behaviours: ["equivocate"] });
      await mesh.command({ type: "consensus.propose", node: "C", value: "retreat at noon" });
      while ((await mesh.view()).agreement.lead?.node !== "B") await page.waitForTimeout(GLANCE_MS);
      await rounds.getByText("retreat at noon").last().click();
      await mesh.command({ type: "time.pause" });
      await page.keyboard.press("Control+i");
    },
  },
  {
    name: "messages-light",
    look: LIGHT,
    async stage(page, mesh) {
      await mesh.only({
        name: "raft",
        nodes: 5,
        topology: FULL,
        consensus: { kind: "raft" },
        network: { latencyMs: 8, jitterMs: 6, loss: 0.1 },
      });
      await view(page, "Messages").click();
      while ((await mesh.view()).agreement.lead === undefined) await page.waitForTimeout(GLANCE_MS);
      await mesh.command({ type: "time.pause" });
      await page.getByRole("application").focus();
      for (let i = 0; i < 40; i++) await page.keyboard.press("PageDown");
      await page.getByText("Causal past and future").click();
      await page.getByRole("button", { name: "All of the history" }).click();
    },
  },
  {
    name: "lesson-light",
    look: LIGHT,
    async stage(page, mesh) {
      await mesh.only({});
      await view(page, "Lessons").click();
      await page.getByRole("button", { name: "Start: Log repair" }).click();
      const lesson = page.getByRole("region", { name: "Lesson", exact: true });
      await lesson.getByRole("button", { name: "Start", exact: true }).click();
      const healed = /The network heals/;
      const before = lesson.filter({ hasNotText: healed });
      while (!(await lesson.getByText(healed).isVisible())) {
        // The step may come between the look and the click: then it must not be clicked away.
        const next = before.getByRole("button", { name: "Continue", exact: true });
        await next.click({ timeout: GLANCE_MS }).catch(() => undefined);
      }
      await page.getByRole("tab", { name: "Logs" }).click();
    },
  },
  {
    name: "events-zh",
    look: CHINESE,
    async stage(page, mesh) {
      await killed(page, mesh);
      await page.getByRole("navigation").getByRole("button", { name: "事件" }).click();
      await page.getByRole("combobox").first().selectOption("member");
      await page.keyboard.press("Control+i");
    },
  },
];

const rumour = (node: string, payload: string) =>
  ({ type: "rumour.publish", node, topic: "news", payload, urgent: false }) as const;

/** E was killed and all agree that it failed. */
async function killed(page: Page, mesh: Control): Promise<void> {
  await mesh.command({ type: "time.speed", ratio: 10 });
  await card(page, "I").waitFor();
  await mesh.command({ type: "node.kill", nodes: ["E"] });
  await select(page, "E");
  while ((await mesh.view()).nodes.get("E")?.confirmed === undefined) {
    await page.waitForTimeout(GLANCE_MS);
  }
  await mesh.command({ type: "time.speed", ratio: 1 });
}

interface Studio {
  readonly browser: Browser;
  readonly host: ServedHost;
  readonly mesh: Control;
  readonly folder: string;
  readonly viewport: { readonly width: number; readonly height: number };
}

async function take(studio: Studio, { name, look, stage }: Picture): Promise<void> {
  const { browser, host, mesh, viewport, folder } = studio;
  await mesh.only({});
  const context = await browser.newContext({ ...look, viewport });
  const page = await context.newPage();
  page.setDefaultTimeout(STEP_MS);
  await page.addInitScript(() => {
    const seen = JSON.stringify({ hintsSeen: ["kill", "time", "palette"], dockHeight: 236 });
    localStorage.setItem("meshdeck.console", seen);
  });
  await page.goto(host.url);
  await page.locator("output").waitFor();
  await stage(page, mesh);
  await page.mouse.move(0, 0);
  await page.waitForTimeout(SETTLE_MS);
  await page.screenshot({ path: join(folder, `${name}.png`) });
  await context.close();
  process.stdout.write(`${name}.png\n`);
}

async function main(folder: string, size: string, names: readonly string[]): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const [width = 1280, height = 800] = size.split("x").map(Number);
  const executablePath = findChromium();
  const browser = await chromium.launch({
    ...(executablePath === undefined ? {} : { executablePath }),
    args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
  });
  const host = await serve();
  const mesh = await controlOf(host);
  try {
    const studio = { browser, host, mesh, folder, viewport: { width, height } };
    for (const picture of PICTURES) {
      if (names.length === 0 || names.includes(picture.name)) await take(studio, picture);
    }
  } finally {
    mesh.close();
    await host.stop();
    await browser.close();
  }
}

await main(
  resolve(process.argv[2] ?? `${ROOT}docs/images`),
  process.argv[3] ?? "1280x800",
  process.argv.slice(4),
);
