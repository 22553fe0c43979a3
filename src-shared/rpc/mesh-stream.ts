/**
 * One subscription to a mesh, host side. Invariants: every event after the first snapshot is
 * pushed, or lies in a gap that is pushed in its place (log lines only), or is part of a newer
 * snapshot. What waits here is bounded by `maxCredit + maxWaiting` events, however slow the
 * client reads.
 */
import type { MeshStatus } from "../contract/description.ts";
import { MeshError } from "../contract/errors.ts";
import type { MeshEvent } from "../contract/events.ts";
import { INITIAL_CREDIT, type TopicPush } from "../contract/protocol.ts";
import { encodeSnapshot } from "../view/snapshot.ts";
import type { FeedSink, MeshFeed } from "./host-port.ts";
import type { Outlet, Stream } from "./stream.ts";

export interface StreamLimits {
  /** Events a client takes before it grants more; what the protocol promises both sides. */
  readonly initialCredit: number;
  /** Credit beyond this is ignored: a generous client must not fill the memory of the host. */
  readonly maxCredit: number;
  /** Events that wait for credit before the stream gives up and restarts with a snapshot. */
  readonly maxWaiting: number;
  /** Events a push; so many of the longest texts stay below the size limit of a frame. */
  readonly maxBatch: number;
}

export const STREAM_LIMITS: StreamLimits = {
  initialCredit: INITIAL_CREDIT,
  maxCredit: 4 * INITIAL_CREDIT,
  maxWaiting: 10_000,
  maxBatch: 500,
};

interface Gap {
  readonly fromSeq: number;
  toSeq: number;
  skipped: number;
}

type Item =
  | { readonly kind: "event"; readonly event: MeshEvent }
  | { readonly kind: "gap"; readonly gap: Gap };

export interface MeshStreamContext {
  /** To be called when there is something to flush. */
  readonly changed: () => void;
  readonly limits: StreamLimits;
}

export class MeshStream implements Stream, FeedSink {
  readonly #feed: MeshFeed;
  readonly #changed: () => void;
  readonly #limits: StreamLimits;
  #stop: () => void = () => {};
  #queue: Item[] = [];
  #events = 0;
  #credit: number;
  /** The newest event that was taken into account, pushed or not. */
  #seq = 0;
  #restart = false;
  #status: MeshStatus | undefined;

  private constructor(feed: MeshFeed, context: MeshStreamContext) {
    this.#feed = feed;
    this.#changed = context.changed;
    this.#limits = context.limits;
    this.#credit = context.limits.initialCredit;
  }

  /** Resumes after `sinceSeq` where history still reaches it, else starts with a snapshot. */
  static open(
    feed: MeshFeed,
    sinceSeq: number | undefined,
    context: MeshStreamContext,
  ): MeshStream {
    const stream = new MeshStream(feed, context);
    const resumed = sinceSeq !== undefined && stream.#resume(sinceSeq);
    if (!resumed) {
      stream.#restart = true;
      stream.#stop = feed.subscribe(stream);
    }
    stream.status(feed.status());
    return stream;
  }

  #resume(sinceSeq: number): boolean {
    if (sinceSeq > this.#feed.status().seq) return false;
    this.#seq = sinceSeq;
    try {
      this.#stop = this.#feed.subscribe(this, sinceSeq);
      return true;
    } catch (error) {
      if (error instanceof MeshError && error.code === "history-gone") return false;
      throw error;
    }
  }

  /** How much waits here; for tests and metrics. */
  get waiting(): number {
    return this.#queue.length;
  }

  events(events: readonly MeshEvent[]): void {
    for (const event of events) this.#offer(event);
    this.#changed();
  }

  #offer(event: MeshEvent): void {
    if (this.#restart || event.seq <= this.#seq) return;
    this.#seq = event.seq;
    if (event.type === "log" && this.#events >= this.#credit) {
      this.#skip(event.seq);
      return;
    }
    this.#queue.push({ kind: "event", event });
    this.#events += 1;
    if (this.#events > this.#credit + this.#limits.maxWaiting) this.reset();
  }

  #skip(seq: number): void {
    const last = this.#queue.at(-1);
    if (last?.kind === "gap") {
      last.gap.toSeq = seq;
      last.gap.skipped += 1;
    } else {
      this.#queue.push({ kind: "gap", gap: { fromSeq: seq, toSeq: seq, skipped: 1 } });
    }
  }

  status(status: MeshStatus): void {
    this.#status = status;
    this.#changed();
  }

  /** Whatever waits is part of the snapshot that comes next. */
  reset(): void {
    this.#restart = true;
    this.#queue = [];
    this.#events = 0;
    this.#changed();
  }

  grant(events: number): void {
    this.#credit = Math.min(this.#limits.maxCredit, this.#credit + events);
  }

  flush(outlet: Outlet): boolean {
    while (this.#hasWork()) {
      if (!outlet.ready()) return true;
      outlet.push(this.#next());
    }
    return false;
  }

  /** Without credit everything waits but the status, of which there is only ever the latest. */
  #hasWork(): boolean {
    const waits = this.#restart || this.#queue.length > 0;
    return this.#status !== undefined || (waits && this.#credit > 0);
  }

  #next(): TopicPush<"mesh"> {
    if (this.#credit > 0 && this.#restart) return this.#snapshot();
    const [head] = this.#queue;
    if (this.#credit > 0 && head !== undefined) {
      return head.kind === "gap" ? this.#gap(head.gap) : this.#batch();
    }
    const status = this.#status ?? this.#feed.status();
    this.#status = undefined;
    return { kind: "status", status };
  }

  #snapshot(): TopicPush<"mesh"> {
    const view = this.#feed.snapshot();
    this.#restart = false;
    this.#seq = view.seq;
    return { kind: "snapshot", snapshot: encodeSnapshot(view) };
  }

  #gap({ fromSeq, toSeq, skipped }: Gap): TopicPush<"mesh"> {
    this.#queue.shift();
    return { kind: "gap", fromSeq, toSeq, skipped, what: "log" };
  }

  #batch(): TopicPush<"mesh"> {
    const most = Math.min(this.#limits.maxBatch, this.#credit);
    const events: MeshEvent[] = [];
    for (const item of this.#queue) {
      if (item.kind !== "event" || events.length === most) break;
      events.push(item.event);
    }
    this.#queue.splice(0, events.length);
    this.#events -= events.length;
    this.#credit -= events.length;
    return { kind: "events", events };
  }

  stop(): void {
    this.#stop();
    this.#stop = () => {};
  }
}
