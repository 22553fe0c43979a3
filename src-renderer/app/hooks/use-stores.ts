import { useStore } from "zustand";
import type { ConsoleState } from "../../state/console.ts";
import type { PrefsState } from "../../state/prefs.ts";
import type { SelectionState } from "../../state/selection.ts";
import { useApp } from "../context.ts";
import type { UiState } from "../ui-store.ts";

// Selectors return a value of the state itself or a primitive: a fresh object would redraw for ever.

export function useConsole<T>(select: (state: ConsoleState) => T): T {
  return useStore(useApp().console, select);
}

export function useSelection<T>(select: (state: SelectionState) => T): T {
  return useStore(useApp().selection, select);
}

export function usePrefs<T>(select: (state: PrefsState) => T): T {
  return useStore(useApp().prefs, select);
}

export function useUi<T>(select: (state: UiState) => T): T {
  return useStore(useApp().ui, select);
}
