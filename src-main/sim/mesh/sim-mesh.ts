/**
 * A whole mesh in a made-up world: commands in, numbered events out, and time that passes only
 * when it is told to. Synchronous; the same options and the same commands at the same steps give
 * the same events, bit for bit.
 */
import type { MeshCommand } from "#shared/contract/commands.ts";
import { MeshError } from "#shared/contract/errors.ts";
import type { Inspection } from "#shared/contract/inspection.ts";
import type { MeshEventBody, MeshEventType } from "#shared/contract/events.ts";
import type { MeshOptions } from "#shared/contract/mesh-options.ts";
import { summarise } from "#shared/contract/summary.ts";
import type { TraceBatch } from "#shared/contract/trace.ts";
import { type Micros, MICROS_PER_SECOND } from "#main/kernel/time.ts";
import type { NodeInspection } from "#main/node/mesh-node.ts";
import { InvariantMonitor } from "../invariants/monitor.ts";
import type { GivenCommand, SimOutcome, SimPorts } from "../types.ts";
import type { Process } from "../world/process.ts";
import type { TraceRow } from "../world/trace-ring.ts";
import { World } from "../world/world.ts";
import { type CommandTargets, executeCommand } from "./commands.ts";
import { FaultRegister } from "./faults.ts";
import { Leaders } from "./leaders.ts";
import { Lifecycle } from "./lifecycle.ts";
import { LogLimit } from "./log-limit.ts";
import { Sampler } from "./sampler.ts";

const SAMPLE_US = MICROS_PER_SECOND;
/** A recording replays them all, so they are kept; a mesh does not take more. */
export const MAX_COMMANDS = 100_000;
/** `stepToChange` gives up after so many events; a mesh of thousands needs many for one period. */
const MAX_STEPS_TO_CHANGE = 1_000_000;

/** Events that come all the time and change nothing that a person waits for. */
const BACKGROUND: ReadonlySet<MeshEventType> = new Set([
  "log",
  "metrics.sampled",
  "link.latency",
  "rumour.traffic",
  "state.digest",
  "consensus.counted",
  "consensus.tally",
  "consensus.applied",
  "invariants.checked",
]);

/** `content` is absent where it is not kept. */
export interface KeptMessage extends Omit<TraceRow, "from" | "to"> {
  readonly from: string;
  readonly to: string;
  readonly content: Uint8Array | undefined;
}

const NOTHING_TOLD: NodeInspection = { log: [], memory: [], memorySkipped: 0, reputation: [] };

export class SimMesh {
  readonly options: MeshOptions;
  readonly #sink: SimPorts["sink"];
  readonly #world: World;
  readonly #nodes: Lifecycle;
  readonly #faults: FaultRegister;
  readonly #targets: CommandTargets;
  readonly #sampler: Sampler;
  readonly #logs = new LogLimit();
  readonly #leaders = new Leaders();
  readonly #monitor: InvariantMonitor;
  readonly #commands: GivenCommand[] = [];
  #seq = 0;
  #changes = 0;

  /** Throws `MeshError` "bad-options" where the options contradict each other. */
  constructor(options: MeshOptions, ports: SimPorts) {
    this.options = options;
    this.#sink = ports.sink;
    const emit = (event: MeshEventBody): void => this.#emit(event);
    this.#world = new World(
      {
        seed: options.seed,
        network: options.network,
        zoneLatencyMs: options.zoneLatencyMs ?? 0,
      },
      {
        emitted: (process, event) => this.#nodeEmitted(process, event),
        answered: (_process, commandId, answer) => this.#nodes.answered(commandId, answer),
        failed: (process, error) => this.#nodeFailed(process, error),
        sentTooEarly: (process, missing) => this.#monitor.sentTooEarly(process.id, missing),
      },
    );
    this.#faults = new FaultRegister(this.#world, () => this.#nodes.maker, emit);
    this.#monitor = new InvariantMonitor(
      this.#world,
      (now) => this.#faults.calmFor(now),
      emit,
      options.consensus.kind,
    );
    this.#nodes = new Lifecycle(this.#world, options, ports.factory, emit);
    this.#targets = {
      world: this.#world,
      nodes: this.#nodes,
      faults: this.#faults,
      leaders: this.#leaders,
      options,
      emit,
    };
    this.#sampler = new Sampler(this.#world);
    emit({ type: "mesh.started", name: options.name, source: "simulated", options });
    this.#nodes.begin();
    this.#world.alarm(SAMPLE_US, () => this.#sample());
  }

  /** Virtual time since the start of the run. */
  get now(): Micros {
    return this.#world.now;
  }

  /** The number of the latest event. */
  get seq(): number {
    return this.#seq;
  }

  /** Events so far that changed the state of the mesh. */
  get changes(): number {
    return this.#changes;
  }

  /** Events of the world handled so far: deliveries, timers, disk writes, alarms. */
  get steps(): number {
    return this.#world.steps;
  }

  /** Messages delivered so far. */
  get delivered(): number {
    return this.#world.traffic.delivered;
  }

  /** No node runs and nothing is under way: time may pass, but nothing will happen. */
  get idle(): boolean {
    const stopped = this.#world.processes.every((process) => process.state === "stopped");
    return stopped && this.#world.steps > 0 && this.#world.inFlight === 0;
  }

  /** Equal for two runs only if everything that happened in them is equal. */
  get traceHash(): string {
    return this.#world.traceHash;
  }

  /** The nodes that are listed, in the order they came. */
  get nodes(): readonly { readonly id: string; readonly state: Process["state"] }[] {
    return this.#world.processes.filter((process) => this.#world.find(process.id) === process);
  }

  /** Everything that was asked of the mesh, for a recording. */
  get commands(): readonly GivenCommand[] {
    return this.#commands;
  }

  /** The next draw of the network's stream; takes it. For comparing runs that are over. */
  finalDraw(): number {
    return this.#world.finalDraw();
  }

  /**
   * Carries the command out at the present moment. Refusals are events too, and are thrown as
   * `MeshError` with a code of the contract.
   */
  execute(command: MeshCommand, actor: string): SimOutcome {
    if (this.#commands.length >= MAX_COMMANDS) {
      throw new MeshError("limit-reached", `a run takes at most ${MAX_COMMANDS} commands`);
    }
    const { steps, now } = this.#world;
    this.#commands.push({ steps, at: now, actor, command });
    const executed = {
      type: "command.executed",
      command: command.type,
      summary: summarise(command),
      actor: actor.slice(0, 128),
    } as const;
    try {
      const outcome = executeCommand(this.#targets, command);
      this.#emit({ ...executed, ok: true });
      return outcome;
    } catch (error) {
      if (error instanceof MeshError) {
        this.#emit({ ...executed, ok: false, error: error.toData() });
      }
      throw error;
    } finally {
      this.#monitor.afterStep();
    }
  }

  /** Handles the next event; false when there is none at all. */
  stepEvent(): boolean {
    return this.#step(Number.POSITIVE_INFINITY);
  }

  /** Runs to the next event that changes the state of the mesh; false when none came up. */
  stepToChange(): boolean {
    const before = this.#changes;
    for (let i = 0; i < MAX_STEPS_TO_CHANGE && !this.idle; i++) {
      this.#step(Number.POSITIVE_INFINITY);
      if (this.#changes !== before) {
        return true;
      }
    }
    return false;
  }

  /**
   * Handles what is due up to `at`, but at most `maxSteps` events. Time reaches `at` only when
   * nothing is left to do before. Returns the number of events handled.
   */
  runUntil(at: Micros, maxSteps: number = Number.POSITIVE_INFINITY): number {
    let steps = 0;
    while (steps < maxSteps) {
      if (!this.#step(at)) {
        this.#world.advance(Math.max(at, this.now));
        break;
      }
      steps++;
    }
    return steps;
  }

  /** Single messages from `fromSerial` on; ask on from `nextSerial`. Unknown nodes match nothing. */
  trace(query: {
    readonly fromSerial: number;
    readonly nodes?: readonly string[];
    readonly limit: number;
  }): { readonly batch: TraceBatch; readonly nextSerial: number } {
    const { fromSerial, limit, nodes } = query;
    const names = this.#world.processes.map((process) => process.id);
    const only = nodes === undefined ? {} : { nodes: this.#indices(nodes) };
    const batch = this.#world.trace.read({ fromSerial, limit, ...only }, names);
    return { batch, nextSerial: this.#world.trace.nextSerial };
  }

  /** Messages that were sent in a stretch of time. Unknown nodes match nothing. */
  messages(window: {
    readonly from: Micros;
    readonly to: Micros;
    readonly nodes?: readonly string[];
    readonly limit: number;
  }): TraceBatch {
    const { nodes, ...rest } = window;
    const names = this.#world.processes.map((process) => process.id);
    const only = nodes === undefined ? {} : { nodes: this.#indices(nodes) };
    return this.#world.trace.between({ ...rest, ...only }, names);
  }

  /** One message and what it said, as far as that is still known. Throws "unknown-message". */
  message(serial: number): KeptMessage {
    const row = this.#world.trace.row(serial);
    if (row === undefined) {
      throw new MeshError("unknown-message", `message ${serial} is not kept`);
    }
    const [from, to] = [this.#world.processes[row.from], this.#world.processes[row.to]];
    const content = this.#world.post.content.get(serial);
    return { ...row, from: from?.id ?? "", to: to?.id ?? "", content };
  }

  /** What a node holds now. Throws `MeshError` "unknown-node", "not-running". */
  inspect(name: string, logFrom: number | undefined, logLimit: number): Inspection {
    const { id, node, clock } = this.#nodes.process(name);
    if (node === undefined) {
      throw new MeshError("not-running", `${id} does not run: only its disk is left of it`);
    }
    const now = clock.read(this.now);
    const told = node.inspect?.(logFrom, logLimit, now) ?? NOTHING_TOLD;
    return { node: id, at: this.now, clock: now, ...told };
  }

  /** The serial number that the next message gets. */
  get nextSerial(): number {
    return this.#world.trace.nextSerial;
  }

  /** For the end of a run that was left in peace: have all running nodes come to hold the same? */
  checkQuiescence(): void {
    this.#monitor.checkQuiescence();
  }

  #step(limit: Micros): boolean {
    if (!this.#world.step(limit)) {
      return false;
    }
    this.#monitor.afterStep();
    return true;
  }

  #sample(): void {
    this.#emit(this.#sampler.sample(SAMPLE_US));
    const checks = [...this.#monitor.counts];
    if (checks.length > 0) {
      this.#emit({ type: "invariants.checked", checks });
    }
    this.#world.alarm(this.now + SAMPLE_US, () => this.#sample());
  }

  #emit(body: MeshEventBody): void {
    this.#seq++;
    if (!BACKGROUND.has(body.type)) {
      this.#changes++;
    }
    const event = { seq: this.#seq, at: this.#world.now, ...body };
    this.#leaders.observe(body);
    this.#sink(event);
    this.#monitor.observe(event);
  }

  #nodeEmitted(process: Process, event: MeshEventBody): void {
    if (event.type !== "log") {
      this.#emit(event);
      return;
    }
    const { pass, skipped } = this.#logs.admit(process.id, this.now);
    if (skipped > 0) {
      const text = `${skipped} lines of this node were skipped: too many in one second`;
      this.#emit({ type: "log", node: process.id, level: "warn", topic: "log", text });
    }
    if (pass) {
      this.#emit(event);
    }
  }

  #nodeFailed(process: Process, error: unknown): void {
    this.#emit({ type: "node.stopped", node: process.id, reason: "failed" });
    this.#monitor.nodeFailed(process.id, error);
  }

  #indices(names: readonly string[]): ReadonlySet<number> {
    const indices = names.map((name) => this.#world.find(name)?.index ?? -1);
    return new Set(indices);
  }
}
