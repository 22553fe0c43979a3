/** Runs the force layout off the page's thread: one request, one answer, then it is closed. */
import { type ForceInput, forceLayout } from "./force.ts";

self.addEventListener("message", (event: MessageEvent<ForceInput>) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no origin
  self.postMessage(forceLayout(event.data));
});
