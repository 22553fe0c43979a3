import type { SavedRun } from "#shared/contract/inspection.ts";
import { createStore } from "zustand/vanilla";

/** A question about runs that needs an answer. */
export type RunDialog =
  | { readonly kind: "save"; readonly mesh: string; readonly name: string }
  | { readonly kind: "delete"; readonly run: SavedRun };

export type RunsTab = "library" | "compare";

/** Two meshes side by side; undefined: chosen by the console. */
export interface Pair {
  readonly a: string | undefined;
  readonly b: string | undefined;
}

interface RunsState {
  /** Undefined until the host told. */
  readonly runs: readonly SavedRun[] | undefined;
  /** Why they could not be read, translated. */
  readonly problem: string | undefined;
  readonly dialog: RunDialog | undefined;
  /** The run that is being opened or read. */
  readonly busy: string | undefined;
  /** The mesh whose run is being done again. */
  readonly forking: string | undefined;
  readonly tab: RunsTab;
  readonly pair: Pair;
}

export const runsStore = createStore<RunsState>()(() => ({
  runs: undefined,
  problem: undefined,
  dialog: undefined,
  busy: undefined,
  forking: undefined,
  tab: "library",
  pair: { a: undefined, b: undefined },
}));
