/**
 * How two ends agree on a link: offer, then accept or reject; either end may close. The acceptor
 * enforces the maximum. An end that thinks it is linked to one that is not learns so by its ping.
 */
import type { NodeId } from "#main/kernel/machine.ts";
import { type Micros, ms } from "#main/kernel/time.ts";
import type { Flooding } from "./flooding.ts";
import { type LinksState, TIMERS } from "./state.ts";
import type { CloseReason, LinkReason, OfferReason, RejectReason } from "./types.ts";

/** Peers lost recently whose former neighbours are the first choice for a repair. */
const MAX_LOST = 8;
/** A peer that is full, or gave up the link, is left alone for this many offer timeouts. */
const LONG_PAUSE = 5;

export class Linking {
  readonly #state: LinksState;
  readonly #flooding: Flooding;
  /** Most recent last. */
  readonly lost: NodeId[] = [];
  /** Peers of the shape that is being put in place: they are taken whatever the degree. */
  wanted: ReadonlySet<NodeId> | null = null;

  constructor(state: LinksState, flooding: Flooding) {
    this.#state = state;
    this.#flooding = flooding;
  }

  open(peer: NodeId, reason: LinkReason, now: Micros): void {
    this.#state.table.add(peer, reason);
    this.#state.out.emit({ kind: "link-up", peer, reason });
    this.#flooding.ownChanged(now);
  }

  /** Ends the link at this end; nothing when there is none. */
  drop(peer: NodeId, reason: LinkReason, now: Micros): void {
    const { table, out } = this.#state;
    if (!table.remove(peer)) {
      return;
    }
    this.lost.push(peer);
    this.lost.splice(0, this.lost.length - MAX_LOST);
    out.emit({ kind: "link-down", peer, reason });
    this.#flooding.ownChanged(now);
    this.maintainSoon(now);
  }

  /** Ends the link at both ends. */
  close(peer: NodeId, reason: CloseReason & LinkReason, now: Micros): void {
    this.#state.out.send(peer, { type: "close", reason });
    this.drop(peer, reason, now);
    this.#pause(peer, LONG_PAUSE, now);
  }

  offer(peer: NodeId, reason: OfferReason, now: Micros): void {
    const { table, out, options } = this.#state;
    table.offered(peer, reason, now + ms(options.offerTimeoutMs));
    out.send(peer, { type: "offer", reason });
  }

  onOffer(from: NodeId, reason: OfferReason, now: Micros): void {
    const { table, out } = this.#state;
    const refusal = table.has(from) ? null : this.#refusal(from, reason);
    if (refusal !== null) {
      out.send(from, { type: "reject", reason: refusal });
      return;
    }
    out.send(from, { type: "accept", reason });
    if (!table.has(from)) {
      this.open(from, reason, now);
    }
  }

  onAccept(from: NodeId, now: Micros): void {
    const { table, out } = this.#state;
    const reason = table.settleOffer(from);
    if (table.has(from)) {
      return;
    }
    if (reason === null || !this.#state.running) {
      out.send(from, { type: "close", reason: "no-link" });
      return;
    }
    this.open(from, reason, now);
    this.#flooding.compareWith(from);
  }

  onReject(from: NodeId, reason: RejectReason, now: Micros): void {
    if (this.#state.table.settleOffer(from) !== null) {
      this.#pause(from, reason === "full" ? LONG_PAUSE : 1, now);
      this.maintainSoon(now);
    }
  }

  onClose(from: NodeId, reason: CloseReason, now: Micros): void {
    const { table } = this.#state;
    const hadOffer = table.settleOffer(from) !== null;
    if (table.has(from) || hadOffer) {
      this.drop(from, closedBecause(reason), now);
      this.#pause(from, LONG_PAUSE, now);
    }
  }

  /**
   * Only linked peers ping: this one takes a link for granted that is none, unless it overtook its
   * own answer to an offer.
   */
  onStrayPing(from: NodeId): void {
    if (!this.#state.table.hasOffered(from)) {
      this.#state.out.send(from, { type: "close", reason: "no-link" });
    }
  }

  /** A random moment, so that all who lost the same peer do not choose at the same time. */
  maintainSoon(now: Micros): void {
    const { out, options, random } = this.#state;
    const delay = ms(options.repairDelayMs);
    out.timerBy(TIMERS.maintain, now + delay + random.int(delay));
  }

  #refusal(from: NodeId, reason: OfferReason): RejectReason | null {
    const { running, directory, table } = this.#state;
    if (!running) {
      return "not-running";
    }
    if (!directory.usable(from)) {
      return "unknown";
    }
    const wanted = reason === "topology" && this.wanted?.has(from) === true;
    // An offer of ours to the same peer counts already, and becomes this very link.
    const crossing = table.settleOffer(from) !== null;
    return wanted || crossing || table.promised < this.#state.rule().max ? null : "full";
  }

  #pause(peer: NodeId, timeouts: number, now: Micros): void {
    const { table, options } = this.#state;
    table.avoid(peer, now + timeouts * ms(options.offerTimeoutMs));
  }
}

/** The other end's reason in this end's words. */
function closedBecause(reason: CloseReason): LinkReason {
  switch (reason) {
    case "topology":
    case "trimmed":
    case "optimise":
      return reason;
    case "leaving":
      return "peer-left";
    case "peer-silent":
    case "no-link":
      return "closed";
  }
}
