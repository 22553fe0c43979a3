import type { ConsensusKind } from "#shared/contract/agreement-events.ts";
import type { MeshEvent, MeshEventBody } from "#shared/contract/events.ts";
import { unreachable } from "#main/kernel/assert.ts";
import type { Micros } from "#main/kernel/time.ts";
import type { World } from "../world/world.ts";
import {
  AnswersHold,
  EqualSnapshots,
  EvidenceIsTrue,
  ExecutionOrder,
  HonestOnly,
  MemoryConverges,
  PreparedUnique,
  StateMachineSafety,
  TermMonotone,
} from "./agreement-checks.ts";
import type { Checker, Facts } from "./checker.ts";
import { ElectionSafety, RaftLogs } from "./log-checks.ts";
import { DeadNeedsCertificate, IncarnationMonotone, NoFalseDeath } from "./membership-checks.ts";
import { EqualDigests, ReadOnlyPublishesNothing } from "./side-checks.ts";
import { Conservation, TimeMonotone } from "./world-checks.ts";

/** A broken promise tends to be broken again at every step: each is told once, and not for ever. */
const MAX_VIOLATIONS = 100;
const MAX_NODES_NAMED = 100;

type InvariantCount = Extract<MeshEventBody, { type: "invariants.checked" }>["checks"][number];
type Violation = Extract<MeshEventBody, { type: "invariant.violated" }>;

/** Runs all checkers over one mesh. */
export class InvariantMonitor {
  readonly #checkers: Checker[] = [
    new Conservation(),
    new TimeMonotone(),
    new DeadNeedsCertificate(),
    new NoFalseDeath(),
    new IncarnationMonotone(),
    new ReadOnlyPublishesNothing(),
    new EqualDigests(),
  ];
  readonly #checks = new Map<string, { checks: number; violations: number }>();
  readonly #observers: readonly Checker[];
  readonly #steppers: readonly Checker[];
  readonly #runningSince = new Map<string, Micros>();
  readonly #told = new Set<string>();
  readonly #emit: (event: MeshEventBody) => void;
  readonly #facts: Facts;

  constructor(
    world: Pick<World, "now" | "inFlight" | "traffic">,
    calmFor: (now: Micros) => Micros,
    emit: (event: MeshEventBody) => void,
    consensus: ConsensusKind = "none",
  ) {
    this.#emit = emit;
    this.#checkers.push(...agreementCheckers(consensus));
    this.#observers = this.#checkers.filter((checker) => checker.observe !== undefined);
    this.#steppers = this.#checkers.filter((checker) => checker.afterStep !== undefined);
    const runningSince = this.#runningSince;
    this.#facts = {
      get now() {
        return world.now;
      },
      get inFlight() {
        return world.inFlight;
      },
      get traffic() {
        return world.traffic;
      },
      runningSince: (node) => runningSince.get(node),
      calmFor: () => calmFor(world.now),
      checked: (invariant) => this.#countOf(invariant).checks++,
    };
  }

  /** How often each invariant was looked at so far, and how often it was found broken. */
  get counts(): readonly InvariantCount[] {
    return [...this.#checks].map(([invariant, count]) => ({ invariant, ...count }));
  }

  observe(event: MeshEvent): void {
    switch (event.type) {
      case "log":
      case "invariant.violated":
        return;
      case "node.started":
      case "node.resumed":
        this.#runningSince.set(event.node, event.at);
        break;
      case "node.stopped":
      case "node.paused":
        this.#runningSince.delete(event.node);
        break;
      default:
    }
    for (const checker of this.#observers) {
      checker.observe?.(event, this.#facts, this.#report);
    }
  }

  afterStep(): void {
    for (const checker of this.#steppers) {
      checker.afterStep?.(this.#facts, this.#report);
    }
  }

  checkQuiescence(): void {
    for (const checker of this.#checkers) {
      checker.atRest?.(this.#facts, this.#report);
    }
  }

  sentTooEarly(node: string, missing: number): void {
    const message = `${node} sent although ${missing} of its records were not on its disk yet`;
    this.#report({ invariant: "durable-before-send", message, nodes: [node] });
  }

  nodeFailed(node: string, error: unknown): void {
    const message = `${node} failed: ${error instanceof Error ? error.message : String(error)}`;
    this.#report({ invariant: "node-does-not-fail", message, nodes: [node] });
  }

  readonly #report = (
    violation: Omit<Violation, "type" | "nodes"> & { nodes: readonly string[] },
  ): void => {
    this.#countOf(violation.invariant).violations++;
    const key = `${violation.invariant}:${[...violation.nodes].sort().join()}`;
    if (this.#told.has(key) || this.#told.size >= MAX_VIOLATIONS) {
      return;
    }
    this.#told.add(key);
    this.#emit({
      type: "invariant.violated",
      invariant: violation.invariant,
      message: violation.message.slice(0, 2_000),
      nodes: violation.nodes.slice(0, MAX_NODES_NAMED),
    });
  };

  #countOf(invariant: string): { checks: number; violations: number } {
    let count = this.#checks.get(invariant);
    if (count === undefined) {
      count = { checks: 0, violations: 0 };
      this.#checks.set(invariant, count);
    }
    return count;
  }
}

/** What the protocol promises. An epidemic agreement may reorder, and promises only to converge. */
function agreementCheckers(kind: ConsensusKind): readonly Checker[] {
  switch (kind) {
    case "none":
      return [new HonestOnly([new MemoryConverges()]), new EvidenceIsTrue()];
    case "epidemic":
      return [new HonestOnly([new MemoryConverges(), new TermMonotone()]), new EvidenceIsTrue()];
    case "raft":
      return [
        new HonestOnly([...ordered(), new ElectionSafety(), new RaftLogs()]),
        new EvidenceIsTrue(),
      ];
    case "pbft":
      return [new HonestOnly([...ordered(), new PreparedUnique()]), new EvidenceIsTrue()];
    default:
      return unreachable(kind);
  }
}

function ordered(): readonly Checker[] {
  return [
    new StateMachineSafety(),
    new ExecutionOrder(),
    new TermMonotone(),
    new EqualSnapshots(),
    new AnswersHold(),
    new MemoryConverges(),
  ];
}
