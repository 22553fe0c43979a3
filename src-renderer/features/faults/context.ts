import { createContext, useContext } from "react";
import { useStore } from "zustand";
import type { FaultsState, FaultsStore } from "./store.ts";

export const FaultsContext = createContext<FaultsStore | undefined>(undefined);

export function useFaultsStore(): FaultsStore {
  const store = useContext(FaultsContext);
  if (store === undefined) throw new Error("useFaultsStore outside of the faults feature");
  return store;
}

export function useFaults<T>(select: (state: FaultsState) => T): T {
  return useStore(useFaultsStore(), select);
}
