/** A mesh of a few lines for tests of what surrounds an engine: three nodes that tick. */
import type { MeshCommand } from "#shared/contract/commands.ts";
import { MeshError } from "#shared/contract/errors.ts";
import type { MeshEvent, MeshEventBody } from "#shared/contract/events.ts";
import type { TraceBatch } from "#shared/contract/trace.ts";
import type { Inspection, MessageDetail } from "#shared/contract/inspection.ts";
import { meshOptionsSchema } from "#shared/contract/mesh-options.ts";
import type { CommandOutcome, LogWindow, MessageWindow, RunPast } from "../mesh-source.ts";
import type { SimulatedEngine, TraceQuery } from "./engine.ts";

const TICK_US = 10_000;

export class ToyEngine implements SimulatedEngine {
  readonly #sink: (event: MeshEvent) => void;
  readonly #nodes = new Set(["A", "B", "C"]);
  /** Called for each step; a test makes it slow. */
  onStep: () => void = () => undefined;
  now: number = 0;
  #seq = 0;

  constructor(sink: (event: MeshEvent) => void) {
    this.#sink = sink;
    this.emit({ type: "mesh.started", name: "toy", source: "simulated" });
    for (const node of this.#nodes) {
      this.emit({ type: "node.added", node });
      this.emit({ type: "node.started", node, incarnation: 0, disk: "new" });
    }
  }

  emit(body: MeshEventBody): void {
    this.#seq += 1;
    this.#sink({ seq: this.#seq, at: this.now, ...body });
  }

  execute(command: MeshCommand, actor: string): CommandOutcome {
    if (command.type !== "node.kill") throw new MeshError("not-supported", "A toy can't do that.");
    for (const node of command.nodes) {
      if (!this.#nodes.has(node)) throw new MeshError("unknown-node", `There is no node ${node}.`);
      this.emit({ type: "node.stopped", node, reason: "killed" });
    }
    this.emit({ type: "command.executed", command: command.type, summary: "", actor, ok: true });
    return {};
  }

  stepEvent(): boolean {
    this.now += TICK_US;
    this.onStep();
    this.emit({ type: "log", node: "A", level: "info", topic: "toy", text: `tick ${this.now}` });
    return true;
  }

  stepToChange(): boolean {
    this.stepEvent();
    this.emit({ type: "health.local", node: "A", score: this.#seq % 3 });
    return true;
  }

  runUntil(at: number, maxSteps: number): number {
    for (let steps = 0; steps < maxSteps; steps += 1) {
      if (this.now + TICK_US > at) {
        this.now = Math.max(this.now, at);
        return steps;
      }
      this.stepEvent();
      if (this.now >= this.pauseAt) return steps;
    }
    return maxSteps;
  }

  /** Set by a test: the next tick at or after this time asks for a pause. */
  pauseAt: number = Number.POSITIVE_INFINITY;

  takePause(): boolean {
    const pause = this.now >= this.pauseAt;
    if (pause) this.pauseAt = Number.POSITIVE_INFINITY;
    return pause;
  }

  messages({ from, limit }: MessageWindow): TraceBatch {
    return this.trace({ fromSerial: Math.ceil(from / TICK_US), limit }).batch;
  }

  message(serial: number): MessageDetail {
    if (serial >= this.nextSerial) throw new MeshError("unknown-message", "It is not kept.");
    const sentAt = serial * TICK_US;
    return { message: serial, name: "toy", from: "A", to: "B", sentAt, bytes: 1, decoded: "{}" };
  }

  inspect(node: string, log: LogWindow): Inspection {
    if (!this.#nodes.has(node)) throw new MeshError("unknown-node", `There is no node ${node}.`);
    const index = log.from ?? 0;
    const entry = { index, term: 1, digest: "", what: "command", bytes: log.limit } as const;
    const none = { memory: [], memorySkipped: 0, reputation: [] };
    return { node, at: this.now, clock: this.now, log: [entry], ...none };
  }

  past(): RunPast {
    return { options: meshOptionsSchema.parse({ name: "toy" }), commands: [] };
  }

  /** One message a tick. */
  get nextSerial(): number {
    return Math.floor(this.now / TICK_US);
  }

  trace(query: TraceQuery): { batch: TraceBatch; nextSerial: number } {
    const sentAt = [query.fromSerial * TICK_US];
    const batch = { sentAt, arrivedAt: [this.now], from: [0], to: [1], kind: [0], bytes: [1] };
    return {
      batch: { nodes: ["A", "B"], kinds: ["toy"], ...batch, outcome: [1], skipped: 0 },
      nextSerial: this.nextSerial,
    };
  }

  record(events: readonly MeshEvent[]): string {
    return JSON.stringify({ events: events.length });
  }
}
