import type { MeshEventBody } from "#shared/contract/events.ts";

/** Who leads, by what the nodes themselves say: for commands that go to whoever leads. */
export class Leaders {
  /** Leaders and primaries by their own word, with the term they said it for. */
  readonly #terms = new Map<string, number>();

  observe(event: MeshEventBody): void {
    if (event.type === "consensus.role") {
      const leads = event.role === "leader" || event.role === "primary";
      if (leads) {
        this.#terms.set(event.node, event.term);
      } else {
        this.#terms.delete(event.node);
      }
    } else if (event.type === "node.stopped") {
      this.#terms.delete(event.node);
    }
  }

  /** Those that say they lead, the newest term first. */
  get all(): readonly string[] {
    const newestFirst = [...this.#terms].sort(([, a], [, b]) => b - a);
    return newestFirst.map(([node]) => node);
  }
}
