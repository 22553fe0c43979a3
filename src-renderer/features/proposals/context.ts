import { createContext, useContext } from "react";
import { useStore } from "zustand";
import type { DecisionsState, DecisionsStore } from "./store.ts";

export const DecisionsContext = createContext<DecisionsStore | undefined>(undefined);

export function useDecisionsStore(): DecisionsStore {
  const store = useContext(DecisionsContext);
  if (store === undefined) throw new Error("useDecisionsStore outside of the decisions feature");
  return store;
}

export function useDecisions<T>(select: (state: DecisionsState) => T): T {
  return useStore(useDecisionsStore(), select);
}
