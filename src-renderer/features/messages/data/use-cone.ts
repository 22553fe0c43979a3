import { useMemo } from "react";
import { useHeld, useMessages } from "../context.ts";
import { nodesOf } from "../../../app/hooks/event-words.ts";
import { type Cone, coneOf, type Moment } from "../model/causality.ts";
import type { MessageStore } from "../model/message-store.ts";
import type { Choice } from "../store.ts";

/** New messages lengthen the future: it is worked out anew every so many versions. */
const VERSIONS = 4;

/** Past and future of what is chosen, while they are asked for. */
export function useCone(): Cone | undefined {
  const chosen = useMessages((state) => state.chosen);
  const wanted = useMessages((state) => state.causal);
  const held = useHeld(VERSIONS);
  return useMemo(() => {
    if (!wanted || held === undefined || chosen === undefined) return undefined;
    return coneOfChoice(held.feed.messages, chosen);
  }, [held, chosen, wanted]);
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
