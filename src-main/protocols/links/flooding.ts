/**
 * Link-state adverts: every node's own, flooded when they change and refreshed slowly; two
 * neighbours compare digests now and then, which repairs what flooding lost.
 */
import type { NodeId } from "#main/kernel/machine.ts";
import { type Micros, ms } from "#main/kernel/time.ts";
import * as limits from "./limits.ts";
import { advertLifetime, checkDelay, refreshInterval } from "./options.ts";
import { compareStamps } from "./overlay.ts";
import { type LinksState, TIMERS } from "./state.ts";
import type { Advert, AdvertStamp, LinksMessage } from "./types.ts";

type Summary = Extract<LinksMessage, { type: "summary" }>;

export class Flooding {
  readonly #state: LinksState;
  /** Adverts to pass on, and who they came from; own ones came from nobody. */
  readonly #pending = new Map<NodeId, NodeId | null>();
  #incarnation = 0;
  #version = 0;
  #refreshAt: Micros = 0;

  constructor(state: LinksState) {
    this.#state = state;
  }

  /** Announcements begin at a random moment, or those of all nodes would coincide. */
  start(now: Micros): void {
    const { options, out, random, directory, overlay } = this.#state;
    const interval = ms(options.announceIntervalMs);
    overlay.start(now);
    out.timer(TIMERS.announce, now + 1 + random.int(interval));
    const refresh = refreshInterval(options, directory.size);
    this.#refreshAt = now + random.int(Math.min(refresh, MAX_DRAW)) + 1;
  }

  setIncarnation(incarnation: number, now: Micros): void {
    if (incarnation > this.#incarnation) {
      this.#incarnation = incarnation;
      this.ownChanged(now);
    }
  }

  /** A link came or went: tell everybody, with whatever else changes in the next moment. */
  ownChanged(now: Micros): void {
    const { self, table, overlay, directory } = this.#state;
    this.#version++;
    const neighbours = table.peers;
    const roundTripsUs = neighbours.map((peer) => table.get(peer)?.roundTripUs ?? 0);
    const stamp = { node: self, incarnation: this.#incarnation, version: this.#version };
    const own = { ...stamp, zone: directory.zone(self), neighbours, roundTripsUs };
    if (overlay.accept(own, now) === "newer") {
      this.checkSoon(now);
    }
    this.#pending.set(self, null);
    this.#floodSoon(now);
  }

  announce(now: Micros): void {
    const { options, out, directory, overlay, table, random } = this.#state;
    const size = directory.size;
    out.timer(TIMERS.announce, now + ms(options.announceIntervalMs));
    if (now >= this.#refreshAt) {
      this.#refreshAt = now + refreshInterval(options, size);
      overlay.sweep(now, advertLifetime(options, size));
      this.ownChanged(now);
    }
    const peers = table.peers;
    const peer = peers[random.int(Math.max(1, peers.length))];
    if (peer !== undefined) {
      this.compareWith(peer);
    }
  }

  compareWith(peer: NodeId): void {
    const { out, overlay } = this.#state;
    out.send(peer, { type: "compare", digest: overlay.digest });
  }

  flush(): void {
    const { overlay, table } = this.#state;
    const news: { readonly advert: Advert; readonly source: NodeId | null }[] = [];
    for (const [node, source] of this.#pending) {
      const advert = overlay.advert(node);
      if (advert !== null) {
        news.push({ advert, source });
      }
    }
    this.#pending.clear();
    for (const peer of table.peers) {
      const others = news.filter(({ source }) => source !== peer);
      this.#sendAdverts(
        peer,
        others.map(({ advert }) => advert),
      );
    }
  }

  receive(from: NodeId, adverts: readonly Advert[], now: Micros): void {
    for (const advert of adverts) {
      if (advert.node === this.#state.self) {
        this.#outbid(advert, now);
        continue;
      }
      const outcome = this.#state.overlay.accept(advert, now);
      if (outcome === "newer") {
        this.checkSoon(now);
      }
      if (outcome === "newer" || outcome === "refreshed") {
        this.#pending.set(advert.node, from);
        this.#floodSoon(now);
      } else if (outcome === "older" && advert.node === from) {
        // It restarted and does not know how far its stamps had come: let it outbid them.
        this.#sendKnown(from, [advert.node]);
      }
    }
  }

  onCompare(from: NodeId, digest: string): void {
    const { overlay, out } = this.#state;
    if (digest === overlay.digest) {
      return;
    }
    const nodes = overlay.heard();
    let after = "";
    for (let i = 0; i < nodes.length; i += limits.MAX_STAMPS) {
      const chunk = nodes.slice(i, i + limits.MAX_STAMPS);
      const until = i + chunk.length < nodes.length ? (chunk.at(-1) ?? null) : null;
      const stamps = chunk.flatMap((node) => overlay.stamp(node) ?? []);
      out.send(from, { type: "summary", after, until, stamps });
      after = until ?? "";
    }
  }

  onSummary(from: NodeId, summary: Summary, now: Micros): void {
    const { overlay, out, self } = this.#state;
    const theirs = new Map(summary.stamps.map((stamp) => [stamp.node, stamp]));
    const inRange = (node: NodeId) =>
      node > summary.after && (summary.until === null || node <= summary.until);
    const newerHere = overlay.heard().filter((node) => {
      const stamp = theirs.get(node);
      return inRange(node) && (stamp === undefined || this.#compare(node, stamp) > 0);
    });
    const wanted = summary.stamps.filter(({ node }) => node !== self && this.#lacks(node, theirs));
    const own = theirs.get(self);
    if (own !== undefined) {
      this.#outbid(own, now);
    }
    this.#sendKnown(from, newerHere);
    if (wanted.length > 0) {
      out.send(from, { type: "want", nodes: wanted.map((stamp) => stamp.node) });
    }
  }

  onWant(from: NodeId, nodes: readonly NodeId[]): void {
    this.#sendKnown(from, nodes);
  }

  checkSoon(now: Micros): void {
    const { out, directory } = this.#state;
    out.timerBy(TIMERS.check, now + checkDelay(directory.size));
  }

  #lacks(node: NodeId, theirs: ReadonlyMap<NodeId, AdvertStamp>): boolean {
    const stamp = theirs.get(node);
    return (
      stamp !== undefined && this.#state.directory.usable(node) && this.#compare(node, stamp) < 0
    );
  }

  /** Positive when this node's advert of `node` is newer than `stamp`. */
  #compare(node: NodeId, stamp: AdvertStamp): number {
    return this.#state.overlay.compare(node, stamp);
  }

  /** Somebody holds a newer advert of this node than this node wrote: one of a former life. */
  #outbid(stamp: AdvertStamp, now: Micros): void {
    const own = { incarnation: this.#incarnation, version: this.#version };
    const order = compareStamps(stamp, own);
    if (order > 0) {
      this.#incarnation = stamp.incarnation;
      this.#version = stamp.version;
      this.ownChanged(now);
    }
  }

  #floodSoon(now: Micros): void {
    this.#state.out.timerBy(TIMERS.flood, now + ms(this.#state.options.floodDelayMs));
  }

  #sendKnown(to: NodeId, nodes: readonly NodeId[]): void {
    const { overlay } = this.#state;
    this.#sendAdverts(
      to,
      nodes.flatMap((node) => overlay.advert(node) ?? []),
    );
  }

  #sendAdverts(to: NodeId, adverts: readonly Advert[]): void {
    let batch: Advert[] = [];
    let named = 0;
    for (const advert of adverts) {
      const full =
        batch.length === limits.MAX_ADVERTS ||
        named + advert.neighbours.length > limits.MAX_NEIGHBOURS_PER_MESSAGE;
      if (full && batch.length > 0) {
        this.#state.out.send(to, { type: "adverts", adverts: batch });
        batch = [];
        named = 0;
      }
      batch.push(advert);
      named += advert.neighbours.length;
    }
    if (batch.length > 0) {
      this.#state.out.send(to, { type: "adverts", adverts: batch });
    }
  }
}

/** The widest range a single draw can cover. */
const MAX_DRAW = 0xffff_ffff;
