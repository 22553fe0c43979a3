/**
 * A Serf cluster as one of its agents sees it. The agent's member list is the truth here; its
 * events and its log only say when to look again, and its log tells of doubts that the list hides.
 */
import type { CommandOf, MeshCommand } from "#shared/contract/commands.ts";
import type {
  ConnectionState,
  MeshDescription,
  MeshId,
  MeshStatus,
} from "#shared/contract/description.ts";
import { MeshError } from "#shared/contract/errors.ts";
import type { MeshEvent, MeshEventBody } from "#shared/contract/events.ts";
import type { MeshView } from "#shared/view/model.ts";
import { EventHub, type EventHubOptions } from "../history/event-hub.ts";
import type { CommandContext, CommandOutcome, MeshSink, MeshSource } from "../mesh-source.ts";
import type { SerfAddress } from "./address.ts";
import { AgentLink } from "./agent-link.ts";
import { SERF_CAPABILITIES } from "./capabilities.ts";
import { LogTail } from "./log-tail.ts";
import { MemberTable, nodeIdOf } from "./member-table.ts";
import type { AgentStats, SerfMember, StreamRecord } from "./records.ts";

export interface SerfTimings {
  /** For connecting, and for each answer of the agent. */
  readonly timeoutMs: number;
  /** How often the member list is taken without a hint that it changed. */
  readonly pollMs: number;
}

export const SERF_TIMINGS: SerfTimings = { timeoutMs: 5_000, pollMs: 2_000 };

export interface SerfSourceOptions extends EventHubOptions {
  readonly address: SerfAddress;
  readonly authKey?: string | undefined;
  readonly timings?: SerfTimings | undefined;
  readonly id: MeshId;
  readonly wallMs: () => number;
  /** From 0 up to 1. */
  readonly random: () => number;
}

/** Of name and payload together; Serf's own limit. */
const MAX_USER_EVENT_BYTES = 512;
const MAX_EVENT_NAME_CHARS = 256;
const MAX_PAYLOAD_CHARS = 4_096;

export class SerfSource implements MeshSource {
  readonly #options: SerfSourceOptions;
  readonly #hub: EventHub;
  readonly #link: AgentLink;
  readonly #table = new MemberTable();
  readonly #tail = new LogTail();
  #agent = "";
  #healthScore: number | undefined;
  #connection: ConnectionState = { state: "connecting" };
  #lastHeardMs: number | undefined;
  #closed = false;

  private constructor(options: SerfSourceOptions) {
    this.#options = options;
    this.#hub = new EventHub(options);
    const { address, authKey, timings = SERF_TIMINGS, random } = options;
    this.#link = new AgentLink(
      { address, authKey, random, ...timings },
      {
        state: (state) => this.#stateChanged(state),
        stats: (stats) => this.#stats(stats),
        members: (members) => this.#members(members),
        record: (record) => this.#record(record),
        log: (line) => this.#logLine(line),
      },
    );
  }

  /** Resolves once the members are known; rejects, and keeps nothing open, when that fails. */
  static async open(options: SerfSourceOptions): Promise<SerfSource> {
    const source = new SerfSource(options);
    try {
      await source.#link.open();
      return source;
    } catch (error) {
      await source.close();
      throw error;
    }
  }

  describe(): MeshDescription {
    return {
      id: this.#options.id,
      name: this.#name(),
      kind: "serf",
      clock: "wall",
      address: this.#options.address.shown,
      capabilities: SERF_CAPABILITIES,
      traces: false,
      sandbox: false,
    };
  }

  status(): MeshStatus {
    const { view, historyFrom } = this.#hub;
    const heardMs = this.#lastHeardMs;
    return {
      connection: this.#closed
        ? { state: "stopped", reason: "This mesh is closed." }
        : this.#connection,
      seq: view.seq,
      at: Math.max(view.at, heardMs === undefined ? 0 : micros(heardMs)),
      historyFrom,
      ...(heardMs === undefined ? {} : { lastHeardMs: heardMs }),
    };
  }

  snapshot(): MeshView {
    return this.#hub.snapshot();
  }

  subscribe(sink: MeshSink, sinceSeq?: number): () => void {
    return this.#hub.subscribe(sink, sinceSeq);
  }

  async execute(command: MeshCommand, { actor }: CommandContext): Promise<CommandOutcome> {
    if (this.#closed) throw new MeshError("closed", "This mesh is closed.");
    switch (command.type) {
      case "user.event":
        return await this.#userEvent(command, actor);
      case "member.forceLeave":
        return await this.#forceLeave(command, actor);
      default: {
        const reason = SERF_CAPABILITIES[command.type] ?? "Serf does not have this.";
        throw new MeshError("not-supported", reason);
      }
    }
  }

  snapshotAt(at: number): Promise<MeshView> {
    return this.#hub.snapshotAt(at);
  }

  events(fromSeq: number, limit: number): Promise<readonly MeshEvent[]> {
    return this.#hub.events(fromSeq, limit);
  }

  async record(): Promise<string> {
    const message =
      "A recording is made to run a simulation again; a real cluster's past can only be looked at.";
    throw new MeshError("not-supported", message);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#link.close();
    this.#hub.close();
  }

  async #userEvent(command: CommandOf<"user.event">, actor: string): Promise<CommandOutcome> {
    const { name, payload, coalesce } = command;
    const bytes = new TextEncoder().encode(payload);
    const size = bytes.length + Buffer.byteLength(name);
    if (size > MAX_USER_EVENT_BYTES) {
      const message =
        `A user event takes ${MAX_USER_EVENT_BYTES} bytes at most, name and payload together; ` +
        `this one has ${size}.`;
      throw new MeshError("too-large", message);
    }
    await this.#link.session.userEvent(name, bytes, coalesce);
    this.#executed(command.type, `user event ${name}, ${bytes.length} bytes`, actor);
    return {};
  }

  async #forceLeave(
    command: CommandOf<"member.forceLeave">,
    actor: string,
  ): Promise<CommandOutcome> {
    const { node, prune } = command;
    const name = this.#table.nameOf(node);
    if (name === undefined) {
      throw new MeshError("unknown-node", `The Serf agent lists no member "${node}".`);
    }
    const alive = this.#table.statusOf(node) === "alive";
    const { session } = this.#link;
    await session.forceLeave(name, prune);
    await session.look();
    this.#executed(command.type, `force-leave ${node}${prune ? ", and forget it" : ""}`, actor);
    return alive ? { note: "It is alive: unless its agent stops, it will join again." } : {};
  }

  #executed(command: string, summary: string, actor: string): void {
    const short = { summary: summary.slice(0, 512), actor: actor.slice(0, 128) };
    this.#emit([{ type: "command.executed", command, ...short, ok: true }]);
  }

  #stateChanged(state: ConnectionState): void {
    this.#connection = state;
    this.#tellStatus();
  }

  #stats({ name, healthScore }: AgentStats): void {
    const first = this.#agent === "";
    this.#agent = name;
    if (first) this.#emit([{ type: "mesh.started", name: this.#name(), source: "serf" }]);
    this.#emit(this.#table.observedBy(name));
    this.#healthScore = healthScore;
  }

  #members(members: readonly SerfMember[]): void {
    if (this.#connection.state !== "live") this.#tail.begin(this.#now());
    this.#heard();
    this.#emit(this.#table.update(members, this.#now()));
    this.#tellHealth();
    this.#emit(this.#tail.flush(this.#node, this.#now()));
    this.#tellStatus();
  }

  #tellHealth(): void {
    const score = this.#healthScore;
    const known = this.#hub.view.nodes.get(this.#node);
    if (score === undefined || known === undefined || known.localHealth === score) return;
    this.#emit([{ type: "health.local", node: this.#node, score }]);
  }

  #record(record: StreamRecord): void {
    this.#heard();
    if (record.kind === "user") {
      const payload = textOf(record.payload).slice(0, MAX_PAYLOAD_CHARS);
      const name = record.name.slice(0, MAX_EVENT_NAME_CHARS);
      this.#emit([{ type: "user.event", name, payload, lamport: record.lamport }]);
    } else if (record.kind === "query") {
      const text = `A query went through the cluster: ${record.name}`.slice(0, MAX_PAYLOAD_CHARS);
      this.#emit([{ type: "log", node: this.#node, level: "info", topic: "query", text }]);
    }
  }

  #logLine(line: string): void {
    this.#heard();
    const { events, fact } = this.#tail.line(line, this.#node, this.#now());
    this.#emit(events);
    if (fact === undefined) return;
    if (fact.kind === "suspect") this.#emit(this.#table.doubted(fact.name, this.#now()));
    else if (fact.kind === "changed") this.#link.hint();
    else this.#emit([refuted(this.#node, fact.by)]);
  }

  get #node(): string {
    return nodeIdOf(this.#agent);
  }

  #name(): string {
    return `Serf at ${this.#agent || this.#options.address.shown}`.slice(0, 128);
  }

  #heard(): void {
    this.#lastHeardMs = this.#options.wallMs();
  }

  /** The wall clock may be set back; the stream's time never goes back. */
  #now(): number {
    return Math.max(this.#hub.view.at, micros(this.#options.wallMs()));
  }

  #emit(bodies: readonly MeshEventBody[]): void {
    if (this.#closed) return;
    for (const body of bodies) {
      this.#hub.append({ seq: this.#hub.view.seq + 1, at: this.#now(), ...body });
    }
  }

  #tellStatus(): void {
    this.#hub.status(this.status());
  }
}

function micros(ms: number): number {
  return Math.round(ms * 1_000);
}

function refuted(node: string, by: string | undefined): MeshEventBody {
  const event = { type: "member.refuted", node } as const;
  return by === undefined ? event : { ...event, accusedBy: nodeIdOf(by) };
}

/** As text where it is text, in hexadecimal digits otherwise. */
function textOf(payload: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(payload);
  } catch {
    return `0x${Buffer.from(payload).toString("hex")}`;
  }
}
