/** One subscription, client side: checks what is pushed and knows where to resume. */
import type { MeshStatus } from "../contract/description.ts";
import { MeshError } from "../contract/errors.ts";
import { type MeshEvent, parseMeshEvent } from "../contract/events.ts";
import { type Topic, type TopicParams, type TopicPush, TOPICS } from "../contract/protocol.ts";
import type { MeshView } from "../view/model.ts";
import { decodeSnapshot } from "../view/snapshot.ts";

export type MeshPush =
  /** Replaces whatever view there was. */
  | { readonly kind: "snapshot"; readonly view: MeshView }
  /** Continues it, without a hole. */
  | { readonly kind: "events"; readonly events: readonly MeshEvent[] }
  /** So many log lines were skipped; the events go on after `toSeq`. See `noteSkippedLogs`. */
  | {
      readonly kind: "gap";
      readonly fromSeq: number;
      readonly toSeq: number;
      readonly skipped: number;
    }
  | { readonly kind: "status"; readonly status: MeshStatus };

export type PushOf<T extends Topic> = T extends "mesh" ? MeshPush : TopicPush<T>;

export interface Listener<T extends Topic> {
  push(push: PushOf<T>): void;
  /** The stream is over and will not be resumed; with an error when the host said why. */
  end?(error: MeshError | undefined): void;
}

/** Throws `MeshError` "bad-frame" when the host broke its word: a bad shape, or a hole. */
export interface Reader<T extends Topic> {
  read(raw: unknown): PushOf<T>;
  /** Parameters to subscribe (again) with. */
  resume(sameHost: boolean): TopicParams<T>;
}

export function readerFor<T extends Topic>(topic: T, params: TopicParams<T>): Reader<T> {
  const reader =
    topic === "mesh"
      ? new MeshReader(params as TopicParams<"mesh">)
      : { read: (raw: unknown) => checked(topic, raw), resume: () => params };
  return reader as Reader<T>;
}

function checked<T extends Topic>(topic: T, raw: unknown): TopicPush<T> {
  const push = TOPICS[topic].push.safeParse(raw);
  if (!push.success) throw broken(`a push of ${topic} has a shape that is not known`);
  return push.data as TopicPush<T>;
}

class MeshReader implements Reader<"mesh"> {
  readonly #params: TopicParams<"mesh">;
  /** The last event there is no hole before. */
  #seq: number | undefined;

  constructor(params: TopicParams<"mesh">) {
    this.#params = params;
    this.#seq = params.sinceSeq;
  }

  resume(sameHost: boolean): TopicParams<"mesh"> {
    const { mesh } = this.#params;
    if (!sameHost) this.#seq = undefined;
    return this.#seq === undefined ? { mesh } : { mesh, sinceSeq: this.#seq };
  }

  read(raw: unknown): MeshPush {
    const push = checked("mesh", raw);
    switch (push.kind) {
      case "snapshot": {
        const view = decodeSnapshot(push.snapshot);
        this.#seq = view.seq;
        return { kind: "snapshot", view };
      }
      case "events":
        return { kind: "events", events: push.events.map((event) => this.#next(event)) };
      case "gap": {
        const { fromSeq, toSeq, skipped } = push;
        if (toSeq - fromSeq + 1 !== skipped) throw broken("a gap does not count what it skips");
        this.#advance(fromSeq, toSeq);
        return { kind: "gap", fromSeq, toSeq, skipped };
      }
      case "status":
        return push;
      default:
        return push satisfies never;
    }
  }

  #next(raw: unknown): MeshEvent {
    const event = readEvent(raw);
    this.#advance(event.seq, event.seq);
    return event;
  }

  #advance(fromSeq: number, toSeq: number): void {
    if (this.#seq === undefined || fromSeq !== this.#seq + 1) {
      const expected = this.#seq === undefined ? "a snapshot" : `event ${this.#seq + 1}`;
      this.#seq = undefined;
      throw broken(`event ${fromSeq} came where ${expected} was due`);
    }
    this.#seq = toSeq;
  }
}

function readEvent(raw: unknown): MeshEvent {
  try {
    return parseMeshEvent(raw);
  } catch {
    throw broken("an event has a shape that is not known");
  }
}

/** Retryable: the next session starts the stream anew, with a snapshot. */
function broken(why: string): MeshError {
  return new MeshError("bad-frame", `The host broke the protocol: ${why}.`, { retryable: true });
}
