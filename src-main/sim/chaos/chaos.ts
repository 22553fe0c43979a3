/**
 * One chaos run. Safety phase: requests and faults as planned, all invariants watched. Liveness
 * phase: the faults end, every node runs, and within a bound a request has to be carried out and all
 * honest members have to hold the same. A simulator that knows the first phase alone never finds
 * a group that is safe because it is stuck.
 */
import { type MeshCommandInput, meshCommandSchema } from "#shared/contract/commands.ts";
import { MeshError } from "#shared/contract/errors.ts";
import type { MeshEvent } from "#shared/contract/events.ts";
import { ms, seconds } from "#main/kernel/time.ts";
import { SimMesh } from "../mesh/sim-mesh.ts";
import type { MeshFactory } from "../types.ts";
import { ClientLog } from "./client-log.ts";
import type { ChaosPlan } from "./types.ts";

/** After the faults: suspicions refuted, read-only sides writable, elections over. */
const RECOVER_MS = 60_000;
const LOOK_MS = 1_000;
/** From the last request to equal members. */
const SETTLE_MS = 10_000;
const PROBES = 5;

export interface ChaosResult {
  /** Empty when all promises were kept. */
  readonly broken: readonly string[];
  /** What the clients saw, for the linearizability checker. */
  readonly history: string;
  readonly requests: number;
  readonly answeredOk: number;
  readonly hash: string;
}

export function runChaos(plan: ChaosPlan, factory: MeshFactory): ChaosResult {
  return new ChaosRun(plan, factory).run();
}

class ChaosRun {
  readonly #plan: ChaosPlan;
  readonly #mesh: SimMesh;
  readonly #log = new ClientLog();
  readonly #broken: string[] = [];
  /** Equal places are equal states: an invariant sees to that. */
  readonly #applied = new Map<string, number>();
  #requests = 0;
  #answeredOk = 0;
  #lastOk: string | undefined;

  constructor(plan: ChaosPlan, factory: MeshFactory) {
    this.#plan = plan;
    this.#mesh = new SimMesh(plan.options, { factory, sink: (event) => this.#observe(event) });
  }

  run(): ChaosResult {
    for (const { atMs, command } of this.#plan.steps) {
      if (atMs < this.#plan.healAtMs) {
        this.#mesh.runUntil(Math.max(this.#mesh.now, ms(atMs)));
        this.#give(command);
      }
    }
    this.#mesh.runUntil(ms(this.#plan.healAtMs));
    this.#heal();
    this.#expectLife();
    return {
      broken: this.#broken,
      history: this.#log.text(),
      requests: this.#requests,
      answeredOk: this.#answeredOk,
      hash: this.#mesh.traceHash,
    };
  }

  /** Traitors stay what they are: up to f of them must not matter. */
  #heal(): void {
    this.#give({ type: "fault.clearAll" });
    for (const { id, state } of this.#mesh.nodes) {
      if (state === "paused") {
        this.#give({ type: "node.resume", nodes: [id] });
      } else if (state === "stopped") {
        this.#give({ type: "node.restart", nodes: [id], disk: "keep" });
      }
    }
  }

  #expectLife(): void {
    const node = this.#honest()[0] ?? "A";
    const end = this.#mesh.now + ms(RECOVER_MS);
    let carriedOut = 0;
    while (this.#mesh.now < end && carriedOut < PROBES) {
      this.#lastOk = undefined;
      this.#give({ type: "consensus.propose", node, value: `alive ${carriedOut}` });
      const until = this.#mesh.now + ms(this.#plan.options.consensus.requestTimeoutMs + LOOK_MS);
      while (this.#lastOk === undefined && this.#mesh.now < until) {
        this.#mesh.runUntil(this.#mesh.now + ms(LOOK_MS) / 10);
      }
      carriedOut += this.#lastOk === undefined ? 0 : 1;
    }
    if (carriedOut < PROBES) {
      this.#broken.push(`liveness: only ${carriedOut} of ${PROBES} requests were carried out`);
    }
    this.#mesh.runUntil(this.#mesh.now + ms(SETTLE_MS));
    const places = new Set(this.#honest().map((id) => this.#applied.get(id)));
    if (places.size > 1) {
      const held = [...places].join(", ");
      this.#broken.push(`liveness: ${SETTLE_MS} ms later honest members are at entries ${held}`);
    }
    this.#mesh.runUntil(this.#mesh.now + seconds(1));
  }

  #honest(): readonly string[] {
    const { traitors } = this.#plan;
    return this.#mesh.nodes.map(({ id }) => id).filter((id) => !traitors.includes(id));
  }

  /** A fault that does not fit the moment (kill a dead node) is refused, and that is fine. */
  #give(input: MeshCommandInput): void {
    const command = meshCommandSchema.parse(input);
    this.#log.asks(command);
    try {
      this.#mesh.execute(command, "chaos");
    } catch (error) {
      if (!(error instanceof MeshError)) {
        throw error;
      }
    }
  }

  #observe(event: MeshEvent): void {
    this.#log.observe(event);
    switch (event.type) {
      case "invariant.violated":
        this.#broken.push(`${event.at / 1e6} s: ${event.invariant}: ${event.message}`);
        break;
      case "request.submitted":
        this.#requests++;
        break;
      case "request.answered":
        if (event.code === "ok") {
          this.#answeredOk++;
          this.#lastOk = event.request;
        }
        break;
      case "consensus.applied":
        this.#applied.set(event.node, event.index);
        break;
      case "consensus.snapshot":
        if (event.how === "installed") {
          this.#applied.set(event.node, event.index);
        }
        break;
      default:
        break;
    }
  }
}
