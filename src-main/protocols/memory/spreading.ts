/**
 * Pushes of fresh changes: to a few random peers at once, from each that learns of them to a few
 * more, and again until they are acknowledged. What gets lost all the same, anti-entropy finds.
 */
import type { NodeId } from "#main/kernel/machine.ts";
import type { Random } from "#main/kernel/random.ts";
import { type Micros, ms } from "#main/kernel/time.ts";
import { MAX_UNACKED } from "./limits.ts";
import type { MemoryOptions } from "./options.ts";
import { packUpdates } from "./packing.ts";
import type { Definition, MemoryMessage, Update } from "./types.ts";

type Push = Extract<MemoryMessage, { kind: "push" }>;

interface Unacked {
  readonly push: Push;
  readonly to: NodeId;
  readonly sentAt: Micros;
  readonly sends: number;
}

export interface Outgoing {
  readonly to: NodeId;
  readonly message: MemoryMessage;
}

/** Sequences begin anywhere: a late acknowledgement of a former life should not fit. */
const SEQUENCE_RANGE = 2 ** 31;

export class Spreading {
  readonly #options: MemoryOptions;
  readonly #random: Random;
  readonly #peers: () => readonly NodeId[];
  readonly #self: NodeId;
  readonly #unacked = new Map<number, Unacked>();
  #sequence: number;
  #givenUp = 0;

  constructor(setup: {
    readonly self: NodeId;
    readonly options: MemoryOptions;
    readonly random: Random;
    readonly peers: () => readonly NodeId[];
  }) {
    this.#self = setup.self;
    this.#options = setup.options;
    this.#random = setup.random;
    this.#peers = setup.peers;
    this.#sequence = setup.random.int(SEQUENCE_RANGE);
  }

  /** Whether anything waits for an acknowledgement. */
  get waits(): boolean {
    return this.#unacked.size > 0;
  }

  /** Pushes given up since the last call. */
  takeGivenUp(): number {
    const count = this.#givenUp;
    this.#givenUp = 0;
    return count;
  }

  /** Different live peers, drawn anew, never this node or those. */
  draw(count: number, but: readonly NodeId[] = []): NodeId[] {
    const rest = this.#peers().filter((peer) => peer !== this.#self && !but.includes(peer));
    const drawn: NodeId[] = [];
    while (drawn.length < count && rest.length > 0) {
      drawn.push(...rest.splice(this.#random.int(rest.length), 1));
    }
    return drawn;
  }

  /** To a few that are not among `but`, who know it already. */
  spread(news: News, but: readonly NodeId[], now: Micros): Outgoing[] {
    return this.draw(this.#options.fanout, but).flatMap((to) => this.push(to, news, now));
  }

  push(to: NodeId, { definitions, updates }: News, now: Micros): Outgoing[] {
    const packs = updates.length === 0 ? [[]] : packUpdates(updates);
    return packs.map((pack) => {
      const sequence = ++this.#sequence;
      const push: Push = { kind: "push", sequence, definitions, updates: pack };
      this.#remember({ push, to, sentAt: now, sends: 1 });
      return { to, message: push };
    });
  }

  acknowledged(from: NodeId, sequence: number): void {
    if (this.#unacked.get(sequence)?.to === from) {
      this.#unacked.delete(sequence);
    }
  }

  /** What is due to be sent again: to the same peer, or where it is not alive any more to another. */
  resend(now: Micros): Outgoing[] {
    const { resendMs, maxSends } = this.#options;
    const live = new Set(this.#peers());
    const again: Outgoing[] = [];
    const due = [...this.#unacked.values()].filter(({ sentAt }) => sentAt + ms(resendMs) <= now);
    for (const unacked of due) {
      const { push, sends } = unacked;
      this.#unacked.delete(push.sequence);
      const to = live.has(unacked.to) ? unacked.to : this.draw(1)[0];
      if (sends >= maxSends || to === undefined) {
        this.#givenUp++;
        continue;
      }
      this.#remember({ push, to, sentAt: now, sends: sends + 1 });
      again.push({ to, message: push });
    }
    return again;
  }

  #remember(unacked: Unacked): void {
    this.#unacked.set(unacked.push.sequence, unacked);
    if (this.#unacked.size > MAX_UNACKED) {
      const oldest = this.#unacked.keys().next();
      if (oldest.done !== true) {
        this.#unacked.delete(oldest.value);
        this.#givenUp++;
      }
    }
  }
}

export interface News {
  /** Of the namespaces of the updates, so that nobody has to ask what they are. */
  readonly definitions: readonly Definition[];
  readonly updates: readonly Update[];
}
