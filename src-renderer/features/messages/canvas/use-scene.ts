import type { MeshEvent } from "#shared/contract/events.ts";
import { useMemo, useState } from "react";
import { useDescription, useMeshStore, usePastAt } from "../../../app/hooks/use-mesh.ts";
import { useHeld, useMessages } from "../context.ts";
import { useEvents } from "../data/use-events.ts";
import { useShownIds, useSieve } from "../data/use-selected-rows.ts";
import { type Mark, markOf } from "../model/marks.ts";
import { stretchesOf } from "../model/stretches.ts";
import type { DiagramScene } from "./controller.ts";
import { usePalette } from "./palette.ts";

const MINUTE_US = 60_000_000;

/** All that the diagram shows, put together anew when a part of it changed. */
export function useScene(): {
  readonly scene: DiagramScene | undefined;
  readonly events: readonly MeshEvent[];
} {
  const mesh = useMeshStore();
  const held = useHeld();
  const chosen = useMessages((state) => state.chosen);
  const wall = useDescription()?.clock === "wall";
  const [localUs] = useState(() => -new Date().getTimezoneOffset() * MINUTE_US);
  const palette = usePalette();
  const past = usePastAt();
  const ids = useShownIds();
  const sieve = useSieve();
  const cone = useMessages((state) => state.cone);
  const events = useEvents();
  const { marks, stretches } = useMemo(
    () => ({
      marks: events
        .map((event) => markOf(event))
        .filter((mark): mark is Mark => mark !== undefined),
      stretches: stretchesOf(events, mesh?.live.nodes ?? new Map()),
    }),
    [events, mesh],
  );
  const scene = useMemo((): DiagramScene | undefined => {
    if (held === undefined || sieve === undefined) return undefined;
    return {
      store: held.feed.messages,
      sieve,
      ids,
      marks,
      stretches,
      cone,
      palette,
      past,
      selected: chosen?.kind === "message" ? chosen.serial : undefined,
      selectedEvent: chosen?.kind === "event" ? chosen.event.seq : undefined,
      offsetUs: wall ? localUs : 0,
    };
  }, [held, sieve, ids, marks, stretches, cone, palette, past, chosen, wall, localUs]);
  return { scene, events };
}
