import { useMemo } from "react";
import { useMeshStore, useNodeIds, usePastAt } from "../../../app/hooks/use-mesh.ts";
import { useSelection } from "../../../app/hooks/use-stores.ts";
import { useHeld, useMessages } from "../context.ts";
import type { TimeRange } from "../model/coverage.ts";
import { countProtocols, type ProtocolCount, type Sieve, sieveOf, sift } from "../model/filter.ts";
import { shownIds } from "../model/rows.ts";
import { nowOf } from "./use-feed.ts";

/** The nodes that have a line, in the order of the mesh. */
export function useShownIds(): readonly string[] {
  const all = useNodeIds();
  const chosen = useSelection((state) => state.nodes);
  const only = useMessages((state) => state.onlySelected) && chosen.size > 0;
  return useMemo(() => shownIds(all, chosen, only), [all, chosen, only]);
}

/** The filter in the numbers of the feed's store. */
export function useSieve(): Sieve | undefined {
  // New messages may bring new names, which the sieve has to know.
  const held = useHeld();
  const filter = useMessages((state) => state.filter);
  const ids = useShownIds();
  return useMemo(
    () => (held === undefined ? undefined : sieveOf(filter, held.feed.messages, new Set(ids))),
    [held, filter, ids],
  );
}

export interface WindowRows {
  /** In the order of sending. */
  readonly rows: Uint32Array;
  /** Of all messages of the window, with the filtered ones. */
  readonly total: number;
  readonly protocols: readonly ProtocolCount[];
  /** Messages of the window that are not held, and whether looking closer brings them. */
  readonly skipped: number;
  readonly readable: boolean;
}

const NOTHING: WindowRows = {
  rows: new Uint32Array(0),
  total: 0,
  protocols: [],
  skipped: 0,
  readable: false,
};

/** The stretch of time that is shown; the table keeps up with the present by itself. */
export function useWindow(): TimeRange {
  const mesh = useMeshStore();
  const window = useMessages((state) => state.window);
  const held = useHeld();
  const moving = useMessages((state) => state.following && state.tab === "table");
  const past = usePastAt() !== undefined;
  return useMemo(() => {
    if (!moving || past || mesh === undefined || held === undefined) return window;
    const to = nowOf(mesh);
    return { from: Math.max(0, to - (window.to - window.from)), to };
  }, [mesh, window, held, moving, past]);
}

/** The messages of the window, counted and filtered; anew when either changed. */
export function useWindowRows(): WindowRows {
  const held = useHeld();
  const window = useWindow();
  const sieve = useSieve();
  return useMemo(() => {
    if (held === undefined || sieve === undefined) return NOTHING;
    const { feed } = held;
    const store = feed.messages;
    const scratch = new Uint32Array(store.count);
    const total = store.collect(window, scratch);
    const protocols = countProtocols(store, scratch, total);
    const kept = sift(store, sieve, scratch, total);
    const gaps = feed.gapsIn(window);
    return {
      rows: scratch.slice(0, kept),
      total,
      protocols,
      skipped: gaps.reduce((sum, gap) => sum + gap.skipped, 0),
      readable: gaps.some((gap) => gap.readable),
    };
  }, [held, window, sieve]);
}
