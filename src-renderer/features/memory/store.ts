import { createStore, type StoreApi } from "zustand/vanilla";
import { EMPTY_DRAFT, type MemoryAction, type MemoryDraft } from "./model/draft.ts";

export interface MemoryState {
  /** Absent, or no longer there: the first one is shown. */
  readonly namespace: string | undefined;
  /** The key that is looked at. */
  readonly key: string | undefined;
  readonly search: string;
  /** Whose entries are listed; `undefined`: what all nodes told of. */
  readonly seenFrom: string | undefined;
  readonly draft: MemoryDraft;
  /** The part that is to take the keyboard, and how often that was asked for. */
  readonly focus: { readonly on: "form" | "namespace"; readonly times: number };
  change(part: Partial<Pick<MemoryState, "namespace" | "search" | "seenFrom">>): void;
  edit(part: Partial<MemoryDraft>): void;
  /** Looks at a key, and fills it in for what is done next. */
  pick(key: string | undefined): void;
  ask(on: "namespace"): void;
  ask(on: "form", action: MemoryAction): void;
}

export type MemoryStore = StoreApi<MemoryState>;

export function createMemoryStore(): MemoryStore {
  return createStore<MemoryState>()((set) => ({
    namespace: undefined,
    key: undefined,
    search: "",
    seenFrom: undefined,
    draft: EMPTY_DRAFT,
    focus: { on: "form", times: 0 },
    change: (part) =>
      set((state) =>
        part.namespace === undefined || part.namespace === state.namespace
          ? part
          : { ...part, key: undefined, draft: { ...state.draft, key: "", value: "" } },
      ),
    edit: (part) => set((state) => ({ draft: { ...state.draft, ...part } })),
    pick: (key) =>
      set((state) => ({ key, draft: { ...state.draft, key: key ?? state.draft.key } })),
    ask: (on: "form" | "namespace", action?: MemoryAction) =>
      set((state) => ({
        focus: { on, times: state.focus.times + 1 },
        draft: action === undefined ? state.draft : { ...state.draft, action },
      })),
  }));
}
