import { useEffect, useMemo } from "react";
import type { MeshStore } from "../../../state/mesh-store.ts";
import { useMessages, useMessagesStore } from "../context.ts";
import { delayed } from "../data/delayed.ts";
import type { MessageFeed } from "../data/feed.ts";
import { nowOf } from "../data/use-feed.ts";
import type { MessagesStore } from "../store.ts";
import { DiagramController, type Painted } from "./controller.ts";
import type { Hit } from "./picture.ts";

/** How often the rest of the page hears that the diagram moved. */
const TOLD_MS = 120;
/** Read beyond the rims, as a share of what is on the screen: a drag should meet no blank. */
const MARGIN = 0.5;
/** Shown at first while time runs at its own speed, microseconds. */
const FIRST_SPAN_US = 1_000_000;

export interface ControllerSinks {
  readonly setHit: (hit: Hit | undefined) => void;
  readonly setPainted: (painted: Painted) => void;
}

interface Parts extends ControllerSinks {
  readonly mesh: MeshStore;
  readonly store: MessagesStore;
  readonly feed: MessageFeed | undefined;
}

export function useController(mesh: MeshStore, sinks: ControllerSinks): DiagramController {
  const { setHit, setPainted } = sinks;
  const store = useMessagesStore();
  const feed = useMessages((state) => state.feed);
  const controller = useMemo(
    () => makeController({ mesh, store, feed, setHit, setPainted }),
    [mesh, store, feed, setHit, setPainted],
  );
  useEffect(() => {
    const controls = {
      fit: () => controller.fit({ from: mesh.status?.historyFrom ?? 0, to: nowOf(mesh) }),
      span: (us: number) => controller.span(us),
      zoomBy: (factor: number) => controller.zoomBy(factor),
      showMoment: (at: number) => controller.showMoment(at),
      png: () => controller.png(),
    };
    store.getState().change({ controls });
    return () => store.getState().change({ controls: undefined, level: undefined });
  }, [store, controller, mesh]);
  return controller;
}

function makeController({ mesh, store, feed, setHit, setPainted }: Parts): DiagramController {
  const { change } = store.getState();
  let painted: Painted | undefined;
  // One word to React for many frames.
  const told = delayed(TOLD_MS, () => {
    if (painted !== undefined) {
      setPainted(painted);
      if (painted.level !== store.getState().level) change({ level: painted.level });
    }
    const { window } = controller;
    const { from, to } = store.getState().window;
    if (window.to > window.from && (window.from !== from || window.to !== to)) change({ window });
  });
  const controller = new DiagramController({
    now: () => nowOf(mesh),
    // At ten times the speed, a second of mesh time is gone in a tenth.
    firstSpanUs: FIRST_SPAN_US * Math.max(1, mesh.status?.ratio ?? 1),
    begin: () => mesh.status?.historyFrom ?? 0,
    onHover: setHit,
    onFollow: (following) => change({ following }),
    onWindow(window) {
      const margin = Math.round((window.to - window.from) * MARGIN);
      feed?.look({ from: Math.max(0, window.from - margin), to: window.to + margin });
      told.soon();
    },
    onPainted(now) {
      painted = now;
      told.soon();
    },
  });
  return controller;
}
