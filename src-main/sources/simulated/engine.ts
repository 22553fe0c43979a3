/** What the paced source needs of a simulated mesh: synchronous, deterministic, virtual time. */
import type { MeshCommand } from "#shared/contract/commands.ts";
import type { MeshEvent } from "#shared/contract/events.ts";
import type { TraceBatch } from "#shared/contract/trace.ts";
import type { Micros } from "#main/kernel/time.ts";
import type { CommandOutcome } from "../mesh-source.ts";

export interface SimulatedEngine {
  readonly now: Micros;
  /** Carries out a command at the present virtual time; throws `MeshError`. Never a time command. */
  execute(command: MeshCommand, actor: string): CommandOutcome;
  /** Runs exactly one thing that was due next; false when there is nothing to come. */
  stepEvent(): boolean;
  /** Runs until the state of the mesh changes; false when that does not happen. */
  stepToChange(): boolean;
  /**
   * Runs what is due up to `at`, at most `maxSteps` things. True when all of it ran; `now` is `at`
   * then.
   */
  runUntil(at: Micros, maxSteps: number): boolean;
  /** Messages sent in `[from, now]`, the newest that fit, between or around the named nodes. */
  trace(query: TraceQuery): TraceBatch;
  /** The run so far as a recording file's text. */
  record(): string;
}

export interface TraceQuery {
  readonly from: Micros;
  readonly nodes: readonly string[] | undefined;
  readonly max: number;
}

export type EngineFactory = (sink: (event: MeshEvent) => void) => SimulatedEngine;
