import type { Point, Positions } from "./geometry.ts";
import type { DrawnGraph } from "./group.ts";
// oxlint-disable-next-line import/default -- what the bundler puts there is an address, not the module
import workerUrl from "./force.worker.ts?worker&url";
import { forceInput, type LayoutName, layoutNow } from "./layout.ts";

/** The same mesh is laid out the same way each time. */
const SEED = 20_011;

/**
 * Lays out `graph` and calls `done`: at once where a formula does it, from a worker otherwise. The
 * returned function gives up on a layout that nobody waits for any more.
 */
export function runLayout(
  name: LayoutName,
  graph: DrawnGraph,
  done: (places: Positions) => void,
): () => void {
  if (name !== "force") {
    done(layoutNow(name, graph));
    return () => undefined;
  }
  const worker = new Worker(trusted(workerUrl), { type: "module" });
  worker.addEventListener(
    "message",
    (event: MessageEvent<readonly (readonly [string, Point])[]>) => {
      worker.terminate();
      done(new Map(event.data));
    },
  );
  // A ring is worse than a force layout, and better than nothing.
  worker.addEventListener("error", () => {
    worker.terminate();
    done(layoutNow("ring", graph));
  });
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no origin
  worker.postMessage(forceInput(graph, SEED));
  return () => worker.terminate();
}

interface ScriptUrlPolicies {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): string };
}

/** The page's policy lets a worker start only from an address that was vouched for. */
function trusted(url: string): string {
  const { trustedTypes } = window as { readonly trustedTypes?: ScriptUrlPolicies };
  const vouch = (asked: string): string => {
    if (asked !== workerUrl) throw new TypeError(`not a worker of this page: ${asked}`);
    return asked;
  };
  const policy = trustedTypes?.createPolicy("meshdeck-layout", { createScriptURL: vouch });
  return policy?.createScriptURL(url) ?? url;
}
