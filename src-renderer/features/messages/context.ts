import { createContext, useContext, useMemo } from "react";
import { useStore } from "zustand";
import type { MessageFeed } from "./data/feed.ts";
import type { MessagesState, MessagesStore } from "./store.ts";

export const MessagesContext = createContext<MessagesStore | undefined>(undefined);

export function useMessagesStore(): MessagesStore {
  const store = useContext(MessagesContext);
  if (store === undefined) throw new Error("useMessagesStore outside of the messages view");
  return store;
}

export function useMessages<T>(select: (state: MessagesState) => T): T {
  return useStore(useMessagesStore(), select);
}

/** The feed as it is at a version: the same object as long as it holds the same messages. */
export interface Held {
  readonly feed: MessageFeed;
  readonly version: number;
}

/** `every`: how many versions are taken for one, where the work is dear. */
export function useHeld(every = 1): Held | undefined {
  const feed = useMessages((state) => state.feed);
  const version = useMessages((state) => Math.floor(state.version / every));
  return useMemo(() => (feed === undefined ? undefined : { feed, version }), [feed, version]);
}
