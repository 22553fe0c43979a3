import { useEffect, useMemo } from "react";
import { useHeld, useMessages, useMessagesStore } from "../context.ts";
import { nodesOf } from "../../../app/hooks/event-words.ts";
import { type Cone, coneOf, type Moment } from "../model/causality.ts";
import type { MessageStore } from "../model/message-store.ts";
import type { Choice } from "../store.ts";

/** New messages lengthen the future: it is worked out anew every so many versions. */
const VERSIONS = 4;

/** Works out past and future of what is chosen, and keeps them in the store for all who show it. */
export function useCone(): void {
  const store = useMessagesStore();
  const chosen = useMessages((state) => state.chosen);
  const wanted = useMessages((state) => state.causal);
  const held = useHeld(VERSIONS);
  const cone = useMemo(() => {
    if (!wanted || held === undefined || chosen === undefined) return undefined;
    return coneOfChoice(held.feed.messages, chosen);
  }, [held, chosen, wanted]);
  useEffect(() => store.getState().change({ cone }), [store, cone]);
}

function coneOfChoice(store: MessageStore, chosen: Choice): Cone | undefined {
  if (chosen.kind === "event") {
    const [node] = nodesOf(chosen.event);
    const number = store.nodes.find(node ?? "");
    if (number < 0) return undefined;
    const moment = { node: number, at: chosen.event.at };
    return coneOf(store, moment, moment);
  }
  const row = store.rowOf(chosen.serial);
  if (row < 0) return undefined;
  const { from, to, sentAt, arrivedAt } = store.columns;
  const arrived = arrivedAt[row] ?? -1;
  const effect: Moment | undefined = arrived < 0 ? undefined : { node: to[row] ?? 0, at: arrived };
  return coneOf(store, { node: from[row] ?? 0, at: sentAt[row] ?? 0 }, effect);
}
