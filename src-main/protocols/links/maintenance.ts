/**
 * Keeps the links in shape: a new topology is put in place before the old links go, missing links
 * are repaired, surplus ones trimmed where nothing depends on them, weak places bridged.
 */
import type { NodeId } from "#main/kernel/machine.ts";
import { type Micros, ms } from "#main/kernel/time.ts";
import { estimateUs, mends, rankCandidates } from "./candidates.ts";
import { isBounded } from "./degree.ts";
import { hasDisjointRoutes, isNotWeaker, type Robustness, robustness } from "./disjoint.ts";
import type { Link } from "./link-table.ts";
import type { Linking } from "./linking.ts";
import { checkDelay } from "./options.ts";
import { type LinksState, TIMERS } from "./state.ts";
import { inOrder } from "./topology.ts";

/** Offers per pass: a full mesh is not wired in one breath. */
const MAX_OFFERS = 16;
/** A new topology has this many offer timeouts to come about before the old links go anyway. */
const TRANSITION_TIMEOUTS = 5;
/** How many nodes of a cut overlay try to bridge it at a time, on average. */
const BRIDGERS = 16;
/** Half a turn of trimming, in repair delays: no pass over the links comes more rarely. */
const TURN_DELAYS = 2;
/** A link is given up for one of at most this share of its latency. */
const WORTHWHILE = 0.5;

export class Maintenance {
  readonly #state: LinksState;
  readonly #linking: Linking;
  #transitionEnds: Micros = 0;
  /** Once the degree was reached, missing links are repairs. */
  #settled = false;
  #lowTold = false;
  #held: boolean | null = null;
  #weak: readonly NodeId[] = [];
  #unheard: ReadonlySet<NodeId> = new Set();

  constructor(state: LinksState, linking: Linking) {
    this.#state = state;
    this.#linking = linking;
  }

  start(now: Micros): void {
    const { min } = this.#state.rule();
    this.#settled = min > 0 && this.#state.table.degree >= min;
    this.#linking.maintainSoon(now);
    this.#optimiseLater(now);
  }

  beginTransition(wanted: ReadonlySet<NodeId>, now: Micros): void {
    const { options } = this.#state;
    this.#linking.wanted = wanted;
    this.#transitionEnds = now + TRANSITION_TIMEOUTS * ms(options.offerTimeoutMs);
    this.run(now);
  }

  run(now: Micros): void {
    const { table, options, out, running } = this.#state;
    if (!running) {
      return;
    }
    table.expire(now, ms(options.offerTimeoutMs));
    if (this.#linking.wanted !== null) {
      this.#continueTransition(this.#linking.wanted, now);
    } else {
      this.#fit(now);
    }
    const next = table.nextExpiry();
    if (next !== null) {
      out.timerBy(TIMERS.maintain, next);
    }
  }

  /** Judges the overlay as a whole, tells when the verdict changed, and helps where it is weak. */
  check(now: Micros): void {
    const { out, kind } = this.#state;
    const state = this.#judge(now);
    const held = hasDisjointRoutes(state);
    const news = held !== this.#held || state.weak.join() !== this.#weak.join();
    this.#held = held;
    this.#weak = state.weak;
    if (news) {
      out.emit({ kind: "disjoint", held, weak: state.weak });
    }
    if (!held && (isBounded(kind) || kind === "ring")) {
      this.#bridge(state, now);
    }
  }

  /** A member unheard of at this check and the one before is cut off; a new one may be joining. */
  #judge(now: Micros): Robustness {
    const { overlay, out, directory } = this.#state;
    const { components, weak } = overlay.robustness();
    const unheard = overlay.unheard();
    const fresh = unheard.filter((id) => !this.#unheard.has(id));
    this.#unheard = new Set(unheard);
    if (fresh.length > 0) {
      out.timerBy(TIMERS.check, now + checkDelay(directory.size));
    }
    return { components: components - fresh.length, weak };
  }

  optimise(now: Micros): void {
    const { table, running } = this.#state;
    this.#optimiseLater(now);
    const worst = [...table.links].sort((a, b) => b.roundTripUs - a.roundTripUs)[0];
    if (!running || worst === undefined || !isBounded(this.#state.kind)) {
      return;
    }
    const limit = worst.roundTripUs * WORTHWHILE;
    const better = rankCandidates(this.#state, []).find(
      (id) => estimateUs(this.#state, id) < limit,
    );
    if (better === undefined) {
      return;
    }
    if (table.promised < this.#state.rule().max) {
      this.#linking.offer(better, "optimise", now);
    } else if (this.#isSpare(worst)) {
      this.#linking.close(worst.peer, "optimise", now);
    }
  }

  #optimiseLater(now: Micros): void {
    const { options, out, random } = this.#state;
    const interval = ms(options.optimiseIntervalMs);
    if (interval > 0) {
      out.timer(TIMERS.optimise, now + interval + random.int(Math.max(1, interval >>> 2)));
    }
  }

  #continueTransition(wanted: ReadonlySet<NodeId>, now: Micros): void {
    const { table, directory, out, options } = this.#state;
    const missing = [...wanted].filter((id) => directory.usable(id) && !table.has(id));
    if (missing.length > 0 && now < this.#transitionEnds) {
      const free = missing.filter((id) => table.isFree(id));
      for (const id of free.slice(0, MAX_OFFERS)) {
        this.#linking.offer(id, "topology", now);
      }
      out.timerBy(TIMERS.maintain, now + ms(options.repairDelayMs));
      return;
    }
    this.#linking.wanted = null;
    for (const peer of table.peers) {
      if (!wanted.has(peer)) {
        this.#linking.close(peer, "topology", now);
      }
    }
    this.#linking.maintainSoon(now);
  }

  #fit(now: Micros): void {
    const { table } = this.#state;
    const { min, max } = this.#state.rule();
    if (table.degree >= min) {
      // Alone nothing is missing, and yet nothing was reached.
      this.#settled ||= min > 0;
      this.#lowTold = false;
    }
    if (table.promised < min) {
      this.#repair(min, now);
    } else if (table.degree > max) {
      this.#trim(now);
    }
  }

  #repair(min: number, now: Micros): void {
    const { table, out } = this.#state;
    const reason = this.#settled ? "repair" : "join";
    const chosen = this.#choices().slice(0, Math.min(MAX_OFFERS, min - table.promised));
    for (const id of chosen) {
      this.#linking.offer(id, reason, now);
    }
    if (table.promised < min && !this.#lowTold && chosen.length === 0) {
      this.#lowTold = true;
      out.emit({ kind: "degree-low", degree: table.degree, wanted: min });
    }
    if (chosen.length > 0) {
      this.#lowTold = false;
    }
    this.#linking.maintainSoon(now);
  }

  #choices(): NodeId[] {
    const { kind, directory, table, self } = this.#state;
    if (kind !== "star") {
      return rankCandidates(this.#state, this.#linking.lost);
    }
    const ids = [self, ...directory.others()];
    const members = ids.map((id) => ({ id, zone: directory.zone(id) })).sort(inOrder);
    const hub = members[0]?.id ?? self;
    return hub !== self && table.isFree(hub) ? [hub] : [];
  }

  #trim(now: Micros): void {
    const { table, overlay } = this.#state;
    this.#linking.maintainSoon(now);
    if (!this.#isTurnToTrim(now)) {
      return;
    }
    const degree = (link: Link) => overlay.claimed(link.peer).length;
    const links = [...table.links].sort(
      (a, b) => degree(b) - degree(a) || b.roundTripUs - a.roundTripUs,
    );
    const spare = links.find((link) => this.#isSpare(link));
    if (spare !== undefined) {
      this.#linking.close(spare.peer, "trimmed", now);
    }
  }

  /**
   * Two links that can each be spared can rarely both be: those with too many take turns, and the
   * second half of every turn is left for the news to get around.
   */
  #isTurnToTrim(now: Micros): boolean {
    const { overlay, self, options } = this.#state;
    const { max } = this.#state.rule();
    const over = [...overlay.nodes].filter((id) => overlay.claimed(id).length > max).sort();
    const half = TURN_DELAYS * ms(options.repairDelayMs);
    const turn = Math.floor(now / half);
    return turn % 2 === 0 && (turn / 2) % over.length === over.indexOf(self);
  }

  /** Neither end falls below its minimum, and the overlay gets no weaker without the link. */
  #isSpare({ peer }: Link): boolean {
    const { overlay, table, self } = this.#state;
    const { min } = this.#state.rule();
    if (table.degree <= min || overlay.claimed(peer).length <= min) {
      return false;
    }
    const graph = overlay.graph();
    if (!graph.has(self, peer)) {
      return false;
    }
    const before = robustness(graph);
    graph.remove(self, peer);
    const after = robustness(graph);
    graph.add(self, peer);
    return isNotWeaker(after, before);
  }

  /** Those next to a weak node, and some of everybody when the overlay is cut, offer a way round. */
  #bridge(before: Robustness, now: Micros): void {
    const { table, overlay, random, directory, out, options } = this.#state;
    // Others may be at it: look again before anything else is tried.
    out.timerBy(TIMERS.check, now + ms(options.repairDelayMs * (2 + random.next() * 4)));
    const nextToWeak = before.weak.some((id) => table.has(id));
    const drawn = before.components > 1 && random.int(directory.size) < BRIDGERS;
    if ((!nextToWeak && !drawn) || table.promised >= this.#state.rule().max) {
      return;
    }
    const graph = overlay.graph();
    const pick = rankCandidates(this.#state, this.#linking.lost)[0];
    if (pick !== undefined && mends(graph, [this.#state.self, pick], overlay.robustness())) {
      this.#linking.offer(pick, "repair", now);
      this.#linking.maintainSoon(now);
    }
  }
}
