import { MESSAGE_OUTCOMES, type MessageOutcome } from "#shared/contract/trace.ts";
import type { MessageStore } from "./message-store.ts";

export interface MessageFilter {
  /** Protocols that are left out. */
  readonly hiddenProtocols: ReadonlySet<string>;
  readonly outcome: MessageOutcome | "all" | "failed";
  /** Part of a kind such as "swim.ping". */
  readonly text: string;
}

export const NO_FILTER: MessageFilter = { hiddenProtocols: new Set(), outcome: "all", text: "" };

/** "swim" of "swim.ping". */
export function protocolOf(kind: string): string {
  return kind.split(".", 1)[0] ?? kind;
}

/** What a filter comes to for each number that a column can hold; 1: shown. */
export interface Sieve {
  readonly kinds: Uint8Array;
  readonly outcomes: Uint8Array;
  /** Nodes that have a row: a message is shown where both of its ends have one. */
  readonly nodes: Uint8Array;
}

const FAILED: readonly MessageOutcome[] = ["lost", "cut", "dead-receiver"];

export function sieveOf(
  filter: MessageFilter,
  store: Pick<MessageStore, "kinds" | "nodes">,
  shownNodes: ReadonlySet<string>,
): Sieve {
  const text = filter.text.trim().toLowerCase();
  return {
    kinds: Uint8Array.from(store.kinds.words, (kind) =>
      Number(!filter.hiddenProtocols.has(protocolOf(kind)) && kind.toLowerCase().includes(text)),
    ),
    outcomes: Uint8Array.from(MESSAGE_OUTCOMES, (outcome) =>
      Number(
        filter.outcome === "all" ||
          (filter.outcome === "failed" ? FAILED.includes(outcome) : filter.outcome === outcome),
      ),
    ),
    nodes: Uint8Array.from(store.nodes.words, (node) => Number(shownNodes.has(node))),
  };
}

/** Keeps of `rows[0 … count]` what passes, in place; returns how many are left. */
export function sift(store: MessageStore, sieve: Sieve, rows: Uint32Array, count: number): number {
  const { from, to, kind, outcome } = store.columns;
  let kept = 0;
  for (let index = 0; index < count; index += 1) {
    const row = rows[index] ?? 0;
    if (
      sieve.kinds[kind[row] ?? 0] === 1 &&
      sieve.outcomes[outcome[row] ?? 0] === 1 &&
      sieve.nodes[from[row] ?? 0] === 1 &&
      sieve.nodes[to[row] ?? 0] === 1
    ) {
      rows[kept++] = row;
    }
  }
  return kept;
}

export interface ProtocolCount {
  readonly protocol: string;
  readonly count: number;
}

/** How many of these rows belong to each protocol, by name; protocols without any count 0. */
export function countProtocols(
  store: MessageStore,
  rows: Uint32Array,
  count: number,
): readonly ProtocolCount[] {
  const perKind = new Uint32Array(store.kinds.words.length);
  const { kind } = store.columns;
  for (let index = 0; index < count; index += 1) {
    const at = kind[rows[index] ?? 0] ?? 0;
    perKind[at] = (perKind[at] ?? 0) + 1;
  }
  const sums = new Map<string, number>();
  for (const [at, word] of store.kinds.words.entries()) {
    const protocol = protocolOf(word);
    sums.set(protocol, (sums.get(protocol) ?? 0) + (perKind[at] ?? 0));
  }
  return [...sums]
    .map(([protocol, sum]) => ({ protocol, count: sum }))
    .sort((a, b) => (a.protocol < b.protocol ? -1 : 1));
}
