/**
 * Anti-entropy with single peers. A node tells a peer the roots of its trees; the peer walks into
 * those that differ, and both send each other what they hold of the keys in question.
 */
import { compareBytes } from "#main/kernel/crdt/canonical.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import type { ExchangeEnd, ExchangeStep, TreeIdentity } from "#main/kernel/merkle/comparison.ts";
import { MerkleInitiator } from "#main/kernel/merkle/initiator.ts";
import type { MerkleMessage } from "#main/kernel/merkle/messages.ts";
import { MerkleResponder, refusalOf } from "#main/kernel/merkle/responder.ts";
import { type Micros, seconds } from "#main/kernel/time.ts";
import { MAX_EXCHANGES, MAX_EXCHANGES_PER_PEER } from "./limits.ts";
import { EVENTUAL_MODES } from "./modes.ts";
import { packUpdates, sizeOf } from "./packing.ts";
import type { Outgoing } from "./spreading.ts";
import type { Store } from "./store.ts";
import type { MemoryEvent, MemoryMessage, NamespaceRoot, Update } from "./types.ts";
import type { EventualMode } from "./modes.ts";

/** An exchange that stands still for so long has lost a message, and begins anew some other time. */
const PATIENCE_US = seconds(10);

interface Exchange<Side> {
  readonly peer: NodeId;
  readonly namespace: string;
  readonly side: Side;
  movedAt: Micros;
  differing: number;
  bytes: number;
}

export interface Exchanged {
  readonly send: readonly Outgoing[];
  /** Of an exchange that came to its end; null for one that this node did not begin. */
  readonly event: Extract<MemoryEvent, { kind: "exchanged" }> | null;
  /** The peer did what no good one does. */
  readonly violation: boolean;
}

const NOTHING: Exchanged = { send: [], event: null, violation: false };

export class Exchanges {
  readonly #store: Store;
  /** By peer and number. */
  readonly #begun = new Map<string, Exchange<MerkleInitiator>>();
  readonly #answered = new Map<string, Exchange<MerkleResponder>>();
  #number = 0;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Under way, begun here and elsewhere. */
  get size(): number {
    return this.#begun.size + this.#answered.size;
  }

  roots(): NamespaceRoot[] {
    return this.#store.definitions.all().map((definition) => {
      return { definition, root: this.#store.space(definition.namespace)?.root ?? null };
    });
  }

  /** Walks into every namespace in which the peer's root is another. */
  compare(peer: NodeId, roots: readonly NamespaceRoot[], now: Micros): Outgoing[] {
    const theirs = new Map(roots.map((each) => [each.definition.namespace, each]));
    const send: Outgoing[] = [];
    for (const { definition, root: mine } of this.roots()) {
      const { namespace, mode } = definition;
      const other = theirs.get(namespace);
      const sameMode = other === undefined || other.definition.mode === mode;
      const root = other?.root ?? null;
      const differs = mine !== null && (root === null || compareBytes(mine, root) !== 0);
      if (sameMode && differs && mode !== "strong") {
        send.push(...this.#begin(peer, namespace, now));
      }
    }
    return send;
  }

  receive(from: NodeId, message: MerkleMessage, now: Micros): Exchanged {
    switch (message.type) {
      case "open":
        return this.#open(from, message, now);
      case "ask":
      case "list":
      case "differ":
      case "done":
        return this.#answer(from, message, now);
      case "refused":
      case "equal":
      case "nodes":
      case "buckets":
        return this.#walk(from, message, now);
    }
  }

  /** Lets go of what stands still. */
  forgetOld(now: Micros): void {
    for (const exchanges of [this.#begun, this.#answered]) {
      for (const [name, { movedAt }] of exchanges) {
        if (movedAt + PATIENCE_US <= now) {
          exchanges.delete(name);
        }
      }
    }
  }

  #begin(peer: NodeId, namespace: string, now: Micros): Outgoing[] {
    const space = this.#store.space(namespace);
    const under = [...this.#begun.values()].filter((each) => each.peer === peer);
    const busy = isFull(this.#begun, peer) || under.some((each) => each.namespace === namespace);
    if (space === undefined || busy) {
      return [];
    }
    const number = ++this.#number;
    const side = new MerkleInitiator(space.snapshot(), identity(namespace, space.mode), number);
    const message: MemoryMessage = { kind: "merkle", message: side.open() };
    const bytes = sizeOf(message);
    this.#begun.set(nameOf(peer, number), {
      peer,
      namespace,
      side,
      movedAt: now,
      differing: 0,
      bytes,
    });
    return [{ to: peer, message }];
  }

  #open(from: NodeId, message: Extract<MerkleMessage, { type: "open" }>, now: Micros): Exchanged {
    const name = nameOf(from, message.exchange);
    const namespace = message.tree.range;
    const space = this.#store.space(namespace);
    if (!this.#answered.has(name)) {
      const reason = space === undefined ? "range" : isFull(this.#answered, from) ? "busy" : null;
      if (reason !== null || space === undefined) {
        const refusal = refusalOf(message.exchange, reason ?? "range");
        return { ...NOTHING, send: [{ to: from, message: { kind: "merkle", message: refusal } }] };
      }
      const tree = identity(namespace, space.mode);
      const side = new MerkleResponder(space.snapshot(), tree, message.exchange);
      const exchange = { peer: from, namespace, side, movedAt: now, differing: 0, bytes: 0 };
      this.#answered.set(name, exchange);
    }
    return this.#answer(from, message, now);
  }

  #answer(from: NodeId, message: MerkleMessage, now: Micros): Exchanged {
    const exchange = this.#answered.get(nameOf(from, message.exchange));
    return exchange === undefined
      ? NOTHING
      : this.#moved(exchange, this.#answered, exchange.side.receive(message), {
          now,
          number: message.exchange,
        });
  }

  #walk(from: NodeId, message: MerkleMessage, now: Micros): Exchanged {
    const exchange = this.#begun.get(nameOf(from, message.exchange));
    if (exchange === undefined) {
      return NOTHING;
    }
    const { side, namespace } = exchange;
    exchange.bytes += sizeOf({ kind: "merkle", message });
    const step = side.receive(message);
    const at = { now, number: message.exchange };
    const moved = this.#moved(exchange, this.#begun, step, at);
    const walked = step.end?.kind === "compared" || step.end?.kind === "stopped";
    if (!walked) {
      return moved;
    }
    const { peer, differing, bytes } = exchange;
    const { hashes } = side.cost;
    return {
      ...moved,
      event: { kind: "exchanged", peer, namespace, differing, hashes, bytes },
    };
  }

  /** What a step of either side comes to: its messages, and what is held here of what differs. */
  #moved<Side>(
    exchange: Exchange<Side>,
    among: Map<string, Exchange<Side>>,
    step: ExchangeStep,
    at: { readonly now: Micros; readonly number: number },
  ): Exchanged {
    exchange.movedAt = at.now;
    exchange.differing += step.differences.length;
    if (step.end !== null) {
      among.delete(nameOf(exchange.peer, at.number));
    }
    const held = step.differences.flatMap(({ key }) => this.#held(exchange.namespace, key));
    const messages: MemoryMessage[] = [
      ...step.send.map((message) => ({ kind: "merkle", message }) as const),
      ...packUpdates(held).map((updates) => ({ kind: "repair", updates }) as const),
    ];
    for (const message of messages) {
      exchange.bytes += sizeOf(message);
    }
    const send = messages.map((message) => ({ to: exchange.peer, message }));
    return { send, event: null, violation: isViolation(step.end) };
  }

  #held(namespace: string, key: string): Update[] {
    const space = this.#store.space(namespace);
    const content = space?.content(key) ?? null;
    return space === undefined || content === null
      ? []
      : [{ namespace, mode: space.mode, key, content }];
  }
}

function isViolation(end: ExchangeEnd | null): boolean {
  return end !== null && end.kind === "violation";
}

function isFull(exchanges: ReadonlyMap<string, Exchange<unknown>>, peer: NodeId): boolean {
  const withPeer = [...exchanges.values()].filter((each) => each.peer === peer).length;
  return exchanges.size >= MAX_EXCHANGES || withPeer >= MAX_EXCHANGES_PER_PEER;
}

/** Trees of different modes hold different things: they are not compared. */
function identity(namespace: string, mode: EventualMode): TreeIdentity {
  return { range: namespace, valueFormat: 1 + EVENTUAL_MODES.indexOf(mode) };
}

function nameOf(peer: NodeId, number: number): string {
  return `${number} ${peer}`;
}
