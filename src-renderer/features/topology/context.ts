import { createContext, useContext } from "react";
import { useStore } from "zustand";
import type { TopologyState, TopologyStore } from "./store.ts";

export const TopologyContext = createContext<TopologyStore | undefined>(undefined);

export function useTopologyStore(): TopologyStore {
  const store = useContext(TopologyContext);
  if (store === undefined) throw new Error("useTopologyStore outside of the topology view");
  return store;
}

export function useTopology<T>(select: (state: TopologyState) => T): T {
  return useStore(useTopologyStore(), select);
}
