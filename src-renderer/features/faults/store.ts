import { createStore, type StoreApi } from "zustand/vanilla";
import { EMPTY_DRAFT, type FaultDraft } from "./model/draft.ts";

/** A question that needs more than a selection. */
export type OpenDialog =
  | { readonly kind: "add-node"; readonly seed: string | undefined }
  | { readonly kind: "publish"; readonly node: string }
  | { readonly kind: "trace"; readonly from: string }
  | { readonly kind: "byzantine"; readonly node: string }
  | { readonly kind: "disk"; readonly node: string }
  | { readonly kind: "user-event" };

export interface FaultsState {
  readonly draft: FaultDraft;
  /** Grows when the draft was filled in from outside the form. */
  readonly filled: number;
  readonly dialog: OpenDialog | undefined;
  edit(part: Partial<FaultDraft>): void;
  fill(draft: FaultDraft): void;
  open(dialog: OpenDialog | undefined): void;
}

export type FaultsStore = StoreApi<FaultsState>;

export function createFaultsStore(): FaultsStore {
  return createStore<FaultsState>()((set) => ({
    draft: EMPTY_DRAFT,
    filled: 0,
    dialog: undefined,
    edit: (part) => set((state) => ({ draft: { ...state.draft, ...part } })),
    fill: (draft) => set((state) => ({ draft, filled: state.filled + 1 })),
    open: (dialog) => set({ dialog }),
  }));
}
