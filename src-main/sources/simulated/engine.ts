/** What the paced source needs of a simulated mesh: synchronous, deterministic, virtual time. */
import type { MeshCommand } from "#shared/contract/commands.ts";
import type { MeshEvent } from "#shared/contract/events.ts";
import type { Inspection, MessageDetail } from "#shared/contract/inspection.ts";
import type { TraceBatch } from "#shared/contract/trace.ts";
import type { Micros } from "#main/kernel/time.ts";
import type { CommandOutcome, LogWindow, MessageWindow, RunPast } from "../mesh-source.ts";

export interface SimulatedEngine {
  readonly now: Micros;
  /** Carries out a command at the present virtual time; throws `MeshError`. Never a time command. */
  execute(command: MeshCommand, actor: string): CommandOutcome;
  /** Runs exactly one thing that was due next; false when there is nothing to come. */
  stepEvent(): boolean;
  /** Runs until the state of the mesh changes; false when that does not happen. */
  stepToChange(): boolean;
  /**
   * Runs what is due up to `at`, at most `maxSteps` things, and returns how many it ran. Fewer
   * than `maxSteps`: all of it ran, and `now` is `at`; or a pause was asked for.
   */
  runUntil(at: Micros, maxSteps: number): number;
  /** Whether a step of a scenario, just carried out, asked for a pause; forgets it. */
  takePause(): boolean;
  /** The serial number that the next message gets. */
  readonly nextSerial: number;
  /** Single messages from `fromSerial` on; go on from `nextSerial`. */
  trace(query: TraceQuery): { readonly batch: TraceBatch; readonly nextSerial: number };
  messages(window: MessageWindow): TraceBatch;
  message(serial: number): MessageDetail;
  inspect(node: string, log: LogWindow): Inspection;
  past(): RunPast;
  /** The run so far as a recording file's text; `events` are all of its events. */
  record(events: readonly MeshEvent[]): string;
}

export interface TraceQuery {
  readonly fromSerial: number;
  /** Messages from or to these; absent: all. */
  readonly nodes?: readonly string[];
  readonly limit: number;
}

export type EngineFactory = (sink: (event: MeshEvent) => void) => SimulatedEngine;
