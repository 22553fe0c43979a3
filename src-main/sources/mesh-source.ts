/**
 * The one interface behind which every mesh stands: simulated here, living on another Meshdeck
 * host, or an attached engine such as Serf. All implementations pass the conformance suite in
 * `conformance/`.
 */
import type { MeshCommand } from "#shared/contract/commands.ts";
import type { MeshDescription, MeshStatus } from "#shared/contract/description.ts";
import type { MeshEvent } from "#shared/contract/events.ts";
import type { Inspection, MessageDetail } from "#shared/contract/inspection.ts";
import type { MeshOptions } from "#shared/contract/mesh-options.ts";
import type { TraceBatch } from "#shared/contract/trace.ts";
import type { MeshView } from "#shared/view/model.ts";
import type { GivenCommand } from "#main/sim/types.ts";

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

/** Messages sent in [from, to], of these nodes (absent: all). */
export interface MessageWindow {
  readonly from: number;
  readonly to: number;
  readonly nodes?: readonly string[];
  readonly limit: number;
}

/** What part of a node's log is wanted; `from` absent: the end of it. */
export interface LogWindow {
  readonly from: number | undefined;
  readonly limit: number;
}

/** What a simulated run came from: enough to do it all again. */
export interface RunPast {
  readonly options: MeshOptions;
  readonly commands: readonly GivenCommand[];
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
  /** Absent here and below: this kind of source cannot. */
  messages?(window: MessageWindow): Promise<TraceBatch>;
  /** `MeshError` "unknown-message" when it is no longer kept. */
  message?(serial: number): Promise<MessageDetail>;
  /** `MeshError` "unknown-node", "not-running". */
  inspect?(node: string, log: LogWindow): Promise<Inspection>;
  /** For forks. `MeshError` "not-supported" where the run cannot be repeated. */
  past?(): Promise<RunPast>;
  /** Ends everything the source started. Idempotent. */
  close(): Promise<void>;
}
