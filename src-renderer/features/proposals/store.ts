import { createStore, type StoreApi } from "zustand/vanilla";

export type DecisionsTab = "decisions" | "standing" | "load";

export interface DecisionsState {
  readonly tab: DecisionsTab;
  /** The decision that is looked at; absent, or no longer there: the newest. */
  readonly chosen: string | undefined;
  /** How often the form for a new one was asked for: it takes the keyboard. */
  readonly calls: number;
  show(tab: DecisionsTab): void;
  choose(proposal: string | undefined): void;
  askForCall(): void;
}

export type DecisionsStore = StoreApi<DecisionsState>;

export function createDecisionsStore(): DecisionsStore {
  return createStore<DecisionsState>()((set) => ({
    tab: "decisions",
    chosen: undefined,
    calls: 0,
    show: (tab) => set({ tab }),
    choose: (chosen) => set({ chosen }),
    askForCall: () => set((state) => ({ tab: "decisions", calls: state.calls + 1 })),
  }));
}
