import { createContext, useContext } from "react";
import type { MeshView } from "#shared/view/model.ts";
import type { NamespaceView } from "#shared/view/state-model.ts";
import { useStore } from "zustand";
import { sameList, useMesh } from "../../app/hooks/use-mesh.ts";
import type { MemoryState, MemoryStore } from "./store.ts";

export const MemoryContext = createContext<MemoryStore | undefined>(undefined);

export function useMemoryStore(): MemoryStore {
  const store = useContext(MemoryContext);
  if (store === undefined) throw new Error("useMemoryStore outside of the memory feature");
  return store;
}

export function useMemory<T>(select: (state: MemoryState) => T): T {
  return useStore(useMemoryStore(), select);
}

const allSpaces = (view: MeshView): readonly NamespaceView[] =>
  [...view.memory.namespaces.values()].sort((a, b) => (a.name < b.name ? -1 : 1));

/** In the order of their names; their maps change in place. */
export function useSpaces(): readonly NamespaceView[] {
  return useMesh(allSpaces, { pace: "slow", isEqual: sameList });
}

/** The chosen namespace, else the first. */
export function useShownSpace(): NamespaceView | undefined {
  const spaces = useSpaces();
  const wanted = useMemory((state) => state.namespace);
  return spaces.find(({ name }) => name === wanted) ?? spaces[0];
}
