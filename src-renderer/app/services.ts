import type { MeshCommandInput } from "#shared/contract/commands.ts";
import type { Preview } from "#shared/view/preview.ts";
import type { HostClient } from "../client/host-client.ts";
import type { ConsoleStore } from "../state/console.ts";
import type { PrefsStore } from "../state/prefs.ts";
import type { SelectionStore } from "../state/selection.ts";
import type { ToastStore } from "../state/toasts.ts";
import type { UiStore } from "./ui-store.ts";

/** What every view, command and dialog works with. One object, made in `app/create-app.ts`. */
export interface AppServices {
  readonly host: HostClient;
  readonly console: ConsoleStore;
  readonly selection: SelectionStore;
  readonly prefs: PrefsStore;
  readonly toasts: ToastStore;
  readonly ui: UiStore;
  /** Translates a key with its namespace: `app:banner.past`. */
  t(key: string, params?: Readonly<Record<string, unknown>>): string;
  /**
   * Sends a command to the active mesh after what its tier asks for: nothing in a sandbox, a
   * window to cancel on a remote mesh, the typed name where a quorum is at risk. Says the outcome
   * in a toast. Ends with whether it was carried out; never throws.
   */
  perform(command: MeshCommandInput, options?: PerformOptions): Promise<boolean>;
  /** What a command would do to the active mesh; undefined without one. */
  preview(command: MeshCommandInput): Preview | undefined;
  /** Why the active mesh or this session cannot do it, translated; undefined: it can. */
  refusal(type: MeshCommandInput["type"]): string | undefined;
  /** Runs a command by its id, if it can be used right now. */
  run(commandId: string): void;
  switchMesh(id: string): void;
  /** Shows the mesh as it was at `at` microseconds. */
  lookAt(at: number): Promise<void>;
  /** Shows the moment one event later or earlier than the one shown. */
  lookBeside(step: 1 | -1): Promise<void>;
  returnToNow(): void;
  /** Does not wait for the next attempt to reach the host. */
  reconnectNow(): void;
  /** Connects with this token and remembers it for the tab. */
  connectWith(token: string): void;
}

export interface PerformOptions {
  /** Offered in the toast and by Mod+Z afterwards; absent: what the preview names. */
  readonly undo?: MeshCommandInput | undefined;
  /** No toast on success: the effect is in plain sight. */
  readonly quiet?: boolean;
  /** It takes back another command: it leaves nothing to undo itself. */
  readonly isUndo?: boolean;
}
