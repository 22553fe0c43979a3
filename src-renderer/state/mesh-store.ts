import type { MeshEvent, MeshEventType } from "#shared/contract/events.ts";
import type { MeshStatus } from "#shared/contract/description.ts";
import { emptyView } from "#shared/view/empty.ts";
import { fold } from "#shared/view/fold.ts";
import type { MeshView } from "#shared/view/model.ts";
import { noteSkippedLogs } from "#shared/view/reports.ts";
import type { FlushPort } from "./flush.ts";
import { RateMeter } from "./rate.ts";

/** A frame's share for folding; what is left waits for the next frame. */
const FOLD_BUDGET_MS = 8;
/** How often the clock is looked at while folding. */
const FOLD_CHUNK = 256;
/** Slow listeners (summaries, lists, charts) hear at most this often. */
const SLOW_INTERVAL_MS = 250;

const FRAME_MS = 1_000 / 60;
/** A frame that starts later than this after it was asked for is late. */
const LATE_MS = 40;
const MAX_FRAME_INTERVAL_MS = 100;
/** What a person must see at once waits at most this long, however late frames come. */
const URGENT_INTERVAL_MS = 32;
/** Rare, and worth a frame of their own; single verdicts and telemetry are neither. */
const URGENT: ReadonlySet<MeshEventType> = new Set<MeshEventType>([
  "node.added",
  "node.removed",
  "node.started",
  "node.stopped",
  "node.paused",
  "node.resumed",
  "member.confirmed",
  "partition.mode",
  "fault.applied",
  "fault.cleared",
]);
const MAX_LOG_GAPS = 200;

export type Pace = "frame" | "slow";

export interface PastView {
  /** Mesh time that was asked for, microseconds. */
  readonly at: number;
  readonly view: MeshView;
}

/** `skipped` log lines with `fromSeq <= seq <= toSeq` never arrived. */
export interface LogGap {
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly skipped: number;
}

/**
 * One mesh as the console holds it. Events are folded into the live view at most once per frame,
 * then listeners are told; entities of the view are replaced and never changed, so a listener that
 * compares its own entity by identity knows whether to redraw. Looking at the past swaps the shown
 * view while the live one goes on underneath.
 */
export class MeshStore {
  readonly id: string;
  readonly #port: FlushPort;
  readonly #rate = new RateMeter();
  readonly #listeners: Readonly<Record<Pace, Set<() => void>>> = {
    frame: new Set(),
    slow: new Set(),
  };
  /** Called with the number of events folded, so that the feed can grant that much credit again. */
  onFolded: ((count: number) => void) | undefined;
  #live: MeshView = emptyView();
  #past: PastView | undefined;
  #pending: (MeshEvent | LogGap)[] = [];
  #pendingFrom = 0;
  #version = 0;
  #slowVersion = 0;
  #slowAtMs = Number.NEGATIVE_INFINITY;
  #scheduled = false;
  #requestedAtMs = 0;
  #frameAtMs = Number.NEGATIVE_INFINITY;
  #frameIntervalMs = 0;
  #urgent = false;
  #status: MeshStatus | undefined;
  #statusAtMs = 0;
  #ready = false;
  #logGaps: readonly LogGap[] = [];

  constructor(id: string, port: FlushPort) {
    this.id = id;
    this.#port = port;
  }

  /** What screens show: the past while looking at it, otherwise the live view. */
  get view(): MeshView {
    return this.#past?.view ?? this.#live;
  }

  get live(): MeshView {
    return this.#live;
  }

  get past(): PastView | undefined {
    return this.#past;
  }

  get status(): MeshStatus | undefined {
    return this.#status;
  }

  /** Milliseconds since the status arrived: what it says "in 3 s" of has come that much nearer. */
  statusAgeMs(): number {
    return this.#port.now() - this.#statusAtMs;
  }

  /** Whether a snapshot or an event has arrived at all. */
  get ready(): boolean {
    return this.#ready;
  }

  /** Log lines that the host skipped because this console read too slowly; oldest first. */
  get logGaps(): readonly LogGap[] {
    return this.#logGaps;
  }

  /** Grows with every change that was told to listeners of this pace. */
  version(pace: Pace): number {
    return pace === "frame" ? this.#version : this.#slowVersion;
  }

  eventsPerSecond(): number {
    return this.#rate.perSecond(this.#port.now());
  }

  subscribe(listener: () => void, pace: Pace = "frame"): () => void {
    this.#listeners[pace].add(listener);
    return () => {
      this.#listeners[pace].delete(listener);
    };
  }

  /** The last event that is folded or waits to be: where a new subscription goes on. */
  get lastSeq(): number {
    const last = this.#pending.at(-1);
    if (last === undefined) return this.#live.seq;
    return isGap(last) ? last.toSeq : last.seq;
  }

  push(events: readonly MeshEvent[]): void {
    for (const event of events) this.#pending.push(event);
    this.#rate.add(events.length, this.#port.now());
    this.#ready = true;
    this.#schedule();
  }

  /** Starts over from a snapshot. The store owns `view` from now on and folds into it. */
  replace(view: MeshView): void {
    this.#live = view;
    this.#pending = [];
    this.#pendingFrom = 0;
    this.#logGaps = [];
    this.#ready = true;
    this.#schedule();
  }

  gap(gap: LogGap): void {
    this.#pending.push(gap);
    this.#schedule();
  }

  setStatus(status: MeshStatus): void {
    this.#status = status;
    this.#statusAtMs = this.#port.now();
    this.#schedule();
  }

  showPast(past: PastView): void {
    this.#past = past;
    this.#notifyAll();
  }

  returnToNow(): void {
    if (this.#past === undefined) return;
    this.#past = undefined;
    this.#notifyAll();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#requestedAtMs = this.#port.now();
    this.#port.request(() => this.#flush());
  }

  #flush(): void {
    this.#scheduled = false;
    this.#foldSome();
    const now = this.#port.now();
    this.#adapt(now - this.#requestedAtMs);
    const frameDue = now - this.#frameAtMs >= this.#intervalMs();
    const slowDue = now - this.#slowAtMs >= SLOW_INTERVAL_MS;
    if (frameDue) {
      this.#frameAtMs = now;
      this.#urgent = false;
      this.#notify("frame");
    }
    if (slowDue) {
      this.#slowAtMs = now;
      this.#notify("slow");
    }
    // Another round folds the rest, or tells the listeners that were spared now the last word.
    if (this.#pending.length > 0 || !frameDue || !slowDue) this.#schedule();
  }

  #intervalMs(): number {
    const interval = this.#frameIntervalMs;
    return this.#urgent ? Math.min(URGENT_INTERVAL_MS, interval) : interval;
  }

  /** Frames that come late mean that drawing takes too long: draw less often, down to 10 Hz. */
  #adapt(lateMs: number): void {
    const interval = this.#frameIntervalMs;
    if (lateMs > LATE_MS) {
      this.#frameIntervalMs = Math.min(MAX_FRAME_INTERVAL_MS, Math.max(FRAME_MS, interval * 2));
    } else {
      this.#frameIntervalMs = interval <= FRAME_MS ? 0 : interval - 1;
    }
  }

  #foldSome(): void {
    const deadline = this.#port.now() + FOLD_BUDGET_MS;
    const first = this.#pendingFrom;
    while (this.#pendingFrom < this.#pending.length) {
      const next = this.#pending[this.#pendingFrom];
      if (next !== undefined) this.#apply(next);
      this.#pendingFrom += 1;
      if (this.#pendingFrom % FOLD_CHUNK === 0 && this.#port.now() > deadline) break;
    }
    const folded = this.#pendingFrom - first;
    if (this.#pendingFrom >= this.#pending.length) {
      this.#pending = [];
      this.#pendingFrom = 0;
    }
    if (folded > 0) this.onFolded?.(folded);
  }

  #apply(next: MeshEvent | LogGap): void {
    if (!isGap(next)) {
      fold(this.#live, next);
      this.#urgent ||= URGENT.has(next.type);
      return;
    }
    this.#logGaps = [...this.#logGaps, next].slice(-MAX_LOG_GAPS);
    noteSkippedLogs(this.#live, next.skipped, next.toSeq);
  }

  #notifyAll(): void {
    this.#frameAtMs = this.#port.now();
    this.#slowAtMs = this.#frameAtMs;
    this.#notify("frame");
    this.#notify("slow");
  }

  #notify(pace: Pace): void {
    if (pace === "frame") this.#version += 1;
    else this.#slowVersion += 1;
    for (const listener of this.#listeners[pace]) listener();
  }
}

function isGap(item: MeshEvent | LogGap): item is LogGap {
  return "fromSeq" in item;
}
