/** Promises about writes on the two sides of a partition, and about what both hold afterwards. */
import type { MeshEvent, MeshEventOf } from "#shared/contract/events.ts";
import type { Checker, Facts, Report } from "./checker.ts";

/** A node that said it is read-only accepts no rumour. */
export class ReadOnlyPublishesNothing implements Checker {
  readonly #readOnly = new Set<string>();

  observe(event: MeshEvent, _facts: Facts, report: Report): void {
    if (event.type === "partition.mode") {
      if (event.mode === "read-only") {
        this.#readOnly.add(event.node);
      } else {
        this.#readOnly.delete(event.node);
      }
    } else if (event.type === "node.stopped") {
      this.#readOnly.delete(event.node);
    } else if (event.type === "rumour.published" && this.#readOnly.has(event.node)) {
      const message = `${event.node} accepted rumour ${event.rumour} while it was read-only`;
      report({ invariant: "read-only-publishes-nothing", message, nodes: [event.node] });
    }
  }
}

/** After a quiet end all running nodes hold the same members and the same rumours. */
export class EqualDigests implements Checker {
  readonly #digests = new Map<string, MeshEventOf<"state.digest">>();

  observe(event: MeshEvent): void {
    if (event.type === "state.digest") {
      this.#digests.set(event.node, event);
    } else if (event.type === "node.stopped" || event.type === "node.started") {
      this.#digests.delete(event.node);
    }
  }

  atRest(_facts: Facts, report: Report): void {
    for (const field of ["members", "rumours"] as const) {
      const holders = new Map<string, string[]>();
      for (const [node, digest] of this.#digests) {
        const nodes = holders.get(digest[field]) ?? [];
        nodes.push(node);
        holders.set(digest[field], nodes);
      }
      if (holders.size > 1) {
        const sides = [...holders.values()].sort((a, b) => a.length - b.length);
        const message = `the nodes hold ${holders.size} different sets of ${field} at the end`;
        report({ invariant: `equal-${field}`, message, nodes: sides[0] ?? [] });
      }
    }
  }
}
