/**
 * Turns another host's stream of a mesh into an unbroken one: log lines that were skipped on the
 * way are fetched, and what came after them waits until they are here.
 */
import type { MeshId, MeshStatus } from "#shared/contract/description.ts";
import { MeshError } from "#shared/contract/errors.ts";
import { type MeshEvent, parseMeshEvent } from "#shared/contract/events.ts";
import type { RpcClient, Subscription } from "#shared/rpc/client.ts";
import type { MeshPush } from "#shared/rpc/client-stream.ts";
import type { MeshView } from "#shared/view/model.ts";

export interface MirrorSink {
  restart(view: MeshView): void;
  append(events: readonly MeshEvent[]): void;
  status(status: MeshStatus): void;
  /** The stream is over for good, for this reason. */
  ended(reason: string): void;
}

interface Range {
  readonly fromSeq: number;
  readonly toSeq: number;
}

const FETCH_LIMIT = 1_000;

export class Mirror {
  readonly #client: RpcClient;
  readonly #mesh: MeshId;
  readonly #sink: MirrorSink;
  /** Resolves with the first snapshot; rejects when the other host does not give one. */
  readonly ready: Promise<void>;
  #resolveReady: () => void = () => undefined;
  #rejectReady: (error: MeshError) => void = () => undefined;
  #subscription: Subscription;
  #started = false;
  /** What came while something was being fetched. */
  #waiting: MeshPush[] | undefined;
  #closed = false;

  constructor(client: RpcClient, mesh: MeshId, sink: MirrorSink) {
    this.#client = client;
    this.#mesh = mesh;
    this.#sink = sink;
    this.ready = new Promise((resolve, reject) => {
      this.#resolveReady = resolve;
      this.#rejectReady = reject;
    });
    this.#subscription = this.#subscribe();
  }

  close(): void {
    this.#closed = true;
    this.#subscription.cancel();
    this.#resolveReady();
  }

  #subscribe(): Subscription {
    return this.#client.subscribe(
      "mesh",
      { mesh: this.#mesh },
      {
        push: (push) => this.#pushed(push),
        end: (error) => this.#end(error ?? new MeshError("closed", "The stream ended.")),
      },
    );
  }

  #end(error: MeshError): void {
    if (this.#closed) return;
    if (!this.#started) this.#rejectReady(error);
    this.#sink.ended(error.message);
  }

  #pushed(push: MeshPush): void {
    if (this.#closed) return;
    if (push.kind === "status") {
      this.#sink.status(push.status);
    } else if (push.kind === "snapshot") {
      this.#waiting = undefined;
      this.#started = true;
      this.#sink.restart(push.view);
      this.#resolveReady();
    } else if (this.#waiting !== undefined) {
      this.#waiting.push(push);
    } else if (push.kind === "events") {
      this.#sink.append(push.events);
    } else {
      this.#waiting = [];
      void this.#fill(push, this.#waiting);
    }
  }

  /** Fetches the range, then goes on with what waited, unless a snapshot overtook it all. */
  async #fill(gap: Range, waiting: MeshPush[]): Promise<void> {
    try {
      await this.#fetch(gap, waiting);
    } catch {
      // Gone, or no session: begin anew with a snapshot, which has it all.
      if (this.#waiting === waiting && !this.#closed) this.#resubscribe();
      return;
    }
    if (this.#waiting !== waiting) return;
    this.#waiting = undefined;
    for (const push of waiting) this.#pushed(push);
  }

  async #fetch({ fromSeq, toSeq }: Range, waiting: MeshPush[]): Promise<void> {
    for (let next = fromSeq; next <= toSeq; ) {
      const limit = Math.min(FETCH_LIMIT, toSeq - next + 1);
      const params = { mesh: this.#mesh, fromSeq: next, limit };
      const events = (await this.#client.request("mesh.events", params)).map(parseMeshEvent);
      if (this.#waiting !== waiting) return;
      if (events.length === 0) throw new MeshError("history-gone", "The lines are not kept.");
      this.#sink.append(events);
      next += events.length;
    }
  }

  #resubscribe(): void {
    this.#subscription.cancel();
    this.#waiting = undefined;
    this.#subscription = this.#subscribe();
  }
}
