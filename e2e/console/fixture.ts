/** The harness of every console spec: a host, a page, and what must never happen on it. */
import { AxeBuilder } from "@axe-core/playwright";
import { test as base, expect, type Page } from "@playwright/test";
import { type Control, controlOf } from "./control.ts";
import { type ServedHost, serve } from "./serve.ts";

export { expect, type Page };

/** Virtual seconds that a real one is worth where a spec waits for what a mesh makes of a fault. */
export const FAST = 100;

/** What cannot be clicked within this will not be. */
const ACTION_MS = 10_000;

interface Console {
  /** Opens the console's page with full rights and waits until it is connected. */
  open(): Promise<Page>;
  /** Fails with the list when axe finds anything wrong on the page as it is now. */
  expectAccessible(where: string): Promise<void>;
}

interface TestOptions {
  /** Whether the first-run hints show; they cover a corner. */
  readonly hints: boolean;
}

interface TestFixtures {
  readonly console: Console;
  /** A mesh of nine, fresh for every test: the only one of the host. */
  readonly mesh: Control;
}

interface WorkerFixtures {
  readonly host: ServedHost;
  readonly control: Control;
}

/** Collects what the browser reports against the page: policy violations, errors, exceptions. */
async function watch(page: Page): Promise<readonly string[]> {
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(`exception: ${error.message}`));
  page.on("console", (message) => {
    // A host that is away is something the console tells, not something that broke.
    const text = message.text();
    if (message.type() !== "error" || text.includes("ERR_CONNECTION_REFUSED")) return;
    complaints.push(`console: ${text}`);
  });
  await page.exposeFunction("reportCspViolation", (text: string) => {
    complaints.push(`policy: ${text}`);
  });
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      const { reportCspViolation } = window as unknown as {
        readonly reportCspViolation: (text: string) => void;
      };
      reportCspViolation(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
    });
  });
  return complaints;
}

/** As after the person dismissed all of them. */
async function dismissHints(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const key = "meshdeck.console";
    if (localStorage.getItem(key) !== null) return;
    localStorage.setItem(key, JSON.stringify({ hintsSeen: ["kill", "time", "palette"] }));
  });
}

/** Soft, so that one run tells of every view. */
export async function expectAccessible(page: Page, where: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help} at ${node.target.join(" ")}`),
  );
  expect.soft(found, where).toEqual([]);
}

export const test = base.extend<TestFixtures & TestOptions, WorkerFixtures>({
  hints: [false, { option: true }],
  actionTimeout: ACTION_MS,
  host: [
    // Playwright reads the pattern: a fixture that needs nothing still has to destructure.
    async ({}, use) => {
      const host = await serve();
      await use(host);
      await host.stop();
    },
    { scope: "worker" },
  ],
  control: [
    async ({ host }, use) => {
      const control = await controlOf(host);
      await use(control);
      control.close();
    },
    { scope: "worker" },
  ],
  mesh: async ({ control }, use) => {
    await control.only();
    await use(control);
  },
  console: async ({ page, host, hints, mesh: _fresh }, use) => {
    const complaints = await watch(page);
    if (!hints) await dismissHints(page);
    await use({
      open: async () => {
        await page.goto(host.url);
        await expect(page.locator("output")).toBeVisible();
        return page;
      },
      expectAccessible: (where) => expectAccessible(page, where),
    });
    expect(complaints).toEqual([]);
  },
});
