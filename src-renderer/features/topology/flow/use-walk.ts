import { type KeyboardEvent, useCallback } from "react";
import { useApp } from "../../../app/context.ts";
import type { Positions } from "../graph/geometry.ts";
import { type Direction, nextNode } from "../graph/walk.ts";

const DIRECTIONS: Readonly<Record<string, Direction>> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
};

/** Arrow keys go from card to card, Enter inspects, Shift+arrow adds to the selection. */
export function useWalk(places: Positions): (event: KeyboardEvent<HTMLElement>) => void {
  const { selection, prefs } = useApp();
  return useCallback(
    (event) => {
      const card = (event.target as Element).closest<HTMLElement>(".react-flow__node");
      const id = card?.dataset["id"];
      if (id === undefined || event.target !== card) return;
      const direction = DIRECTIONS[event.key];
      if (direction !== undefined && !event.ctrlKey && !event.metaKey && !event.altKey) {
        const next = nextNode(places, id, direction);
        if (next !== undefined) focusCard(event.currentTarget, next);
        if (next !== undefined && event.shiftKey)
          selection.getState().selectNodes([id, next], "add");
      } else if (event.key === "Enter") {
        selection.getState().selectNode(id, event.shiftKey ? "toggle" : "replace");
        prefs.getState().change({ inspectorOpen: true });
      } else {
        return;
      }
      event.preventDefault();
      event.stopPropagation();
    },
    [places, selection, prefs],
  );
}

function focusCard(root: Element, id: string): void {
  root.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(id)}"]`)?.focus();
}
