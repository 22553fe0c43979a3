import { expect, test } from "@playwright/test";
import type { DesktopApp } from "./desktop-app.ts";
import { startApp } from "./start-app.ts";

let app: DesktopApp;

test.beforeAll(async () => {
  app = await startApp();
});

test.afterAll(async () => {
  await app.quit();
});

test("the window is locked down", () => {
  expect(app.webPreferences).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    nodeIntegrationInSubFrames: false,
    webSecurity: true,
    webviewTag: false,
  });
});

test("the preload shows the page one frozen object and nothing of Node", async () => {
  const seen = await app.page.evaluate(() => {
    const bridge = (window as unknown as Record<string, object>)["meshdeck"];
    return {
      keys: Object.keys(bridge ?? {}).toSorted(),
      frozen: Object.isFrozen(bridge),
      node: ["require", "process", "module", "Buffer"].filter((name) => name in window),
    };
  });
  expect(seen).toEqual({
    keys: ["onMenuCommand", "openExternal", "platform", "requestHostPort", "version"],
    frozen: true,
    node: [],
  });
});

test("the page comes under the policy of every surface", async () => {
  const headers = await app.page.evaluate(async () => {
    const answer = await fetch("/index.html");
    return Object.fromEntries(answer.headers);
  });
  expect(headers["content-security-policy"]).toContain("script-src 'self';");
  expect(headers["content-security-policy"]).not.toContain("unsafe");
  expect(headers["x-content-type-options"]).toBe("nosniff");
});

test("no address leads out of the served folder", async () => {
  const statuses = await app.page.evaluate(async () => {
    const paths = ["/..%2fshell/main.js", "/%2e%2e%2fhost/utility.js", "/assets%5c..%5c..%5cx"];
    return Promise.all(paths.map(async (path) => (await fetch(path)).status));
  });
  expect(statuses).toEqual([404, 404, 404]);
});

test("the host answers over the port that the shell hands over", async () => {
  const answer = await app.page.evaluate(async () => {
    const bridge = (window as unknown as { meshdeck: { requestHostPort(): void } }).meshdeck;
    const port = await new Promise<MessagePort>((resolve) => {
      window.addEventListener("message", (event) => {
        if (event.source === window && event.data === "meshdeck:host-port" && event.ports[0]) {
          resolve(event.ports[0]);
        }
      });
      bridge.requestHostPort();
    });
    return new Promise((resolve) => {
      port.addEventListener("message", (event) => resolve(event.data));
      port.start();
      port.postMessage({ kind: "hello", protocol: 1, client: "e2e" });
    });
  });
  expect(answer).toMatchObject({ kind: "welcome", protocol: 1, role: "admin" });
});

test("navigation away is denied", async () => {
  const before = app.page.url();
  await app.page.evaluate(() => {
    window.location.href = "https://example.invalid/";
  });
  await app.page.waitForTimeout(300);
  expect(app.page.url()).toBe(before);
});

test("a new window is denied", async () => {
  const opened = app.page.context().waitForEvent("page");
  await app.page.evaluate(() => {
    window.open("/index.html");
  });
  await opened;
  await expect.poll(() => app.page.context().pages().length).toBe(1);
});

test("an address outside the allow-list is not opened, one inside is", async () => {
  const open = (url: string) =>
    app.page.evaluate(
      (address) =>
        (
          window as unknown as { meshdeck: { openExternal(url: string): Promise<boolean> } }
        ).meshdeck.openExternal(address),
      url,
    );
  expect(await open("https://evil.example/")).toBe(false);
  expect(await open("file:///etc/passwd")).toBe(false);
  expect(await open("https://www.serf.io/docs/")).toBe(true);
  const opened = (await app.reports()).filter((report) => report.kind === "opened");
  expect(opened).toEqual([{ kind: "opened", url: "https://www.serf.io/docs/" }]);
});

test("every permission is denied", async () => {
  await app.control({ kind: "ask-permission", permission: "media" });
  await expect
    .poll(async () => (await app.reports()).filter((report) => report.kind === "permission"))
    .toEqual([{ kind: "permission", granted: false }]);
});

test("a menu item reaches the page as the console's command", async () => {
  await app.page.evaluate(() => {
    const page = window as unknown as {
      chosen: string[];
      meshdeck: { onMenuCommand(listener: (id: string) => void): () => void };
    };
    page.chosen = [];
    page.meshdeck.onMenuCommand((id) => page.chosen.push(id));
    page.meshdeck.onMenuCommand(() => page.chosen.push("unsubscribed"))();
  });
  await app.control({ kind: "menu", id: "app.settings" });
  await expect
    .poll(() => app.page.evaluate(() => (window as unknown as { chosen: string[] }).chosen))
    .toEqual(["app.settings"]);
});

test("quitting closes the host and ends with 0", async () => {
  const other = await startApp();
  const boxes = (await other.reports()).filter((report) => report.kind === "error-box");
  expect(boxes).toEqual([]);
  expect(await other.quit()).toBe(0);
});
