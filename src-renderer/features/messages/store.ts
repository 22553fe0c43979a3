import type { MeshEvent } from "#shared/contract/events.ts";
import { createStore, type StoreApi } from "zustand/vanilla";
import type { MessageFeed } from "./data/feed.ts";
import type { Cone } from "./model/causality.ts";
import type { TimeRange } from "./model/coverage.ts";
import type { Level } from "./model/level.ts";
import { type MessageFilter, NO_FILTER } from "./model/filter.ts";

/** What the diagram on screen can be asked to do. */
export interface DiagramControls {
  fit(): void;
  span(us: number): void;
  zoomBy(factor: number): void;
  showMoment(at: number): void;
  png(): Promise<Blob | null>;
}

export type Choice =
  | { readonly kind: "message"; readonly serial: number }
  | { readonly kind: "event"; readonly event: MeshEvent };

export interface MessagesState {
  readonly tab: "diagram" | "table";
  readonly filter: MessageFilter;
  readonly onlySelected: boolean;
  /** Lights up what led to the chosen message and what it led to. */
  readonly causal: boolean;
  /** Keeps up with the present. */
  readonly following: boolean;
  readonly chosen: Choice | undefined;
  /** The mesh that the filter was chosen for. */
  readonly mesh: string | undefined;
  /** Absent while the view is not mounted, or the mesh tells nothing of its messages. */
  readonly feed: MessageFeed | undefined;
  /** Grows, at most a few times a second, when the feed's messages changed. */
  readonly version: number;
  /** The stretch of time on the screen. */
  readonly window: TimeRange;
  /** Past and future of what is chosen, while they are asked for. */
  readonly cone: Cone | undefined;
  readonly legend: boolean;
  /** How much of each message the diagram draws; absent while the table is shown. */
  readonly level: Level | undefined;
  /** Of the diagram; absent while the table is shown. */
  readonly controls: DiagramControls | undefined;
  change(part: Partial<MessagesState>): void;
}

export type MessagesStore = StoreApi<MessagesState>;

export function createMessagesStore(): MessagesStore {
  return createStore<MessagesState>()((set) => ({
    tab: "diagram",
    filter: NO_FILTER,
    onlySelected: false,
    causal: false,
    following: true,
    chosen: undefined,
    mesh: undefined,
    feed: undefined,
    version: 0,
    window: { from: 0, to: 0 },
    cone: undefined,
    legend: false,
    level: undefined,
    controls: undefined,
    change: (part) => set(part),
  }));
}
