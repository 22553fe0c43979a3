import type { MeshEvent } from "#shared/contract/events.ts";
import { useCallback } from "react";
import { useApp } from "../../../app/context.ts";
import { useMessagesStore } from "../context.ts";
import type { Hit } from "./picture.ts";

/** A click: a message is opened beside; an event is too, and its moment is shown. */
export function useChoose(events: readonly MeshEvent[]): (hit: Hit | undefined) => void {
  const app = useApp();
  const store = useMessagesStore();
  return useCallback(
    (hit) => {
      const { change } = store.getState();
      if (hit === undefined) {
        change({ chosen: undefined });
        return;
      }
      app.prefs.getState().change({ inspectorOpen: true });
      if (hit.kind === "message") {
        change({ chosen: { kind: "message", serial: hit.serial } });
        return;
      }
      const event = events.find(({ seq }) => seq === hit.seq);
      if (event === undefined) return;
      change({ chosen: { kind: "event", event } });
      void app.lookAt(event.at);
    },
    [app, store, events],
  );
}
