/**
 * A simulated mesh as a source: virtual time paced against the real clock in slices short enough
 * that the host always stays responsive.
 */
import {
  COMMAND_TYPES,
  COMMANDS,
  type CommandType,
  type MeshCommand,
} from "#shared/contract/commands.ts";
import type { MeshDescription, MeshStatus } from "#shared/contract/description.ts";
import { MeshError } from "#shared/contract/errors.ts";
import type { MeshEvent } from "#shared/contract/events.ts";
import type { Inspection, MessageDetail } from "#shared/contract/inspection.ts";
import type { TraceBatch } from "#shared/contract/trace.ts";
import type { MeshView } from "#shared/view/model.ts";
import { EventHub, type EventHubOptions } from "../history/event-hub.ts";
import type {
  CommandContext,
  CommandOutcome,
  LogWindow,
  MeshSink,
  MeshSource,
  MessageWindow,
  RunPast,
} from "../mesh-source.ts";
import type { EngineFactory, SimulatedEngine } from "./engine.ts";
import { Pace } from "./pace.ts";
import { Slicer } from "./slice.ts";

const TICK_MS = 10;
const STATUS_EVERY_MS = 100;
const TRACE_EVERY_MS = 100;

const ENGINE_REASON =
  "Only an attached engine such as Serf has this; here use a rumour or a node command.";

export interface SimulatedSourceOptions extends EventHubOptions {
  readonly id: string;
  readonly name: string;
  readonly engine: EngineFactory;
  /** Asked for whenever the mesh is described. */
  readonly origin?: () => Pick<MeshDescription, "forkedFrom" | "scenario">;
  /** Milliseconds, monotonic. */
  readonly monotonicMs: () => number;
  /** Milliseconds since the Unix epoch. */
  readonly wallMs: () => number;
}

export class SimulatedSource implements MeshSource {
  readonly #options: SimulatedSourceOptions;
  readonly #hub: EventHub;
  readonly #engine: SimulatedEngine;
  readonly #slicer: Slicer;
  readonly #pace = new Pace();
  readonly #traces = new Set<NodeJS.Timeout>();
  #tick: NodeJS.Timeout | undefined;
  #statusToldMs = -Infinity;
  #closed = false;

  constructor(options: SimulatedSourceOptions) {
    this.#options = options;
    this.#hub = new EventHub(options);
    this.#engine = options.engine((event) => this.#hub.append(event));
    this.#slicer = new Slicer(this.#engine, options.monotonicMs);
  }

  describe(): MeshDescription {
    const { id, name } = this.#options;
    const capabilities = simulatedCapabilities();
    return {
      id,
      name,
      kind: "simulated",
      clock: "virtual",
      capabilities,
      traces: true,
      sandbox: true,
      ...this.#options.origin?.(),
    };
  }

  status(): MeshStatus {
    const view = this.#hub.view;
    const reachedRatio = this.#pace.shortfall();
    return {
      connection: this.#closed
        ? { state: "stopped", reason: "This mesh is closed." }
        : { state: "live" },
      seq: view.seq,
      at: Math.max(view.at, this.#engine.now),
      historyFrom: this.#hub.historyFrom,
      playing: this.#pace.playing,
      ratio: this.#pace.ratio,
      ...(reachedRatio === undefined ? {} : { reachedRatio }),
      lastHeardMs: this.#options.wallMs(),
    };
  }

  snapshot(): MeshView {
    return this.#hub.snapshot();
  }

  subscribe(sink: MeshSink, sinceSeq?: number): () => void {
    return this.#hub.subscribe(sink, sinceSeq);
  }

  async execute(command: MeshCommand, context: CommandContext): Promise<CommandOutcome> {
    if (this.#closed) throw new MeshError("closed", "This mesh is closed.");
    const refusal = simulatedCapabilities()[command.type];
    if (refusal) throw new MeshError("not-supported", refusal);
    const outcome = this.#executeNow(command, context);
    this.#tellStatus();
    return outcome;
  }

  snapshotAt(at: number): Promise<MeshView> {
    return this.#hub.snapshotAt(at);
  }

  events(fromSeq: number, limit: number): Promise<readonly MeshEvent[]> {
    return this.#hub.events(fromSeq, limit);
  }

  async record(): Promise<string> {
    return this.#engine.record(await this.#hub.events(1, Number.MAX_SAFE_INTEGER));
  }

  trace(
    options: { readonly nodes?: readonly string[]; readonly maxPerBatch: number },
    sink: (batch: TraceBatch) => void,
  ): () => void {
    const { nodes, maxPerBatch } = options;
    let fromSerial = this.#engine.nextSerial;
    const timer = setInterval(() => {
      if (this.#engine.nextSerial === fromSerial) return;
      const only = nodes === undefined ? {} : { nodes };
      const { batch, nextSerial } = this.#engine.trace({ fromSerial, limit: maxPerBatch, ...only });
      fromSerial = nextSerial;
      sink(batch);
    }, TRACE_EVERY_MS);
    this.#traces.add(timer);
    return () => {
      clearInterval(timer);
      this.#traces.delete(timer);
    };
  }

  async messages(window: MessageWindow): Promise<TraceBatch> {
    return this.#engine.messages(window);
  }

  async message(serial: number): Promise<MessageDetail> {
    return this.#engine.message(serial);
  }

  async inspect(node: string, log: LogWindow): Promise<Inspection> {
    return this.#engine.inspect(node, log);
  }

  async past(): Promise<RunPast> {
    return this.#engine.past();
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#stopTicking();
    for (const timer of this.#traces) clearInterval(timer);
    this.#traces.clear();
    this.#hub.close();
  }

  #executeNow(command: MeshCommand, context: CommandContext): CommandOutcome {
    switch (command.type) {
      case "time.play":
        return this.#play();
      case "time.pause":
        return this.#pause();
      case "time.step":
        return this.#step(command.unit);
      case "time.speed":
        this.#pace.setRatio(command.ratio, this.#options.monotonicMs(), this.#engine.now);
        return {};
      default:
        return this.#engine.execute(command, context.actor);
    }
  }

  #play(): CommandOutcome {
    if (this.#pace.playing) return { note: "It plays already." };
    this.#pace.play(this.#options.monotonicMs(), this.#engine.now);
    this.#tick = setTimeout(() => this.#advance(), 0);
    return {};
  }

  #pause(): CommandOutcome {
    if (!this.#pace.playing) return { note: "It is paused already." };
    this.#pace.pause();
    this.#stopTicking();
    return {};
  }

  #step(unit: "event" | "change"): CommandOutcome {
    this.#pause();
    const stepped = unit === "event" ? this.#engine.stepEvent() : this.#engine.stepToChange();
    this.#engine.takePause();
    return stepped ? {} : { note: "Nothing more is to come." };
  }

  /** One slice of work, and the appointment for the next. */
  #advance(): void {
    const { monotonicMs } = this.#options;
    const done = this.#slicer.run(this.#pace.target(monotonicMs()));
    const nowMs = monotonicMs();
    this.#pace.reached(nowMs, this.#engine.now);
    if (this.#engine.takePause()) {
      this.#pause();
      this.#tellStatus();
      return;
    }
    if (nowMs - this.#statusToldMs >= STATUS_EVERY_MS) this.#tellStatus();
    this.#tick = setTimeout(() => this.#advance(), done ? TICK_MS : 0);
  }

  #tellStatus(): void {
    this.#statusToldMs = this.#options.monotonicMs();
    this.#hub.status(this.status());
  }

  #stopTicking(): void {
    clearTimeout(this.#tick);
    this.#tick = undefined;
  }
}

/** Everything but what belongs to an attached engine. */
function simulatedCapabilities(): Partial<Record<CommandType, string | null>> {
  return Object.fromEntries(
    COMMAND_TYPES.map((type) => [type, COMMANDS[type].group === "engine" ? ENGINE_REASON : null]),
  );
}
