import { type RefObject, useEffect, useRef } from "react";
import { useApp } from "../../../app/context.ts";
import {
  useDescription,
  useMeshStatus,
  useMeshStore,
  usePastAt,
} from "../../../app/hooks/use-mesh.ts";
import { useTopology } from "../context.ts";
import { useReducedMotion } from "../use-motion.ts";
import { type Flight, flightsOf, keepFlying } from "./flights.ts";

const MAX_PER_BATCH = 48;

/**
 * Keeps the messages that are under way, for a canvas that asks each frame. The trace is
 * subscribed to only while somebody looks: traffic on, page visible, looking at now.
 */
export function useFlights(onFlight: () => void): RefObject<readonly Flight[]> {
  const flights = useRef<readonly Flight[]>([]);
  const { host } = useApp();
  const mesh = useMeshStore()?.id;
  const traces = useDescription()?.traces === true;
  const past = usePastAt() !== undefined;
  const wanted = useTopology((state) => state.traffic);
  const still = useReducedMotion();
  const ratio = useMeshStatus()?.ratio ?? 1;
  const latestRatio = useRef(ratio);
  useEffect(() => {
    latestRatio.current = ratio;
  }, [ratio]);

  const on = traces && wanted && !past && !still;
  useEffect(() => {
    flights.current = [];
    if (!on || mesh === undefined) return undefined;
    const stream = host.subscribe(
      "trace",
      { mesh, maxPerBatch: MAX_PER_BATCH },
      {
        push(batch) {
          if (document.hidden) return;
          const now = performance.now();
          const added = flightsOf(batch, now, latestRatio.current);
          flights.current = keepFlying(flights.current, added, now);
          if (added.length > 0) onFlight();
        },
      },
    );
    return () => stream.cancel();
  }, [host, mesh, on, onFlight]);
  return flights;
}
