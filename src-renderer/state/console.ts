import type { MeshListing } from "#shared/contract/protocol.ts";
import type { Role } from "#shared/contract/commands.ts";
import { createStore, type StoreApi } from "zustand/vanilla";
import type { MeshStore } from "./mesh-store.ts";

/** The console's own connection to its host (not the host's to a mesh). */
export type HostLink =
  | { readonly state: "connecting" }
  | { readonly state: "live" }
  | {
      readonly state: "reconnecting";
      /** When the next attempt starts, on the clock of `Date.now()`. */
      readonly retryAtMs: number;
      readonly attempt: number;
      readonly reason: string;
    }
  /** The host wants a token, or refused the one it got and said why. */
  | { readonly state: "token-needed"; readonly reason: string | undefined }
  | { readonly state: "stopped"; readonly reason: string };

export interface ConsoleState {
  readonly link: HostLink;
  /** When the host was last heard, on the clock of `Date.now()`. */
  readonly lastHeardMs: number | undefined;
  readonly host: string | undefined;
  readonly role: Role | undefined;
  /** Undefined until the first list arrived. */
  readonly listings: readonly MeshListing[] | undefined;
  readonly active: string | undefined;
  readonly mesh: MeshStore | undefined;
  /** A read-only console: commands that change anything are refused here already. */
  readonly locked: boolean;
}

export type ConsoleStore = StoreApi<ConsoleState>;

export function createConsole(): ConsoleStore {
  return createStore<ConsoleState>()(() => ({
    link: { state: "connecting" },
    lastHeardMs: undefined,
    host: undefined,
    role: undefined,
    listings: undefined,
    active: undefined,
    mesh: undefined,
    locked: false,
  }));
}

export function activeListing(state: ConsoleState): MeshListing | undefined {
  return state.listings?.find((listing) => listing.description.id === state.active);
}
