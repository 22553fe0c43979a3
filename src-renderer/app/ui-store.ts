import type { MeshCommand, MeshCommandInput } from "#shared/contract/commands.ts";
import type { Preview } from "#shared/view/preview.ts";
import { createStore, type StoreApi } from "zustand/vanilla";

/** A question that must be answered before a command goes out. */
export interface Confirmation {
  readonly command: MeshCommand;
  readonly preview: Preview;
  /** The command in a few words, translated. */
  readonly what: string;
  /** Undefined: cancelled. The reason goes into the audit log. */
  readonly answer: (reason: string | undefined, go: boolean) => void;
}

/** What is open in the frame right now; gone with the window. */
export interface UiState {
  readonly palette: boolean;
  readonly shortcuts: boolean;
  readonly confirmation: Confirmation | undefined;
  /** Commands that take back the last ones, newest last. */
  readonly undo: readonly { readonly mesh: string; readonly command: MeshCommandInput }[];
  /** Nodes that a filter of the shown view hides. */
  readonly filtered: number;
}

export type UiStore = StoreApi<UiState>;

export function createUi(): UiStore {
  return createStore<UiState>()(() => ({
    palette: false,
    shortcuts: false,
    confirmation: undefined,
    undo: [],
    filtered: 0,
  }));
}
