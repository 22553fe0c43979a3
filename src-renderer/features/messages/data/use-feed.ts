import { useEffect } from "react";
import { useApp } from "../../../app/context.ts";
import { useDescription, useMeshStore, usePastAt } from "../../../app/hooks/use-mesh.ts";
import type { MeshStore } from "../../../state/mesh-store.ts";
import { useMessages, useMessagesStore } from "../context.ts";
import { NO_FILTER } from "../model/filter.ts";
import { delayed } from "./delayed.ts";
import { MessageFeed } from "./feed.ts";

/** How often the parts of the page that are not drawn on a canvas hear of new messages. */
const VERSION_MS = 250;

/** Newest mesh time there is, microseconds. */
export function nowOf(mesh: MeshStore): number {
  return Math.max(mesh.live.at, mesh.status?.at ?? 0);
}

/** A feed for the active mesh, in the store while the page is mounted. */
export function useFeed(): void {
  const { host } = useApp();
  const store = useMessagesStore();
  const mesh = useMeshStore();
  const traces = useDescription()?.traces === true;
  useEffect(() => {
    const { change } = store.getState();
    if (mesh === undefined || !traces) return undefined;
    const told = delayed(VERSION_MS, () => change({ version: store.getState().version + 1 }));
    const feed = new MessageFeed({
      host,
      mesh: mesh.id,
      now: () => nowOf(mesh),
      changed: told.soon,
      // What could not be read is asked for again; the state of the link is told elsewhere.
      failed: () => told.soon(),
    });
    // What was chosen for one mesh does not carry over to the next.
    const same = store.getState().mesh === mesh.id;
    change({ feed, chosen: undefined, following: true, mesh: mesh.id });
    if (!same) change({ filter: NO_FILTER, onlySelected: false });
    const stop = mesh.subscribe(() => feed.refresh(), "slow");
    return () => {
      stop();
      told.stop();
      feed.close();
      change({ feed: undefined, chosen: undefined, controls: undefined });
    };
  }, [host, store, mesh, traces]);
  useLive();
}

/** Live batches only while somebody sees them: at the present, on a visible page. */
function useLive(): void {
  const feed = useMessages((state) => state.feed);
  const past = usePastAt() !== undefined;
  useEffect(() => {
    const decide = () => feed?.setLive(!past && !document.hidden);
    decide();
    document.addEventListener("visibilitychange", decide);
    return () => document.removeEventListener("visibilitychange", decide);
  }, [feed, past]);
}
