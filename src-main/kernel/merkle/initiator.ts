/**
 * The side that walks: from the root down into what differs, deepest first, one request at a time,
 * so that neither side ever holds more than a few batches of the walk.
 */
import { MAX_HASHES_PER_MESSAGE, MAX_LEAVES_PER_LIST, MAX_LISTED_ENTRIES } from "./limits.ts";
import {
  describeTree,
  differencesOf,
  differMessages,
  type ExchangeEnd,
  type ExchangeStep,
  NOTHING,
  sameHash,
  type TreeIdentity,
  violation,
} from "./comparison.ts";
import type { Bucket, KeyedEntry, MerkleMessage, NodeHashes } from "./messages.ts";
import { leafOfKey } from "./shape.ts";
import type { MerkleSnapshot } from "./tree.ts";

type Request =
  | { readonly type: "open" }
  | { readonly type: "ask"; readonly level: number; readonly nodes: readonly number[] }
  | { readonly type: "list"; readonly leaves: readonly number[]; readonly after: string | null };

/** What an exchange cost so far, counted at the side that walks. */
export interface ExchangeCost {
  readonly messages: number;
  /** Hashes received, empty places not counted. */
  readonly hashes: number;
  /** Keys that the peer listed. */
  readonly keys: number;
}

export class MerkleInitiator {
  readonly #snapshot: MerkleSnapshot;
  readonly #identity: TreeIdentity;
  readonly #exchange: number;
  /** Per level the inner nodes still to be asked for. */
  readonly #inner: number[][];
  #leaves: number[] = [];
  #waiting: Request = { type: "open" };
  #ended = false;
  #cost = { messages: 0, hashes: 0, keys: 0 };

  /** `exchange`: a number that tells this exchange from others with the same peer. */
  constructor(snapshot: MerkleSnapshot, identity: TreeIdentity, exchange: number) {
    this.#snapshot = snapshot;
    this.#identity = identity;
    this.#exchange = exchange;
    this.#inner = Array.from({ length: snapshot.shape.depth }, () => []);
  }

  get cost(): ExchangeCost {
    return this.#cost;
  }

  get ended(): boolean {
    return this.#ended;
  }

  open(): MerkleMessage {
    this.#cost.messages++;
    const tree = describeTree(this.#identity, this.#snapshot.shape);
    return { type: "open", exchange: this.#exchange, tree, root: this.#snapshot.root };
  }

  /** A message of the peer. After the end, or of another exchange, nothing comes of it. */
  receive(message: MerkleMessage): ExchangeStep {
    if (this.#ended || message.exchange !== this.#exchange) {
      return NOTHING;
    }
    this.#cost.messages++;
    const step = this.#step(message);
    this.#ended = step.end !== null;
    this.#cost.messages += step.send.length;
    return step;
  }

  #step(message: MerkleMessage): ExchangeStep {
    switch (message.type) {
      case "refused":
        return ended({ kind: "refused", reason: message.reason });
      case "equal":
        return this.#waiting.type === "open" ? ended({ kind: "equal" }) : violation("equal");
      case "nodes":
        return this.#onNodes(message.level, message.nodes);
      case "buckets":
        return this.#onBuckets(message.buckets);
      case "done":
        // The peer gave up, or took what it wanted to take.
        return ended({ kind: "stopped" });
      default:
        return violation(`${message.type} from the side that answers`);
    }
  }

  #onNodes(level: number, nodes: readonly NodeHashes[]): ExchangeStep {
    const waiting = this.#waiting;
    const asked =
      waiting.type === "open" ? { level: 0, nodes: [0] } : waiting.type === "ask" ? waiting : null;
    const { shape } = this.#snapshot;
    const matches =
      asked !== null &&
      asked.level === level &&
      asked.nodes.length === nodes.length &&
      nodes.every(({ index, children }, i) => {
        return index === asked.nodes[i] && children.length === shape.width;
      });
    if (!matches) {
      return violation("nodes that were not asked for");
    }
    const below = level + 1 === shape.depth ? this.#leaves : this.#inner[level + 1];
    for (const node of nodes) {
      const mine = this.#snapshot.childHashes(level, node.index);
      for (const [place, theirs] of node.children.entries()) {
        this.#cost.hashes += theirs === null ? 0 : 1;
        if (!sameHash(mine[place] ?? null, theirs)) {
          below?.push(node.index * shape.width + place);
        }
      }
    }
    return this.#next(NOTHING);
  }

  #onBuckets(buckets: readonly Bucket[]): ExchangeStep {
    const waiting = this.#waiting;
    if (waiting.type !== "list" || buckets.length === 0) {
      return violation("buckets that were not asked for");
    }
    const differences = [];
    let after = waiting.after;
    for (const [i, bucket] of buckets.entries()) {
      const isLast = i === buckets.length - 1;
      if (bucket.leaf !== waiting.leaves[i] || !this.#isPage(bucket, { after, isLast })) {
        return violation("a bucket that cannot be");
      }
      this.#cost.keys += bucket.entries.length;
      const last = bucket.entries.at(-1)?.[0] ?? null;
      const until = bucket.complete ? null : last;
      const mine = within(this.#snapshot.bucket(bucket.leaf), { after, until });
      differences.push(...differencesOf(mine, bucket.entries));
      after = until;
    }
    const send = differMessages(this.#exchange, differences);
    if (this.#cost.keys > MAX_LISTED_ENTRIES) {
      send.push({ type: "done", exchange: this.#exchange });
      return { send, differences, end: { kind: "stopped" } };
    }
    // An incomplete bucket is asked for again, from where it ended.
    const answered = after === null ? buckets.length : buckets.length - 1;
    const rest = waiting.leaves.slice(answered);
    if (rest.length > 0) {
      return this.#request({ type: "list", leaves: rest, after }, { send, differences, end: null });
    }
    return this.#next({ send, differences, end: null });
  }

  /** Rising keys of this leaf, beyond what was known; only the last may break off, after some. */
  #isPage(bucket: Bucket, at: { after: string | null; isLast: boolean }): boolean {
    if (!bucket.complete && (!at.isLast || bucket.entries.length === 0)) {
      return false;
    }
    let previous = at.after;
    for (const [key] of bucket.entries) {
      const rises = previous === null || previous < key;
      if (!rises || leafOfKey(this.#snapshot.shape, key) !== bucket.leaf) {
        return false;
      }
      previous = key;
    }
    return true;
  }

  /** Asks for the deepest of what is left, or ends. */
  #next(step: ExchangeStep): ExchangeStep {
    if (this.#leaves.length > 0) {
      const leaves = this.#leaves.splice(0, MAX_LEAVES_PER_LIST);
      return this.#request({ type: "list", leaves, after: null }, step);
    }
    const batch = MAX_HASHES_PER_MESSAGE / this.#snapshot.shape.width;
    for (let level = this.#inner.length - 1; level > 0; level--) {
      const nodes = this.#inner[level]?.splice(0, batch) ?? [];
      if (nodes.length > 0) {
        return this.#request({ type: "ask", level, nodes }, step);
      }
    }
    const done: MerkleMessage = { type: "done", exchange: this.#exchange };
    return { ...step, send: [...step.send, done], end: { kind: "compared" } };
  }

  #request(request: Exclude<Request, { type: "open" }>, step: ExchangeStep): ExchangeStep {
    this.#waiting = request;
    return { ...step, send: [...step.send, { ...request, exchange: this.#exchange }] };
  }
}

function ended(end: ExchangeEnd): ExchangeStep {
  return { ...NOTHING, end };
}

/** The entries after one key up to and with another; null stands for no bound. */
function within(
  entries: readonly KeyedEntry[],
  bounds: { readonly after: string | null; readonly until: string | null },
): readonly KeyedEntry[] {
  const { after, until } = bounds;
  return entries.filter(
    ([key]) => (after === null || key > after) && (until === null || key <= until),
  );
}
