import { ERROR_CODES, MeshError } from "#shared/contract/errors.ts";
import type { MeshEventBody } from "#shared/contract/events.ts";
import { type MeshOptions, nodeName, type NodeSpec } from "#shared/contract/mesh-options.ts";
import type { MemoryMode, VotePolicy } from "#shared/contract/state-events.ts";
import { type Micros, MICROS_PER_SECOND } from "#main/kernel/time.ts";
import type { NodeAnswer, NodeBoot } from "#main/node/mesh-node.ts";
import { lossRecord, repairedDisk } from "#main/node/records.ts";
import type { NodeCommand } from "#main/node/node-command.ts";
import type { Process } from "../world/process.ts";
import type { World } from "../world/world.ts";
import type { MeshFactory, NodeMaker } from "../types.ts";
import { maxNodesOf, rosterOf } from "./roster.ts";

/** A leaving node that does not answer is stopped after this long. */
const LEAVE_DEADLINE_US = 10 * MICROS_PER_SECOND;
const SEEDS_PER_NODE = 3;

/** A command without its number, which the lifecycle gives. */
export type NodeRequest = NodeCommand extends infer C
  ? C extends NodeCommand
    ? Omit<C, "id">
    : never
  : never;

type TopologyKind = MeshOptions["topology"]["kind"];
type GossipSettings = Pick<MeshOptions["gossip"], "mode" | "fanout" | "intervalMs">;

/** Refusals that may be over in a moment. */
const PASSING: ReadonlySet<string> = new Set(["busy", "no-leader", "read-only"]);

/** Which nodes there are and which of them live, and what every life is told at its start. */
export class Lifecycle {
  readonly #world: World;
  readonly #options: MeshOptions;
  readonly #emit: (event: MeshEventBody) => void;
  readonly #maker: NodeMaker;
  readonly #roster: readonly NodeSpec[];
  /** Starts by name, also of processes that are gone. */
  readonly #lives = new Map<string, number>();
  readonly #leaving = new Map<number, Process>();
  readonly #answers = new Map<number, NodeAnswer>();
  readonly #votePolicies = new Map<string, VotePolicy>();
  /** Those defined since the mesh began. */
  readonly #namespaces = new Map<string, { readonly mode: MemoryMode; readonly since: Micros }>();
  #topology: TopologyKind;
  #gossip: GossipSettings;
  #asking: number | undefined;
  #commands = 0;
  #listed: number;

  constructor(
    world: World,
    options: MeshOptions,
    factory: MeshFactory,
    emit: (event: MeshEventBody) => void,
  ) {
    this.#world = world;
    this.#options = options;
    this.#emit = emit;
    this.#roster = rosterOf(options);
    this.#listed = this.#roster.length;
    this.#topology = options.topology.kind;
    this.#gossip = options.gossip;
    const formed = options.membership.start === "formed" ? this.#roster : [];
    this.#maker = factory(options, formed, world.random("shared"));
  }

  get maker(): NodeMaker {
    return this.#maker;
  }

  get gossip(): GossipSettings {
    return this.#gossip;
  }

  /** Lists the first nodes and has each start at time 0, in an order of the seed's choosing. */
  begin(): void {
    for (const { id, zone } of this.#roster) {
      const process = this.#list(id, zone);
      this.#world.alarm(0, () => this.#start(process, "new"));
    }
  }

  /** Throws `MeshError` "unknown-node". */
  process(id: string): Process {
    const process = this.#world.find(id);
    if (process === undefined) {
      throw new MeshError("unknown-node", `there is no node ${id}`);
    }
    return process;
  }

  /** Throws `MeshError` "not-running". */
  running(id: string): Process {
    const process = this.process(id);
    if (process.state === "stopped") {
      throw new MeshError("not-running", `${id} does not run`);
    }
    if (process.state === "paused") {
      throw new MeshError("invalid-state", `${id} is paused`);
    }
    return process;
  }

  /** Throws `MeshError` "already-exists", "limit-reached", "unknown-node". Returns the name. */
  add(id: string | undefined, zone: string | undefined, seeds: readonly string[]): string {
    const name = id ?? this.#freeName();
    if (this.#world.find(name) !== undefined) {
      throw new MeshError("already-exists", `there is a node ${name} already`);
    }
    if (this.#listed >= maxNodesOf(this.#options)) {
      throw new MeshError("limit-reached", `the mesh is limited to ${this.#listed} nodes`);
    }
    for (const seed of seeds) {
      this.process(seed);
    }
    this.#listed++;
    const process = this.#list(name, zone);
    this.#start(process, "new", seeds);
    return name;
  }

  restart(process: Process, disk: "keep" | "wipe"): void {
    if (disk === "wipe") {
      this.#world.wipe(process);
      process.disk.replace([lossRecord()]);
    }
    this.#start(process, disk === "wipe" ? "wiped" : "kept");
  }

  kill(process: Process, tornWrite: boolean): void {
    this.#world.crash(process, tornWrite);
    this.#emit({ type: "node.stopped", node: process.id, reason: "killed" });
  }

  /** A running node leaves in an orderly way first; whatever else is taken off the list at once. */
  remove(process: Process): void {
    if (process.state !== "running") {
      this.#unlist(process);
      return;
    }
    const { life } = process;
    this.#world.alarm(this.#world.now + LEAVE_DEADLINE_US, () => this.#left(process, life));
    const id = this.#commands + 1;
    this.#leaving.set(id, process);
    const answer = this.ask(process, { type: "leave" });
    if (answer !== undefined && !answer.ok) {
      this.#leaving.delete(id);
      throw this.refusalOf(answer);
    }
  }

  /** The node's answer if it came at once; `undefined` while it is under way. */
  ask(process: Process, request: NodeRequest): NodeAnswer | undefined {
    return this.request(process, request).answer;
  }

  /** As `ask`, with the number that the request got. */
  request(
    process: Process,
    request: NodeRequest,
  ): { readonly id: number; readonly answer: NodeAnswer | undefined } {
    const id = ++this.#commands;
    this.#asking = id;
    this.#world.command(process, { id, ...request });
    this.#asking = undefined;
    const answer = this.#answers.get(id);
    this.#answers.clear();
    return { id, answer };
  }

  /** Throws the node's refusal as a `MeshError`. */
  demand(process: Process, request: NodeRequest): void {
    const answer = this.ask(process, request);
    if (answer !== undefined && !answer.ok) {
      throw this.refusalOf(answer);
    }
  }

  refusalOf(answer: Extract<NodeAnswer, { ok: false }>): MeshError {
    const code = ERROR_CODES.find((known) => known === answer.code) ?? "invalid-state";
    return new MeshError(code, answer.message, { retryable: PASSING.has(code) });
  }

  answered(commandId: number, answer: NodeAnswer): void {
    const leaving = this.#leaving.get(commandId);
    this.#leaving.delete(commandId);
    if (leaving !== undefined && answer.ok) {
      const { life } = leaving;
      this.#world.alarm(this.#world.now, () => this.#left(leaving, life));
    }
    if (commandId === this.#asking) {
      this.#answers.set(commandId, answer);
    }
  }

  setTopology(kind: TopologyKind): void {
    this.#topology = kind;
    this.#tellAll({ type: "topology", kind });
  }

  setGossip(settings: GossipSettings): void {
    this.#gossip = settings;
    this.#tellAll({ type: "gossip", ...settings });
  }

  /** Every namespace and its mode. */
  get namespaces(): ReadonlyMap<string, MemoryMode> {
    const given = this.#options.memory.namespaces.map(({ name, mode }) => [name, mode] as const);
    const later = [...this.#namespaces].map(([name, { mode }]) => [name, mode] as const);
    return new Map([...given, ...later]);
  }

  /** Also for nodes that start later. */
  setNamespace(namespace: string, mode: MemoryMode): void {
    const since = this.#world.now;
    this.#namespaces.set(namespace, { mode, since });
    this.#tellAll({ type: "memory.namespace", namespace, mode, since });
  }

  /** Also for later lives of these nodes. Throws `MeshError` "unknown-node". */
  setVotePolicy(nodes: readonly string[], policy: VotePolicy): void {
    const processes = nodes.map((node) => this.process(node));
    for (const process of processes) {
      this.#votePolicies.set(process.id, policy);
      if (process.state === "running") {
        this.ask(process, { type: "vote-policy", policy });
      }
    }
  }

  tellAll(request: NodeRequest): void {
    this.#tellAll(request);
  }

  #tellAll(request: NodeRequest): void {
    for (const process of this.#world.processes) {
      if (process.state === "running") {
        this.ask(process, request);
      }
    }
  }

  #list(id: string, zone: string | undefined): Process {
    const process = this.#world.add(id, zone);
    this.#emit({ type: "node.added", node: id, ...(zone === undefined ? {} : { zone }) });
    return process;
  }

  /** A first start without seeds is part of the formed mesh, or the founder of a joining one. */
  #start(process: Process, diskOrigin: NodeBoot["diskOrigin"], seeds?: readonly string[]): void {
    const first = seeds === undefined && diskOrigin === "new";
    const formed = first && this.#options.membership.start === "formed";
    const contacts = formed ? [] : this.#seedsFor(process, first, seeds ?? []);
    const { id, zone, disk } = process;
    const { records } = disk;
    disk.replace(repairedDisk(records));
    const life = (this.#lives.get(id) ?? 0) + 1;
    this.#lives.set(id, life);
    this.#world.start(process, (random) =>
      this.#maker.create({
        id,
        zone,
        disk: records,
        diskOrigin,
        life,
        random,
        formed,
        seeds: contacts,
        wall: (now) => process.clock.wallOf(now),
      }),
    );
    if (process.state === "running") {
      this.#bringUpToDate(process);
    }
  }

  /** Settings that were changed since the mesh began are unknown to a life that begins later. */
  #bringUpToDate(process: Process): void {
    const { topology, gossip } = this.#options;
    if (this.#topology !== topology.kind) {
      this.ask(process, { type: "topology", kind: this.#topology });
    }
    const policy = this.#votePolicies.get(process.id);
    if (policy !== undefined && process.state === "running") {
      this.ask(process, { type: "vote-policy", policy });
    }
    if (this.#gossip !== gossip && process.state === "running") {
      this.ask(process, { type: "gossip", ...this.#gossip });
    }
    for (const [namespace, { mode, since }] of this.#namespaces) {
      if (process.state === "running") {
        this.ask(process, { type: "memory.namespace", namespace, mode, since });
      }
    }
  }

  #seedsFor(process: Process, first: boolean, wanted: readonly string[]): readonly string[] {
    if (wanted.length > 0) {
      return wanted;
    }
    const configured = this.#options.membership.seeds ?? [];
    const founder = configured[0] ?? this.#roster[0]?.id;
    if (first) {
      const seeds = configured.length > 0 || founder === undefined ? configured : [founder];
      return process.id === founder ? [] : seeds.filter((seed) => seed !== process.id);
    }
    const others = this.#world.processes.filter(
      (other) => other !== process && this.#world.find(other.id) === other,
    );
    const running = others.filter((other) => other.state === "running");
    const known = configured.filter((seed) => seed !== process.id && this.#world.find(seed));
    const pool = [...known, ...[...running, ...others].map((other) => other.id)];
    return [...new Set(pool)].slice(0, SEEDS_PER_NODE);
  }

  #left(process: Process, life: number): void {
    if (process.life !== life || process.state === "stopped") {
      return;
    }
    if (this.#world.find(process.id) === process) {
      this.#world.crash(process, false);
      this.#emit({ type: "node.stopped", node: process.id, reason: "left" });
      this.#unlist(process);
    }
  }

  #unlist(process: Process): void {
    this.#listed--;
    this.#world.remove(process);
    this.#emit({ type: "node.removed", node: process.id });
  }

  #freeName(): string {
    let index = this.#world.processes.length;
    while (this.#world.find(nodeName(index)) !== undefined) {
      index++;
    }
    return nodeName(index);
  }
}
