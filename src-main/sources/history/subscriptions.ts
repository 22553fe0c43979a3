import type { MeshStatus } from "#shared/contract/description.ts";
import type { MeshEvent } from "#shared/contract/events.ts";
import type { MeshSink } from "../mesh-source.ts";

/** What subscriptions read from: the events after a seq, in pieces as they are stored. */
export interface EventReader {
  after(seq: number): Iterable<readonly MeshEvent[]>;
}

interface Subscription {
  readonly sink: MeshSink;
  /** The last event the sink was given. */
  seq: number;
}

/**
 * The sinks of one mesh. Each has its own place in the stream, so a sink that came late gets what
 * it lacks first and then goes on with the rest, in order and without gaps. Sinks are called in a
 * microtask of their own, never from inside the call that made an event.
 */
export class Subscriptions {
  readonly #reader: EventReader;
  readonly #onSinkError: (error: unknown) => void;
  readonly #subscriptions = new Set<Subscription>();
  #scheduled = false;
  #status: MeshStatus | undefined;

  constructor(reader: EventReader, onSinkError: (error: unknown) => void) {
    this.#reader = reader;
    this.#onSinkError = onSinkError;
  }

  get size(): number {
    return this.#subscriptions.size;
  }

  /** `seq`: the last event the sink already has. */
  add(sink: MeshSink, seq: number): () => void {
    const subscription = { sink, seq };
    this.#subscriptions.add(subscription);
    this.flushSoon();
    return () => {
      this.#subscriptions.delete(subscription);
    };
  }

  flushSoon(): void {
    if (this.#scheduled || this.#subscriptions.size === 0) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      this.#flush();
    });
  }

  status(status: MeshStatus): void {
    this.#status = status;
    this.flushSoon();
  }

  /** The stream goes on from `seq` with a new snapshot. */
  reset(seq: number): void {
    for (const subscription of this.#subscriptions) {
      subscription.seq = seq;
      this.#call(subscription, () => subscription.sink.reset());
    }
  }

  clear(): void {
    this.#subscriptions.clear();
  }

  #flush(): void {
    const status = this.#status;
    this.#status = undefined;
    for (const subscription of this.#subscriptions) {
      this.#call(subscription, () => {
        this.#deliver(subscription);
        if (status !== undefined) subscription.sink.status(status);
      });
    }
  }

  #deliver(subscription: Subscription): void {
    for (const events of this.#reader.after(subscription.seq)) {
      const last = events.at(-1);
      if (last === undefined || !this.#subscriptions.has(subscription)) return;
      subscription.seq = last.seq;
      subscription.sink.events(events);
    }
  }

  /** A sink that throws is broken: it is let go, so that it harms neither the mesh nor others. */
  #call(subscription: Subscription, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#subscriptions.delete(subscription);
      this.#onSinkError(error);
    }
  }
}
