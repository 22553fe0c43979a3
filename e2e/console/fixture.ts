/** The harness of every console spec: a host, a page, and what must never happen on it. */
import { AxeBuilder } from "@axe-core/playwright";
import { test as base, expect, type Page } from "@playwright/test";
import { type ServedHost, serve } from "./serve.ts";

export { expect, type Page };

interface Console {
  /** Opens the console's page, at a route such as `/topology`, and waits until it is connected. */
  open(route?: string): Promise<Page>;
  /** Fails with the list when axe finds anything wrong on the page as it is now. */
  expectAccessible(where: string): Promise<void>;
}

interface TestFixtures {
  readonly console: Console;
}

interface WorkerFixtures {
  readonly host: ServedHost;
}

/** Collects what the browser reports against the page: policy violations, errors, exceptions. */
async function watch(page: Page): Promise<readonly string[]> {
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(`exception: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(`console: ${message.text()}`);
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

/** Soft, so that one run tells of every view. */
async function expectAccessible(page: Page, where: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.flatMap(({ id, help, nodes }) =>
    nodes.map((node) => `${id}: ${help} at ${node.target.join(" ")}`),
  );
  expect.soft(found, where).toEqual([]);
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  host: [
    // Playwright reads the pattern: a fixture that needs nothing still has to destructure.
    async ({}, use) => {
      const host = await serve();
      await use(host);
      await host.stop();
    },
    { scope: "worker" },
  ],
  console: async ({ page, host }, use) => {
    const complaints = await watch(page);
    await use({
      open: async (route = "") => {
        const url = new URL(host.url);
        await page.goto(
          route === "" ? url.href : `${url.origin}${url.pathname}${url.hash}${route}`,
        );
        return page;
      },
      expectAccessible: (where) => expectAccessible(page, where),
    });
    expect(complaints).toEqual([]);
  },
});
