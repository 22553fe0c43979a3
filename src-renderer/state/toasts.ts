import { createStore, type StoreApi } from "zustand/vanilla";

export interface Toast {
  readonly id: number;
  readonly tone: "info" | "success" | "warn" | "danger";
  /** Already translated. */
  readonly text: string;
  readonly detail?: string | undefined;
  readonly action?: { readonly label: string; readonly run: () => void } | undefined;
  /** How long it stays; absent: until dismissed. */
  readonly forMs?: number | undefined;
  /** Draws the time that is left, for a window in which something can still be cancelled. */
  readonly countdown?: boolean | undefined;
}

export interface ToastState {
  readonly toasts: readonly Toast[];
  show(toast: Omit<Toast, "id">): number;
  dismiss(id: number): void;
}

export type ToastStore = StoreApi<ToastState>;

/** More than this are not read anyway; the oldest gives way. */
const MAX_TOASTS = 5;

export function createToasts(): ToastStore {
  let nextId = 1;
  return createStore<ToastState>()((set) => ({
    toasts: [],
    show(toast) {
      const id = nextId;
      nextId += 1;
      set((state) => ({ toasts: [...state.toasts, { ...toast, id }].slice(-MAX_TOASTS) }));
      return id;
    },
    dismiss: (id) => set((state) => ({ toasts: state.toasts.filter((toast) => toast.id !== id) })),
  }));
}
