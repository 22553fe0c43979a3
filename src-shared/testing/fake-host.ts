/** A host with one mesh that the test feeds, for tests of sessions and clients. */
import { MeshError } from "../contract/errors.ts";
import type { MeshStatus } from "../contract/description.ts";
import type { MeshEvent } from "../contract/events.ts";
import type { FeedSink, HostPort, MeshFeed } from "../rpc/host-port.ts";
import { cloneView } from "../view/clone.ts";
import { emptyView } from "../view/empty.ts";
import { fold } from "../view/fold.ts";
import type { MeshView } from "../view/model.ts";

export class FakeFeed implements MeshFeed {
  readonly view: MeshView = emptyView();
  /** Each with the events it missed and was not told yet. */
  readonly #sinks = new Map<FeedSink, readonly MeshEvent[]>();
  readonly #history: MeshEvent[] = [];
  readonly #kept: number;
  snapshots = 0;

  /** Keeps the last `kept` events for clients that resume. */
  constructor(kept = Infinity) {
    this.#kept = kept;
  }

  get subscribers(): number {
    return this.#sinks.size;
  }

  /** Tells new subscribers what they missed; everything else does so first. */
  settle(): void {
    for (const [sink, missed] of this.#sinks) {
      this.#sinks.set(sink, []);
      if (missed.length > 0) sink.events(missed);
    }
  }

  emit(events: readonly MeshEvent[]): void {
    this.settle();
    for (const event of events) {
      fold(this.view, event);
      this.#history.push(event);
      if (this.#history.length > this.#kept) this.#history.shift();
    }
    for (const sink of this.#sinks.keys()) sink.events(events);
  }

  say(status: Partial<MeshStatus>): void {
    for (const sink of this.#sinks.keys()) sink.status({ ...this.status(), ...status });
  }

  snapshot(): MeshView {
    this.snapshots += 1;
    return cloneView(this.view);
  }

  status(): MeshStatus {
    const { seq, at } = this.view;
    return { connection: { state: "live" }, seq, at, historyFrom: 0 };
  }

  subscribe(sink: FeedSink, sinceSeq?: number): () => void {
    const oldest = this.#history[0]?.seq ?? this.view.seq + 1;
    if (sinceSeq !== undefined && sinceSeq + 1 < oldest) {
      throw new MeshError("history-gone", "These events are no longer kept.");
    }
    const missed = this.#history.filter(({ seq }) => sinceSeq !== undefined && seq > sinceSeq);
    this.#sinks.set(sink, missed);
    return () => this.#sinks.delete(sink);
  }
}

/** Lets everybody with the token "secret" (or none) in, as an operator; answers as it is told. */
export function fakeHost(feed: MeshFeed, overrides: Partial<HostPort> = {}): HostPort {
  return {
    authorise({ token }) {
      if (token === undefined || token === "secret") return "operator";
      throw new MeshError("bad-token", "This token is not valid here.");
    },
    request: () => Promise.reject(new MeshError("not-supported", "Not here.")),
    refused: () => undefined,
    mesh(id) {
      if (id === "demo") return feed;
      throw new MeshError("unknown-mesh", `There is no mesh "${id}".`);
    },
    meshes(push) {
      push([]);
      return () => {};
    },
    trace: () => {
      throw new MeshError("not-supported", "This mesh traces no messages.");
    },
    defect(cause) {
      throw cause;
    },
    ...overrides,
  };
}
