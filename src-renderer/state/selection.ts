import { createStore, type StoreApi } from "zustand/vanilla";

export type SelectMode = "replace" | "toggle" | "add";

/** Nodes and a link are never selected together; a traced route is shown beside either. */
export interface SelectionState {
  readonly nodes: ReadonlySet<string>;
  /** `linkKey(a, b)` */
  readonly link: string | undefined;
  readonly rumour: string | undefined;
  /** The hops of a traced route, to be highlighted. */
  readonly route: readonly string[] | undefined;
  selectNode(id: string, mode?: SelectMode): void;
  selectNodes(ids: readonly string[], mode?: SelectMode): void;
  selectLink(key: string): void;
  selectRumour(id: string | undefined): void;
  showRoute(path: readonly string[] | undefined): void;
  clear(): void;
}

export type SelectionStore = StoreApi<SelectionState>;

const NOTHING: ReadonlySet<string> = new Set();

export function createSelection(): SelectionStore {
  return createStore<SelectionState>()((set, get) => ({
    nodes: NOTHING,
    link: undefined,
    rumour: undefined,
    route: undefined,
    selectNode: (id, mode = "replace") => get().selectNodes([id], mode),
    selectNodes: (ids, mode = "replace") =>
      set((state) => ({ nodes: combine(state.nodes, ids, mode), link: undefined })),
    selectLink: (key) => set({ link: key, nodes: NOTHING }),
    selectRumour: (id) => set({ rumour: id }),
    showRoute: (path) => set({ route: path }),
    clear: () => set({ nodes: NOTHING, link: undefined, rumour: undefined, route: undefined }),
  }));
}

function combine(
  old: ReadonlySet<string>,
  ids: readonly string[],
  mode: SelectMode,
): ReadonlySet<string> {
  if (mode === "replace") return new Set(ids);
  const next = new Set(old);
  for (const id of ids) {
    if (mode === "toggle" && next.has(id)) next.delete(id);
    else next.add(id);
  }
  return next;
}

export function isEmptySelection(state: SelectionState): boolean {
  const { nodes, link, rumour, route } = state;
  return nodes.size === 0 && link === undefined && rumour === undefined && route === undefined;
}
