import type { AppServices } from "../../app/services.ts";
import { downloadBlob, downloadText } from "../../ui/download.ts";
import { formatCount } from "../../ui/format.ts";
import { sieveOf, sift } from "./model/filter.ts";
import { MAX_EXPORTED, shivizLog } from "./model/shiviz.ts";
import type { MessagesStore } from "./store.ts";

const TOLD_MS = 8_000;

/** The messages on the screen, filtered as they are there, for ShiViz. */
export function exportLog(app: AppServices, store: MessagesStore): void {
  const { feed, filter, window } = store.getState();
  const mesh = app.console.getState().mesh;
  if (feed === undefined || mesh === undefined) return;
  const { messages } = feed;
  const scratch = new Uint32Array(messages.count);
  const sieve = sieveOf(filter, messages, new Set(mesh.live.nodes.keys()));
  const count = sift(messages, sieve, scratch, messages.collect(window, scratch));
  downloadText(`${mesh.id}-messages.log`, shivizLog(messages, scratch.subarray(0, count)));
  if (count <= MAX_EXPORTED) return;
  app.toasts.getState().show({
    tone: "warn",
    text: app.t("messages:export.cut", {
      shown: formatCount(MAX_EXPORTED),
      total: formatCount(count),
    }),
    forMs: TOLD_MS,
  });
}

export async function exportPng(app: AppServices, store: MessagesStore): Promise<void> {
  const blob = await store.getState().controls?.png();
  if (blob === undefined || blob === null) return;
  downloadBlob(`${app.console.getState().active ?? "mesh"}-messages.png`, blob);
}
