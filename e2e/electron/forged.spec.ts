/**
 * Messages that the preload never sends, as a page that broke out of it might. They go in at the
 * stand-in's own door, so these specs do not run on Electron itself.
 */
import { expect, test } from "@playwright/test";
import type { DesktopApp } from "./desktop-app.ts";
import { startOnStandIn } from "./on-stand-in.ts";
import type { PageGlobals } from "./stand-in/preload-runtime.ts";

let app: DesktopApp;

test.beforeAll(async () => {
  app = await startOnStandIn();
});

test.afterAll(async () => {
  await app.quit();
});

test("a payload of the wrong shape is refused", async () => {
  const answers = await app.page.evaluate(async () => {
    const { standInCall } = window as unknown as PageGlobals;
    const channel = "meshdeck:open-external";
    const payloads = [[], [7], ["https://www.serf.io/", "more"], ["x".repeat(2_049)]];
    return Promise.all(
      payloads.map((payload) => standInCall({ kind: "invoke", channel, payload })),
    );
  });
  expect(answers).toEqual([false, false, false, false]);
  expect(app.output()).toContain("a message on meshdeck:open-external was refused");
});

test("a frame inside the page is not heard", async () => {
  const answer = await app.page.evaluate(async () => {
    const frame = document.createElement("iframe");
    document.body.append(frame);
    const { standInCall } = frame.contentWindow as unknown as PageGlobals;
    const payload = ["https://www.serf.io/"];
    const heard = await standInCall({ kind: "invoke", channel: "meshdeck:open-external", payload });
    frame.remove();
    return heard;
  });
  expect(answer).toBe(false);
});
