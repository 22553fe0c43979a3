import { createStore, type StoreApi } from "zustand/vanilla";
import type { LayoutChoice } from "./graph/layout.ts";

/** What the drawing that is on screen can be asked to do. */
export interface ViewControls {
  fit(): void;
  zoomBy(factor: number): void;
  relayout(): void;
}

export interface TopologyState {
  readonly tab: "graph" | "table";
  readonly query: string;
  /** Find: dims what does not match. Hide: takes it out of the drawing. */
  readonly filterMode: "find" | "hide";
  readonly layout: LayoutChoice;
  /** Zones drawn as one node; `undefined`: what suits the size of the mesh. */
  readonly collapsed: ReadonlySet<string> | undefined;
  /** What `collapsed` came to for the mesh on screen. */
  readonly shownCollapsed: ReadonlySet<string>;
  /** Round-trip times on all links, not only on the one under the pointer. */
  readonly labels: boolean;
  readonly traffic: boolean;
  readonly legend: boolean;
  /** Of the drawing; absent while the table is shown. */
  readonly controls: ViewControls | undefined;
  /** Puts the cursor into the search field; absent while the view is not mounted. */
  readonly focusSearch: (() => void) | undefined;
  change(part: Partial<TopologyState>): void;
}

export type TopologyStore = StoreApi<TopologyState>;

export function createTopologyStore(): TopologyStore {
  return createStore<TopologyState>()((set) => ({
    tab: "graph",
    query: "",
    filterMode: "find",
    layout: "auto",
    collapsed: undefined,
    shownCollapsed: new Set(),
    labels: false,
    traffic: true,
    legend: false,
    controls: undefined,
    focusSearch: undefined,
    change: (part) => set(part),
  }));
}
