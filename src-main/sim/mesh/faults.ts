import type { ByzantineBehaviour } from "#shared/contract/agreement-commands.ts";
import { MeshError } from "#shared/contract/errors.ts";
import type { MeshEventBody, MeshEventOf } from "#shared/contract/events.ts";
import type { LinkScope } from "#shared/contract/primitives.ts";
import { unreachable } from "#main/kernel/assert.ts";
import { type Micros, ms } from "#main/kernel/time.ts";
import type { NodeMaker } from "../types.ts";
import type { NetworkFault } from "../world/network.ts";
import type { Process } from "../world/process.ts";
import type { Traitor } from "../world/traitor.ts";
import type { World } from "../world/world.ts";

export type FaultSpec = MeshEventOf<"fault.applied">["spec"];

type NodeFaultKind = "clock" | "slow" | "byzantine";
type NodeFault = Extract<FaultSpec, { kind: NodeFaultKind }>;

function isNodeFault(spec: FaultSpec): spec is NodeFault {
  return spec.kind === "clock" || spec.kind === "slow" || spec.kind === "byzantine";
}

/** Faults in force at a time; more make every message slow to judge. */
export const MAX_FAULTS = 256;

interface Fault {
  readonly id: string;
  readonly spec: FaultSpec;
}

/** Which faults are in force, under which names, until when. */
export class FaultRegister {
  readonly #world: World;
  readonly #maker: () => NodeMaker | undefined;
  readonly #emit: (event: MeshEventBody) => void;
  readonly #faults = new Map<string, Fault>();
  #count = 0;
  /** When the last fault ended, or -Infinity. */
  #lastEnd = Number.NEGATIVE_INFINITY;

  constructor(
    world: World,
    maker: () => NodeMaker | undefined,
    emit: (event: MeshEventBody) => void,
  ) {
    this.#world = world;
    this.#maker = maker;
    this.#emit = emit;
  }

  /** How long the mesh has been free of faults; -1 while one is in force. */
  calmFor(now: Micros): Micros {
    return this.#faults.size > 0 ? -1 : now - this.#lastEnd;
  }

  /** Returns the new fault's id. Throws `MeshError` "limit-reached". */
  apply(spec: FaultSpec, forMs: number | undefined): string {
    if (this.#faults.size >= MAX_FAULTS) {
      throw new MeshError("limit-reached", `${MAX_FAULTS} faults are in force; clear some first`);
    }
    this.#replace(spec);
    this.#count++;
    const id = `f${this.#count}`;
    this.#enforce(id, spec);
    this.#faults.set(id, { id, spec });
    const until = forMs === undefined ? undefined : this.#world.now + ms(forMs);
    const applied = { type: "fault.applied", fault: id, spec } as const;
    this.#emit(until === undefined ? applied : { ...applied, until });
    if (until !== undefined) {
      this.#world.alarm(until, () => this.#end(id, "expired"));
    }
    return id;
  }

  /** Throws `MeshError` "unknown-fault". */
  clear(id: string): void {
    if (!this.#faults.has(id)) {
      throw new MeshError("unknown-fault", `no fault ${id} is in force`);
    }
    this.#end(id, "operator");
  }

  /** Returns how many there were. */
  clearAll(): number {
    const ids = [...this.#faults.keys()];
    for (const id of ids) {
      this.#end(id, "operator");
    }
    return ids.length;
  }

  /** Ends the fault of this kind of a node; false when there is none. */
  clearOf(kind: NodeFaultKind, node: string): boolean {
    for (const { id, spec } of this.#faults.values()) {
      if (spec.kind === kind && spec.node === node) {
        this.#end(id, "operator");
        return true;
      }
    }
    return false;
  }

  /** A node has one clock, one slowness, one set of lies: a new fault of these kinds takes the old one's place. */
  #replace(spec: FaultSpec): void {
    if (isNodeFault(spec)) {
      this.clearOf(spec.kind, spec.node);
    }
  }

  #enforce(id: string, spec: FaultSpec): void {
    switch (spec.kind) {
      case "clock":
        this.#world.setClock(this.#process(spec.node), spec.driftPpm, ms(spec.offsetMs));
        break;
      case "slow":
        this.#world.setSlowness(this.#process(spec.node), ms(spec.delayMs));
        break;
      case "byzantine":
        this.#process(spec.node).traitor = this.#traitor(id, spec.node, spec.behaviours);
        break;
      default:
        this.#world.network.apply(id, this.#networkFault(spec));
    }
  }

  /** A clock that was moved stays moved: only its drift ends. */
  #end(id: string, reason: "operator" | "expired"): void {
    const fault = this.#faults.get(id);
    if (fault === undefined) {
      return;
    }
    this.#faults.delete(id);
    this.#lastEnd = this.#world.now;
    const { spec } = fault;
    if (isNodeFault(spec)) {
      this.#relieve(spec);
    } else {
      this.#world.network.clear(id);
    }
    this.#emit({ type: "fault.cleared", fault: id, reason });
  }

  #relieve({ kind, node }: NodeFault): void {
    const process = this.#world.find(node);
    if (process === undefined) {
      return;
    }
    switch (kind) {
      case "clock":
        return this.#world.setClock(process, 0, 0);
      case "slow":
        return this.#world.setSlowness(process, 0);
      case "byzantine":
        process.traitor = undefined;
        return;
      default:
        return unreachable(kind);
    }
  }

  #traitor(fault: string, node: string, behaviours: readonly ByzantineBehaviour[]): Traitor {
    const traitor = this.#maker()?.traitor?.(node, behaviours, this.#world.random(fault));
    if (traitor === undefined) {
      throw new MeshError("not-supported", "nodes of this mesh cannot be made Byzantine");
    }
    return traitor;
  }

  #networkFault(spec: Exclude<FaultSpec, NodeFault>): NetworkFault {
    switch (spec.kind) {
      case "partition":
        return { kind: "partition", groups: spec.groups.map((group) => this.#indices(group)) };
      case "cut":
        return {
          kind: "cut",
          from: this.#indices(spec.from),
          to: this.#indices(spec.to),
          oneWay: spec.oneWay,
        };
      case "conditions":
        return { kind: "conditions", ...this.#scope(spec.scope), conditions: spec.conditions };
    }
  }

  #scope(
    scope: LinkScope,
  ): Omit<Extract<NetworkFault, { kind: "conditions" }>, "kind" | "conditions"> {
    switch (scope.kind) {
      case "mesh":
        return { scope: "mesh", from: [], to: [], oneWay: false };
      case "between":
        return {
          scope: "between",
          from: this.#indices(scope.from),
          to: this.#indices(scope.to),
          oneWay: scope.oneWay ?? false,
        };
      case "around":
        return { scope: "around", from: this.#indices(scope.nodes), to: [], oneWay: false };
    }
  }

  #indices(names: readonly string[]): readonly number[] {
    return names.map((name) => this.#process(name).index);
  }

  #process(name: string): Process {
    const process = this.#world.find(name);
    if (process === undefined) {
      throw new MeshError("unknown-node", `there is no node ${name}`);
    }
    return process;
  }
}
