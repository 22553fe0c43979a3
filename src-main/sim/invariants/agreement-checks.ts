/**
 * What must hold of agreement whatever the protocol, by the reports of nodes that were never
 * Byzantine: a traitor's own word proves nothing.
 */
import type { MeshEvent, MeshEventOf } from "#shared/contract/events.ts";
import { BoundedMap } from "#main/kernel/bounded-map.ts";
import type { Checker, Facts, Report } from "./checker.ts";

/** Places in the log remembered; a run that is longer forgets the oldest. */
const MAX_PLACES = 200_000;

const WRITES: ReadonlySet<string> = new Set(["consensus.propose", "memory.write", "memory.delete"]);

/** A disk that hides that it lost something (`lose-last`) is told of by who damaged it alone. */
export function losesRecords(
  event: MeshEvent,
): event is MeshEventOf<"node.started"> | MeshEventOf<"disk.damaged"> {
  return (
    event.type === "disk.damaged" ||
    (event.type === "node.started" && (event.disk === "wiped" || event.disk === "damaged"))
  );
}

/** Hands on only what nodes that always were honest report, and nothing of other kinds of runs. */
export class HonestOnly implements Checker {
  readonly #inner: readonly Checker[];
  readonly #traitors = new Set<string>();

  constructor(inner: readonly Checker[]) {
    this.#inner = inner;
  }

  observe(event: MeshEvent, facts: Facts, report: Report): void {
    if (event.type === "fault.applied" && event.spec.kind === "byzantine") {
      this.#traitors.add(event.spec.node);
    }
    if ("node" in event && event.node !== undefined && this.#traitors.has(event.node)) {
      return;
    }
    for (const checker of this.#inner) {
      checker.observe?.(event, facts, report);
    }
  }

  atRest(facts: Facts, report: Report): void {
    for (const checker of this.#inner) {
      checker.atRest?.(facts, report);
    }
  }
}

interface Applied {
  readonly digest: string;
  readonly state: string;
  readonly node: string;
}

/** State machine safety, pBFT's agreement: no two nodes execute different entries at one place. */
export class StateMachineSafety implements Checker {
  readonly #applied = new BoundedMap<number, Applied>(MAX_PLACES);

  observe(event: MeshEvent, facts: Facts, report: Report): void {
    if (event.type !== "consensus.applied") {
      return;
    }
    facts.checked("state-machine-safety");
    const { node, index, digest, state } = event;
    const known = this.#applied.get(index);
    if (known === undefined) {
      this.#applied.set(index, { digest, state, node });
    } else if (known.digest !== digest) {
      const message = `${known.node} and ${node} executed different entries at ${index}`;
      report({ invariant: "state-machine-safety", message, nodes: [known.node, node] });
    } else if (known.state !== state) {
      const message = `${known.node} and ${node} hold different states after entry ${index}`;
      report({ invariant: "equal-states", message, nodes: [known.node, node] });
    }
  }
}

interface Progress {
  committed: number;
  applied: number | undefined;
}

/** Entries are executed in order, without gaps, and only when they are agreed. */
export class ExecutionOrder implements Checker {
  readonly #progress = new Map<string, Progress>();

  observe(event: MeshEvent, facts: Facts, report: Report): void {
    switch (event.type) {
      case "node.started":
        this.#progress.delete(event.node);
        break;
      case "consensus.committed":
        this.#committed(event, facts, report);
        break;
      case "consensus.applied":
        this.#applied(event, facts, report);
        break;
      case "consensus.snapshot":
        if (event.how === "installed") {
          const progress = this.#of(event.node);
          progress.applied = event.index;
          progress.committed = Math.max(progress.committed, event.index);
        }
        break;
      default:
        break;
    }
  }

  #committed(
    { node, index }: MeshEventOf<"consensus.committed">,
    facts: Facts,
    report: Report,
  ): void {
    facts.checked("commit-monotonic");
    const progress = this.#of(node);
    if (index < progress.committed) {
      const message = `${node} took its commit back from ${progress.committed} to ${index}`;
      report({ invariant: "commit-monotonic", message, nodes: [node] });
    }
    progress.committed = index;
  }

  #applied({ node, index }: MeshEventOf<"consensus.applied">, facts: Facts, report: Report): void {
    facts.checked("execution-order");
    const progress = this.#of(node);
    if (progress.applied !== undefined && index !== progress.applied + 1) {
      const message = `${node} executed entry ${index} after ${progress.applied}`;
      report({ invariant: "execution-order", message, nodes: [node] });
    }
    if (index > progress.committed) {
      const message = `${node} executed entry ${index}, agreed is ${progress.committed}`;
      report({ invariant: "applied-is-committed", message, nodes: [node] });
    }
    progress.applied = index;
  }

  #of(node: string): Progress {
    const progress = this.#progress.get(node) ?? { committed: 0, applied: undefined };
    this.#progress.set(node, progress);
    return progress;
  }
}

/** Terms and views only rise, over restarts too, unless the disk lost something, told or not. */
export class TermMonotone implements Checker {
  readonly #terms = new Map<string, number>();

  observe(event: MeshEvent, facts: Facts, report: Report): void {
    if (losesRecords(event)) {
      this.#terms.delete(event.node);
    }
    if (event.type !== "consensus.role") {
      return;
    }
    facts.checked("term-monotonic");
    const { node, term } = event;
    const known = this.#terms.get(node) ?? 0;
    if (term < known) {
      const message = `${node} went back from term ${known} to ${term}`;
      report({ invariant: "term-monotonic", message, nodes: [node] });
    }
    this.#terms.set(node, term);
  }
}

/** pBFT: in one view, at one sequence number, only one digest can gather a prepared certificate. */
export class PreparedUnique implements Checker {
  readonly #prepared = new BoundedMap<string, { digest: string; node: string }>(MAX_PLACES);

  observe(event: MeshEvent, facts: Facts, report: Report): void {
    if (event.type !== "consensus.round" || event.phase !== "prepared") {
      return;
    }
    facts.checked("prepared-unique");
    const { node, term, index, digest } = event;
    const key = `${term}:${index}`;
    const known = this.#prepared.get(key);
    if (known !== undefined && known.digest !== digest) {
      const message = `${known.node} and ${node} prepared different requests at ${index} in view ${term}`;
      report({ invariant: "prepared-unique", message, nodes: [known.node, node] });
    }
    this.#prepared.set(key, known ?? { digest, node });
  }
}

/** Snapshots of the same place are equal, byte for byte. */
export class EqualSnapshots implements Checker {
  readonly #digests = new BoundedMap<number, { digest: string; node: string }>(MAX_PLACES);

  observe(event: MeshEvent, facts: Facts, report: Report): void {
    if (event.type !== "consensus.snapshot" || event.how === "sent") {
      return;
    }
    facts.checked("equal-snapshots");
    const { node, index, digest } = event;
    const known = this.#digests.get(index);
    if (known !== undefined && known.digest !== digest) {
      const message = `${known.node} and ${node} have different snapshots of ${index}`;
      report({ invariant: "equal-snapshots", message, nodes: [known.node, node] });
    }
    this.#digests.set(index, known ?? { digest, node });
  }
}

/** What is answered with "ok" is agreed; and a node that is read-only took no write in. */
export class AnswersHold implements Checker {
  readonly #readOnly = new Set<string>();
  /** Writes that were taken in by a node while it was read-only. */
  readonly #doomed = new BoundedMap<string, string>(MAX_PLACES);
  #committed = 0;

  observe(event: MeshEvent, facts: Facts, report: Report): void {
    switch (event.type) {
      case "partition.mode":
        if (event.mode === "read-only") {
          this.#readOnly.add(event.node);
        } else {
          this.#readOnly.delete(event.node);
        }
        break;
      case "node.stopped":
        this.#readOnly.delete(event.node);
        break;
      case "consensus.committed":
        this.#committed = Math.max(this.#committed, event.index);
        break;
      case "request.submitted":
        if (WRITES.has(event.what) && this.#readOnly.has(event.node)) {
          this.#doomed.set(event.request, event.node);
        }
        break;
      case "request.answered":
        this.#answered(event, facts, report);
        break;
      default:
        break;
    }
  }

  #answered(
    { node, request, code, index }: MeshEventOf<"request.answered">,
    facts: Facts,
    report: Report,
  ): void {
    facts.checked("answered-is-agreed");
    if (code === "ok" && index !== undefined && index > this.#committed) {
      const message = `${node} answered ${request} with entry ${index}; agreed is ${this.#committed}`;
      report({ invariant: "answered-is-agreed", message, nodes: [node] });
    }
    if (code === "ok" && this.#doomed.get(request) === node) {
      const message = `${node} carried out ${request}, which it took in while it was read-only`;
      report({ invariant: "read-only-writes-nothing", message, nodes: [node] });
    }
  }
}

/**
 * Evidence convicts traitors alone. Looks at all reports, and at who really is one. Whoever's disk
 * lost a record that it had acknowledged may contradict itself without meaning to: it is one too.
 */
export class EvidenceIsTrue implements Checker {
  readonly #guilty = new Set<string>();

  observe(event: MeshEvent, facts: Facts, report: Report): void {
    if (event.type === "fault.applied" && event.spec.kind === "byzantine") {
      this.#guilty.add(event.spec.node);
    }
    if (event.type === "disk.damaged" && event.damage !== "flip-bit") {
      this.#guilty.add(event.node);
    }
    if (event.type !== "consensus.evidence" && event.type !== "proposal.evidence") {
      return;
    }
    facts.checked("evidence-is-true");
    if (!this.#guilty.has(event.accused) && !this.#guilty.has(event.node)) {
      const message = `${event.node} has proof against ${event.accused}, which was always honest`;
      report({ invariant: "evidence-is-true", message, nodes: [event.node, event.accused] });
    }
  }
}

/** After a quiet end all running nodes hold the same memory. */
export class MemoryConverges implements Checker {
  /** Key to node to what it holds. */
  readonly #values = new Map<string, Map<string, string>>();
  readonly #running = new Set<string>();
  /** What they report is not heard, so what they hold is not known. */
  readonly #traitors = new Set<string>();

  observe(event: MeshEvent): void {
    switch (event.type) {
      case "fault.applied":
        if (event.spec.kind === "byzantine") {
          this.#traitors.add(event.spec.node);
        }
        break;
      case "node.started":
        this.#running.add(event.node);
        for (const holders of event.disk === "kept" ? [] : this.#values.values()) {
          holders.delete(event.node);
        }
        break;
      case "node.stopped":
        this.#running.delete(event.node);
        break;
      case "memory.changed": {
        const key = `${event.namespace}/${event.key}`;
        const holders = this.#values.get(key) ?? new Map<string, string>();
        holders.set(event.node, JSON.stringify(event.values));
        this.#values.set(key, holders);
        break;
      }
      default:
        break;
    }
  }

  atRest(facts: Facts, report: Report): void {
    for (const [key, holders] of this.#values) {
      facts.checked("memory-converges");
      const heard = [...this.#running].filter((node) => !this.#traitors.has(node));
      const held = new Set(heard.map((node) => holders.get(node) ?? "[]"));
      if (held.size > 1) {
        const message = `${key} is not the same on all nodes at the end: ${[...held].join(" | ")}`;
        report({ invariant: "memory-converges", message, nodes: heard });
      }
    }
  }
}
