/** The side that answers: from its snapshot, without a state of its own beside it. */
import {
  describeTree,
  entryBytes,
  type ExchangeStep,
  incompatibility,
  type KeyDifference,
  NOTHING,
  sameEntry,
  sameHash,
  type TreeIdentity,
  violation,
} from "./comparison.ts";
import { MAX_ENTRIES_PER_MESSAGE, MAX_HASHES_PER_MESSAGE, PAGE_BYTES } from "./limits.ts";
import type { Bucket, KeyedEntry, MerkleMessage, RefusalReason } from "./messages.ts";
import { leafCount } from "./shape.ts";
import type { MerkleSnapshot } from "./tree.ts";

export class MerkleResponder {
  readonly #snapshot: MerkleSnapshot;
  readonly #identity: TreeIdentity;
  readonly #exchange: number;
  #opened = false;
  #ended = false;

  /** `exchange`: the number of the `open` that this answers. */
  constructor(snapshot: MerkleSnapshot, identity: TreeIdentity, exchange: number) {
    this.#snapshot = snapshot;
    this.#identity = identity;
    this.#exchange = exchange;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** A message of the peer. After the end, or of another exchange, nothing comes of it. */
  receive(message: MerkleMessage): ExchangeStep {
    if (this.#ended || message.exchange !== this.#exchange) {
      return NOTHING;
    }
    const step = this.#step(message);
    this.#ended = step.end !== null;
    return step;
  }

  #step(message: MerkleMessage): ExchangeStep {
    if (message.type === "open") {
      return this.#onOpen(message);
    }
    if (!this.#opened) {
      return violation("a request before the opening");
    }
    switch (message.type) {
      case "ask":
        return this.#onAsk(message.level, message.nodes);
      case "list":
        return this.#onList(message.leaves, message.after);
      case "differ":
        return { ...NOTHING, differences: this.#confirmed(message.keys) };
      case "done":
        return { ...NOTHING, end: { kind: "compared" } };
      default:
        return violation(`${message.type} from the side that walks`);
    }
  }

  #onOpen(message: Extract<MerkleMessage, { type: "open" }>): ExchangeStep {
    const exchange = this.#exchange;
    if (this.#opened) {
      // The first answer may be lost; the walk has not begun, so it may begin again.
      return { ...NOTHING, send: [this.#nodes(0, [0])] };
    }
    const mine = describeTree(this.#identity, this.#snapshot.shape);
    const reason = incompatibility(mine, message.tree);
    if (reason !== null) {
      return {
        ...NOTHING,
        send: [refusalOf(exchange, reason)],
        end: { kind: "refused", reason },
      };
    }
    this.#opened = true;
    if (sameHash(message.root, this.#snapshot.root)) {
      return { ...NOTHING, send: [{ type: "equal", exchange }], end: { kind: "equal" } };
    }
    return { ...NOTHING, send: [this.#nodes(0, [0])] };
  }

  #onAsk(level: number, nodes: readonly number[]): ExchangeStep {
    const { width, depth } = this.#snapshot.shape;
    const isPossible =
      level < depth &&
      nodes.length > 0 &&
      nodes.length * width <= MAX_HASHES_PER_MESSAGE &&
      nodes.every((index) => index < width ** level);
    if (!isPossible) {
      return violation("nodes that do not exist");
    }
    return { ...NOTHING, send: [this.#nodes(level, nodes)] };
  }

  #nodes(level: number, nodes: readonly number[]): MerkleMessage {
    const answered = nodes.map((index) => ({
      index,
      children: this.#snapshot.childHashes(level, index),
    }));
    return { type: "nodes", exchange: this.#exchange, level, nodes: answered };
  }

  /** As many whole buckets as a message holds, and of the one that is too large the beginning. */
  #onList(leaves: readonly number[], after: string | null): ExchangeStep {
    if (leaves.length === 0 || leaves.some((leaf) => leaf >= leafCount(this.#snapshot.shape))) {
      return violation("leaves that do not exist");
    }
    const buckets: Bucket[] = [];
    const room = { entries: MAX_ENTRIES_PER_MESSAGE, bytes: PAGE_BYTES };
    for (const [i, leaf] of leaves.entries()) {
      const known = i === 0 ? after : null;
      const all = this.#snapshot.bucket(leaf).filter(([key]) => known === null || key > known);
      const entries: KeyedEntry[] = [];
      for (const [key, entry] of all) {
        if (room.entries === 0 || room.bytes <= 0) {
          break;
        }
        entries.push([key, entry]);
        room.entries--;
        room.bytes -= entryBytes(key, entry);
      }
      const complete = entries.length === all.length;
      if (!complete && entries.length === 0) {
        break;
      }
      buckets.push({ leaf, entries, complete });
      if (!complete) {
        break;
      }
    }
    return { ...NOTHING, send: [{ type: "buckets", exchange: this.#exchange, buckets }] };
  }

  /** What the walking side found, as this side's snapshot sees it. */
  #confirmed(keys: Extract<MerkleMessage, { type: "differ" }>["keys"]): KeyDifference[] {
    return keys
      .map(([key, there]) => ({ key, here: this.#snapshot.get(key) ?? null, there }))
      .filter(({ here, there }) => !sameEntry(here, there));
  }
}

/** The answer to an opening that will not be answered otherwise: no such range here, or no time. */
export function refusalOf(exchange: number, reason: RefusalReason): MerkleMessage {
  return { type: "refused", exchange, reason };
}
