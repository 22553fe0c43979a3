/**
 * What must hold of a Raft group, by its nodes' own reports put side by side. The names are those of
 * the TLA+ specification of etcd's Raft and of figure 3 of the paper.
 */
import type { MeshEvent, MeshEventOf } from "#shared/contract/events.ts";
import { losesRecords } from "./agreement-checks.ts";
import type { Checker, Facts, Report } from "./checker.ts";
import { BoundedMap } from "#main/kernel/bounded-map.ts";

/** Terms and entries remembered; a run that is longer forgets the oldest. */
const MAX_TERMS = 10_000;
const MAX_ENTRIES = 200_000;
/** Newest entries of a node's log that are kept to look back at. */
const MAX_LOG = 20_000;

interface Held {
  readonly term: number;
  readonly digest: string;
}

/** At most one leader in a term, and it names itself. */
export class ElectionSafety implements Checker {
  readonly #leaders = new BoundedMap<number, string>(MAX_TERMS);

  observe(event: MeshEvent, facts: Facts, report: Report): void {
    if (event.type !== "consensus.role" || event.role !== "leader") {
      return;
    }
    facts.checked("election-safety");
    const { node, term } = event;
    const known = this.#leaders.get(term);
    if (known !== undefined && known !== node) {
      const message = `${known} and ${node} both lead in term ${term}`;
      report({ invariant: "election-safety", message, nodes: [known, node] });
    }
    this.#leaders.set(term, known ?? node);
  }
}

/** Logs of all nodes as they told of them; what was compacted away is no longer known. */
export class RaftLogs implements Checker {
  readonly #logs = new Map<string, BoundedMap<number, Held>>();
  /** By index and term: the entry, and the term of the one before it. */
  readonly #entries = new BoundedMap<string, Held & { readonly previous: number | undefined }>(
    MAX_ENTRIES,
  );
  #committed: (Held & { readonly index: number; readonly inTerm: number }) | undefined;

  observe(event: MeshEvent, facts: Facts, report: Report): void {
    if (losesRecords(event)) {
      this.#logs.delete(event.node);
    }
    switch (event.type) {
      case "consensus.appended":
        this.#append(event, facts, report);
        break;
      case "consensus.truncated":
        this.#truncate(event, facts, report);
        break;
      case "consensus.committed":
        this.#commit(event, facts, report);
        break;
      case "consensus.role":
        if (event.role === "leader") {
          this.#leads(event, facts, report);
        }
        break;
      default:
        break;
    }
  }

  /** Log matching: the same index and term is the same entry, after the same entries. */
  #append(
    { node, entries }: MeshEventOf<"consensus.appended">,
    facts: Facts,
    report: Report,
  ): void {
    const log = this.#logs.get(node) ?? new BoundedMap<number, Held>(MAX_LOG);
    this.#logs.set(node, log);
    for (const { index, term, digest } of entries) {
      facts.checked("log-matching");
      const key = `${index}:${term}`;
      const previous = log.get(index - 1)?.term;
      const known = this.#entries.get(key);
      const differs =
        known !== undefined &&
        (known.digest !== digest ||
          (known.previous !== undefined && previous !== undefined && known.previous !== previous));
      if (differs) {
        const message = `entry ${index} of term ${term} in the log of ${node} is another than elsewhere`;
        report({ invariant: "log-matching", message, nodes: [node] });
      }
      this.#entries.set(key, known ?? { term, digest, previous });
      log.set(index, { term, digest });
    }
  }

  /** No node throws away what is committed. */
  #truncate(
    { node, from, to }: MeshEventOf<"consensus.truncated">,
    facts: Facts,
    report: Report,
  ): void {
    facts.checked("committed-is-kept");
    const log = this.#logs.get(node);
    const committed = this.#committed;
    if (committed !== undefined && from <= committed.index && committed.index <= to) {
      const held = log?.get(committed.index);
      if (held?.term === committed.term) {
        const message = `${node} dropped entry ${committed.index}, which is committed`;
        report({ invariant: "committed-is-kept", message, nodes: [node] });
      }
    }
    for (let index = from; index <= to; index++) {
      log?.delete(index);
    }
  }

  #commit(
    { node, index, term }: MeshEventOf<"consensus.committed">,
    facts: Facts,
    report: Report,
  ): void {
    facts.checked("commit-agrees");
    const held = this.#logs.get(node)?.get(index);
    const committed = this.#committed;
    if (held === undefined) {
      return;
    }
    if (committed?.index === index && committed.digest !== held.digest) {
      const message = `${node} holds another entry ${index} for committed than others do`;
      report({ invariant: "commit-agrees", message, nodes: [node] });
    }
    if (committed === undefined || index > committed.index) {
      this.#committed = { ...held, index, inTerm: term };
    }
  }

  /** Leader completeness: whoever leads a later term has everything that was committed. */
  #leads({ node, term }: MeshEventOf<"consensus.role">, facts: Facts, report: Report): void {
    facts.checked("leader-completeness");
    const committed = this.#committed;
    const log = this.#logs.get(node);
    if (committed === undefined || term <= committed.inTerm || log === undefined) {
      return;
    }
    const held = log.get(committed.index);
    const compacted = held === undefined && log.someKey((index) => index > committed.index);
    if (!compacted && (held === undefined || held.digest !== committed.digest)) {
      const message = `${node} leads term ${term} without committed entry ${committed.index}`;
      report({ invariant: "leader-completeness", message, nodes: [node] });
    }
  }
}
