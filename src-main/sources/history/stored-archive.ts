/** Segments on disk as JSON. Views are large, so only some segments carry the one before them. */
import type { MeshEvent } from "#shared/contract/events.ts";
import { snapshotSchema } from "#shared/contract/protocol.ts";
import { emptyView } from "#shared/view/empty.ts";
import { foldAll } from "#shared/view/fold.ts";
import type { MeshView } from "#shared/view/model.ts";
import { decodeSnapshot, encodeSnapshot } from "#shared/view/snapshot.ts";
import type { SegmentStore, StoredSegment } from "#main/storage/segment-store.ts";
import type { Segment, SegmentArchive } from "./event-history.ts";

/** A jump into the past folds at most this many segments. */
const SEGMENTS_PER_VIEW = 8;

export class StoredArchive implements SegmentArchive {
  readonly #store: SegmentStore;
  readonly #mesh: string;
  #count = 0;
  #oldestAt: number | undefined;

  constructor(store: SegmentStore, mesh: string) {
    this.#store = store;
    this.#mesh = mesh;
  }

  put(segment: Segment): void {
    const first = segment.events[0];
    if (first === undefined) return;
    const withView = this.#count % SEGMENTS_PER_VIEW === 0;
    this.#count += 1;
    this.#store.put(this.#mesh, {
      firstSeq: segment.firstSeq,
      firstAt: first.at,
      events: JSON.stringify(segment.events),
      view: withView ? JSON.stringify(encodeSnapshot(segment.viewBefore())) : undefined,
    });
    if (withView) this.#oldestAt = this.#store.oldest(this.#mesh)?.firstAt;
  }

  byTime(at: number): Segment | undefined {
    return this.#segment(this.#store.byTime(this.#mesh, at));
  }

  bySeq(seq: number): Segment | undefined {
    return this.#segment(this.#store.bySeq(this.#mesh, seq));
  }

  oldestAt(): number | undefined {
    return this.#oldestAt;
  }

  clear(): void {
    this.#count = 0;
    this.#oldestAt = undefined;
    this.#store.forget(this.#mesh);
  }

  #segment(stored: StoredSegment | undefined): Segment | undefined {
    if (stored === undefined) return undefined;
    return {
      firstSeq: stored.firstSeq,
      events: parseEvents(stored.events),
      viewBefore: () => this.#viewBefore(stored),
    };
  }

  #viewBefore(stored: StoredSegment): MeshView {
    if (stored.view !== undefined) return parseView(stored.view);
    const leading = this.#store.leadingTo(this.#mesh, stored.firstSeq);
    const view = leading[0]?.view === undefined ? emptyView() : parseView(leading[0].view);
    for (const segment of leading) foldAll(view, parseEvents(segment.events));
    return view;
  }
}

/** Written by this process from checked events: not checked again. */
function parseEvents(text: string): readonly MeshEvent[] {
  return JSON.parse(text) as readonly MeshEvent[];
}

function parseView(text: string): MeshView {
  return decodeSnapshot(snapshotSchema.parse(JSON.parse(text)));
}
