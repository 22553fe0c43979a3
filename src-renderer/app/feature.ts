import type { LucideIcon } from "lucide-react";
import type { ComponentType } from "react";
import type { Command } from "./commands/command.ts";

/** A page of the console, reached from the rail on the left. */
export interface FeatureView {
  /** An i18n key with its namespace. */
  readonly title: string;
  readonly icon: LucideIcon;
  /** Place in the rail, low first. */
  readonly order: number;
  readonly section: "mesh" | "console";
  /** Default keys that lead there, such as `g t`. */
  readonly keys?: readonly string[];
  readonly Component: ComponentType;
  /** Too large to share its page with the dock. */
  readonly dockless?: boolean;
  /** Works without an open mesh. */
  readonly meshless?: boolean;
}

/** A part of the panel on the right. It shows nothing where it does not apply. */
export interface InspectorSection {
  readonly id: string;
  readonly order: number;
  readonly Component: ComponentType;
}

/** A tab of the dock at the bottom. */
export interface DockPanel {
  readonly id: string;
  readonly title: string;
  readonly icon: LucideIcon;
  readonly order: number;
  readonly Component: ComponentType;
}

/** What a feature gives to the frame. Its `index.ts` exports one, and nothing else. */
export interface Feature {
  readonly id: string;
  readonly view?: FeatureView;
  readonly inspector?: readonly InspectorSection[];
  readonly dock?: readonly DockPanel[];
  readonly commands?: readonly Command[];
  /** Always mounted: dialogs, shortcuts with a life of their own. Draws nothing at rest. */
  readonly Overlay?: ComponentType;
}
