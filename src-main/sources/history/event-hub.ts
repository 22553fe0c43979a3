import type { MeshStatus } from "#shared/contract/description.ts";
import type { MeshEvent } from "#shared/contract/events.ts";
import { cloneView } from "#shared/view/clone.ts";
import type { MeshView } from "#shared/view/model.ts";
import { MeshError } from "#shared/contract/errors.ts";
import type { MeshSink } from "../mesh-source.ts";
import {
  EventHistory,
  HISTORY_LIMITS,
  type HistoryLimits,
  type SegmentArchive,
} from "./event-history.ts";
import { Subscriptions } from "./subscriptions.ts";

export interface EventHubOptions {
  readonly limits?: HistoryLimits | undefined;
  readonly archive?: SegmentArchive | undefined;
  /** Told of a sink that threw; the sink gets nothing more. */
  readonly onSinkError: (error: unknown) => void;
}

/** The reading half of a `MeshSource`: history, snapshots and subscriptions over one stream. */
export class EventHub {
  readonly #history: EventHistory;
  readonly #subscriptions: Subscriptions;
  #closed = false;

  constructor(options: EventHubOptions) {
    this.#history = new EventHistory(options.limits ?? HISTORY_LIMITS, options.archive);
    this.#subscriptions = new Subscriptions(this.#history, options.onSinkError);
  }

  /** As of now; belongs to the hub. */
  get view(): MeshView {
    return this.#history.view;
  }

  get historyFrom(): number {
    return this.#history.from;
  }

  get watched(): boolean {
    return this.#subscriptions.size > 0;
  }

  append(event: MeshEvent): void {
    this.#history.append(event);
    this.#subscriptions.flushSoon();
  }

  status(status: MeshStatus): void {
    this.#subscriptions.status(status);
  }

  /** Continuity is lost: the stream goes on from `view`, which becomes the hub's. */
  restart(view: MeshView): void {
    this.#history.restart(view);
    this.#subscriptions.reset(view.seq);
  }

  snapshot(): MeshView {
    return cloneView(this.#history.view);
  }

  subscribe(sink: MeshSink, sinceSeq?: number): () => void {
    this.#check();
    if (sinceSeq !== undefined) this.#history.check(sinceSeq);
    return this.#subscriptions.add(sink, sinceSeq ?? this.#history.view.seq);
  }

  async snapshotAt(at: number): Promise<MeshView> {
    this.#check();
    return this.#history.viewAt(at);
  }

  async events(fromSeq: number, limit: number): Promise<readonly MeshEvent[]> {
    this.#check();
    return this.#history.slice(fromSeq, limit);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#subscriptions.clear();
    this.#history.close();
  }

  #check(): void {
    if (this.#closed) throw new MeshError("closed", "This mesh is closed.");
  }
}
