import type { MeshCommandInput } from "#shared/contract/commands.ts";
import type { LucideIcon } from "lucide-react";
import type { AppServices } from "../services.ts";

/** Whether a command can be used right now; if not, why, as a translation key. */
export type Availability =
  | { readonly state: "on" }
  | { readonly state: "hidden" }
  | {
      readonly state: "off";
      /** An i18n key with its namespace, or a sentence that is shown as it is. */
      readonly reason: string;
      readonly params?: Readonly<Record<string, unknown>>;
    };

export const ON: Availability = { state: "on" };
export const HIDDEN: Availability = { state: "hidden" };

export function off(reason: string, params?: Readonly<Record<string, unknown>>): Availability {
  return params === undefined ? { state: "off", reason } : { state: "off", reason, params };
}

export const OFF_NO_MESH: Availability = off("app:refusal.noMesh");

export const COMMAND_GROUPS = [
  "view",
  "time",
  "node",
  "link",
  "network",
  "mesh",
  "connection",
  "app",
] as const;
export type CommandGroup = (typeof COMMAND_GROUPS)[number];

/** Where a command is offered besides the palette, which has them all. */
export type CommandPlace = "node" | "link" | "canvas" | "mesh";

/**
 * One thing a person can do. It is declared once, and palette, shortcuts, tool bars and context
 * menus are made from the declaration. It acts on what is selected.
 */
export interface Command {
  /** `area.verb`, stable: rebound keys are stored under it. */
  readonly id: string;
  /** An i18n key with its namespace, such as `app:command.palette`. */
  readonly title: string;
  readonly group: CommandGroup;
  readonly icon?: LucideIcon;
  /**
   * Default chords: `Mod+K`, `Shift+F`, `?`, or a sequence `g t`. A command that destroys has none
   * without `Mod`.
   */
  readonly keys?: readonly string[];
  readonly places?: readonly CommandPlace[];
  /** Takes something away from the mesh: drawn as such. */
  readonly danger?: boolean;
  /** Also works while typing in a field. */
  readonly inFields?: boolean;
  when(app: AppServices): Availability;
  run(app: AppServices): void | Promise<void>;
  /** What it would send, for a preview of the consequences. */
  preview?(app: AppServices): MeshCommandInput | undefined;
  /** What takes it back, where something does. */
  undo?(app: AppServices): MeshCommandInput | undefined;
}
