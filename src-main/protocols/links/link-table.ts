import type { NodeId } from "#main/kernel/machine.ts";
import type { Micros } from "#main/kernel/time.ts";
import type { LinkReason, OfferReason } from "./types.ts";

/** One agreed link, seen from this end. */
export interface Link {
  readonly peer: NodeId;
  readonly reason: LinkReason;
  /** Pings in a row without an answer. */
  unanswered: number;
  pingSequence: number;
  pingSentAt: Micros;
  /** Smoothed; 0 before the first answer. */
  roundTripUs: Micros;
  /** The value last told as an event. */
  reportedUs: Micros;
}

interface Offer {
  readonly reason: OfferReason;
  readonly expiresAt: Micros;
}

/** Links, offers under way, and peers not to be asked for now. */
export class LinkTable {
  readonly #links = new Map<NodeId, Link>();
  readonly #offers = new Map<NodeId, Offer>();
  readonly #avoided = new Map<NodeId, Micros>();
  /** Null while it has to be sorted anew. */
  #peers: readonly NodeId[] | null = null;

  get degree(): number {
    return this.#links.size;
  }

  /** Links and offers: what the degree may become without another decision. */
  get promised(): number {
    return this.#links.size + this.#offers.size;
  }

  get links(): Iterable<Link> {
    return this.#links.values();
  }

  /** Sorted. */
  get peers(): readonly NodeId[] {
    this.#peers ??= [...this.#links.keys()].sort();
    return this.#peers;
  }

  get(peer: NodeId): Link | undefined {
    return this.#links.get(peer);
  }

  has(peer: NodeId): boolean {
    return this.#links.has(peer);
  }

  /** Neither linked, nor asked already, nor to be left alone. */
  isFree(peer: NodeId): boolean {
    return !this.#links.has(peer) && !this.#offers.has(peer) && !this.#avoided.has(peer);
  }

  add(peer: NodeId, reason: LinkReason): void {
    this.#offers.delete(peer);
    this.#avoided.delete(peer);
    this.#peers = null;
    this.#links.set(peer, {
      peer,
      reason,
      unanswered: 0,
      pingSequence: 0,
      pingSentAt: 0,
      roundTripUs: 0,
      reportedUs: 0,
    });
  }

  remove(peer: NodeId): boolean {
    this.#peers = null;
    return this.#links.delete(peer);
  }

  hasOffered(peer: NodeId): boolean {
    return this.#offers.has(peer);
  }

  offered(peer: NodeId, reason: OfferReason, expiresAt: Micros): void {
    this.#offers.set(peer, { reason, expiresAt });
  }

  /** Ends the offer to `peer`; its reason, or null when there was none. */
  settleOffer(peer: NodeId): OfferReason | null {
    const offer = this.#offers.get(peer);
    this.#offers.delete(peer);
    return offer?.reason ?? null;
  }

  avoid(peer: NodeId, until: Micros): void {
    this.#avoided.set(peer, until);
  }

  /** Unanswered offers lapse, and the peers are left alone for `pause`; old grudges end. */
  expire(now: Micros, pause: Micros): void {
    for (const [peer, until] of this.#avoided) {
      if (until <= now) {
        this.#avoided.delete(peer);
      }
    }
    for (const [peer, offer] of this.#offers) {
      if (offer.expiresAt <= now) {
        this.#offers.delete(peer);
        this.#avoided.set(peer, now + pause);
      }
    }
  }

  /** When `expire` has something to do next. */
  nextExpiry(): Micros | null {
    const offers = [...this.#offers.values()].map((offer) => offer.expiresAt);
    const earliest = Math.min(...offers, ...this.#avoided.values());
    return earliest === Infinity ? null : earliest;
  }
}
