import { defineConfig } from "@playwright/test";
import { findChromium } from "../scripts/lib/system.ts";

const chromium = findChromium();

export default defineConfig({
  outputDir: "../test-results/e2e",
  fullyParallel: false,
  forbidOnly: process.env["CI"] !== undefined,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  workers: 1,
  use: {
    browserName: "chromium",
    viewport: { width: 1280, height: 800 },
    locale: "en-GB",
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    launchOptions: {
      ...(chromium !== undefined && { executablePath: chromium }),
      // As root there is no user namespace for Chromium's sandbox.
      args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
    },
  },
  projects: [
    { name: "console", testDir: "console", testMatch: "**/*.spec.ts" },
    { name: "electron", testDir: "electron", testMatch: "**/*.spec.ts" },
  ],
});
