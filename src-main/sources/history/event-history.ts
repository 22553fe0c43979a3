/**
 * The past of one mesh: its events in segments, each with the view from just before it, so that
 * any moment is one copy and at most one segment of folding away. The newest segments are kept in
 * memory; older ones go to an archive, where there is one, and are forgotten otherwise.
 */
import { assert } from "#main/kernel/assert.ts";
import { MeshError } from "#shared/contract/errors.ts";
import type { MeshEvent } from "#shared/contract/events.ts";
import { cloneView } from "#shared/view/clone.ts";
import { emptyView } from "#shared/view/empty.ts";
import { fold, foldAll } from "#shared/view/fold.ts";
import type { MeshView } from "#shared/view/model.ts";

export interface Segment {
  readonly firstSeq: number;
  /** Not empty, except in the newest segment. */
  readonly events: readonly MeshEvent[];
  /** The view after all earlier events; the caller's own. */
  viewBefore(): MeshView;
}

/** Where segments go that memory has no room for. They are put in order; the archive may forget. */
export interface SegmentArchive {
  put(segment: Segment): void;
  /** The newest segment whose events begin at or before `at`. */
  byTime(at: number): Segment | undefined;
  /** The segment that holds this event. */
  bySeq(seq: number): Segment | undefined;
  /** `at` of the oldest event kept. */
  oldestAt(): number | undefined;
  /** Forgets everything. */
  clear(): void;
}

export interface HistoryLimits {
  /** Events of one segment. More: fewer copies of the view, slower jumps into the past. */
  readonly segmentEvents: number;
  /** Segments in memory. */
  readonly segments: number;
}

export const HISTORY_LIMITS: HistoryLimits = { segmentEvents: 2_000, segments: 40 };

class OpenSegment implements Segment {
  readonly events: MeshEvent[] = [];
  readonly #before: MeshView;

  constructor(view: MeshView) {
    this.#before = cloneView(view);
  }

  get firstSeq(): number {
    return this.#before.seq + 1;
  }

  viewBefore(): MeshView {
    return cloneView(this.#before);
  }
}

export class EventHistory {
  readonly #limits: HistoryLimits;
  readonly #archive: SegmentArchive | undefined;
  readonly #segments: OpenSegment[] = [];
  #view: MeshView;

  constructor(limits: HistoryLimits = HISTORY_LIMITS, archive?: SegmentArchive) {
    this.#limits = limits;
    this.#archive = archive;
    this.#view = emptyView();
    this.#begin();
  }

  /** As of now. Belongs to the history: copy it before folding on. */
  get view(): MeshView {
    return this.#view;
  }

  /** Mesh time of the oldest event that is kept. */
  get from(): number {
    return this.#archive?.oldestAt() ?? this.#oldest().events[0]?.at ?? this.#view.at;
  }

  append(event: MeshEvent): void {
    assert(event.seq === this.#view.seq + 1, "events are appended in order, without gaps");
    let segment = this.#newest();
    if (segment.events.length >= this.#limits.segmentEvents) segment = this.#begin();
    segment.events.push(event);
    fold(this.#view, event);
  }

  /** Forgets everything and goes on from `view`. */
  restart(view: MeshView): void {
    this.#archive?.clear();
    this.#segments.length = 0;
    this.#view = view;
    this.#begin();
  }

  /** Events after `seq`, oldest first; throws "history-gone" where they are no longer kept. */
  *after(seq: number): Iterable<readonly MeshEvent[]> {
    let next = seq + 1;
    while (next <= this.#view.seq) {
      const segment = this.#segmentOf(next);
      const events = segment.events.slice(next - segment.firstSeq);
      next += events.length;
      yield events;
    }
  }

  /** Throws "history-gone" when the events after `seq` are not all kept. */
  check(seq: number): void {
    if (seq < this.#view.seq) this.#segmentOf(seq + 1);
    else if (seq > this.#view.seq) throw gone(`event ${seq} has not happened`);
  }

  /** At most `limit` events from `fromSeq` on. */
  slice(fromSeq: number, limit: number): readonly MeshEvent[] {
    const found: MeshEvent[] = [];
    for (const events of this.after(fromSeq - 1)) {
      found.push(...events.slice(0, limit - found.length));
      if (found.length >= limit) break;
    }
    return found;
  }

  /** The view as it was after the last event at or before `at`. */
  viewAt(at: number): MeshView {
    if (at >= this.#view.at) return cloneView(this.#view);
    const segment = this.#segmentAt(at);
    const view = segment?.viewBefore() ?? emptyView();
    foldAll(view, takeUntil(segment?.events ?? [], at));
    return view;
  }

  close(): void {
    this.#archive?.clear();
  }

  /** `undefined`: before the first event. */
  #segmentAt(at: number): Segment | undefined {
    const kept = this.#segments.findLast((segment) => (segment.events[0]?.at ?? Infinity) <= at);
    const segment = kept ?? this.#archive?.byTime(at);
    if (segment !== undefined) return segment;
    const oldest = this.#archive?.bySeq(1) ?? this.#oldest();
    if (oldest.firstSeq === 1) return undefined;
    throw gone("that moment is too long ago");
  }

  #segmentOf(seq: number): Segment {
    const kept = this.#segments.findLast((segment) => segment.firstSeq <= seq);
    const segment = kept ?? this.#archive?.bySeq(seq);
    if (segment === undefined) throw gone(`event ${seq} is too long ago`);
    return segment;
  }

  #begin(): OpenSegment {
    const segment = new OpenSegment(this.#view);
    this.#segments.push(segment);
    if (this.#segments.length > this.#limits.segments) {
      const oldest = this.#segments.shift();
      if (oldest !== undefined) this.#archive?.put(oldest);
    }
    return segment;
  }

  #newest(): OpenSegment {
    const segment = this.#segments.at(-1);
    assert(segment !== undefined, "there is always a newest segment");
    return segment;
  }

  #oldest(): OpenSegment {
    const segment = this.#segments[0];
    assert(segment !== undefined, "there is always an oldest segment");
    return segment;
  }
}

function* takeUntil(events: readonly MeshEvent[], at: number): Iterable<MeshEvent> {
  for (const event of events) {
    if (event.at > at) return;
    yield event;
  }
}

function gone(what: string): MeshError {
  return new MeshError("history-gone", `This part of the mesh's history is not kept: ${what}.`);
}
