/**
 * The one interface behind which every mesh stands: simulated here, living on another Meshdeck
 * host, or an attached engine such as Serf. All implementations pass the conformance suite in
 * `conformance/`.
 */
import type { MeshCommand } from "#shared/contract/commands.ts";
import type { MeshDescription, MeshStatus } from "#shared/contract/description.ts";
import type { MeshEvent } from "#shared/contract/events.ts";
import type { TraceBatch } from "#shared/contract/trace.ts";
import type { MeshView } from "#shared/view/model.ts";

export interface MeshSink {
  /** Events in order of `seq`, without gaps from where the subscription began. */
  events(events: readonly MeshEvent[]): void;
  status(status: MeshStatus): void;
  /** The source lost continuity (an engine restarted): take a new snapshot and go on from it. */
  reset(): void;
}

export interface CommandContext {
  /** Who asks, for the event stream: a session's name. */
  readonly actor: string;
}

/** What came of a command that was carried out; a refusal is a thrown `MeshError`. */
export interface CommandOutcome {
  readonly note?: string;
  /** The id of a fault or node that was made. */
  readonly created?: string;
}

export interface MeshSource {
  describe(): MeshDescription;
  status(): MeshStatus;
  /** A copy of the view as of now; the caller may fold on. */
  snapshot(): MeshView;
  /**
   * Calls `sink` from now on, never before this returns. With `sinceSeq`, the events after it are
   * delivered first; throws `MeshError` "history-gone" when they are no longer kept.
   */
  subscribe(sink: MeshSink, sinceSeq?: number): () => void;
  execute(command: MeshCommand, context: CommandContext): Promise<CommandOutcome>;
  /** The view as it was after the last event at or before `at`; `MeshError` "history-gone". */
  snapshotAt(at: number): Promise<MeshView>;
  /** At most `limit` events with `seq >= fromSeq`; `MeshError` "history-gone". */
  events(fromSeq: number, limit: number): Promise<readonly MeshEvent[]>;
  /** The run as a recording file's text; `MeshError` "not-supported" where there is none. */
  record(): Promise<string>;
  /** Batches of single messages about ten times a second until the returned function is called. */
  trace?(
    options: { readonly nodes?: readonly string[]; readonly maxPerBatch: number },
    sink: (batch: TraceBatch) => void,
  ): () => void;
  /** Ends everything the source started. Idempotent. */
  close(): Promise<void>;
}
