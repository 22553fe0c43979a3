import type { NodeId } from "#main/kernel/machine.ts";
import { type Micros, ms } from "#main/kernel/time.ts";
import type { Link } from "./link-table.ts";
import { type LinksState, TIMERS } from "./state.ts";

/** Weight of a new measurement in the smoothed round trip, as TCP has it (RFC 6298). */
const SMOOTHING = 1 / 8;
/** A round trip is told again when it moved by this share of the value told last. */
const REPORT_SHARE = 0.25;

/** Pings on every link: they measure it, and tell when the other end has fallen silent. */
export class Keepalive {
  readonly #state: LinksState;

  constructor(state: LinksState) {
    this.#state = state;
  }

  start(now: Micros): void {
    const { options, out, random } = this.#state;
    out.timer(TIMERS.ping, now + 1 + random.int(ms(options.pingIntervalMs)));
  }

  /** Pings everybody; returns the peers that have missed too many. */
  tick(now: Micros): readonly Link[] {
    const { options, out, table } = this.#state;
    const silent: Link[] = [];
    for (const link of table.links) {
      if (link.unanswered >= options.missesAllowed) {
        silent.push(link);
        continue;
      }
      link.unanswered++;
      link.pingSequence++;
      link.pingSentAt = now;
      out.send(link.peer, { type: "ping", sequence: link.pingSequence });
    }
    out.timer(TIMERS.ping, now + ms(options.pingIntervalMs));
    return silent;
  }

  /** Only the answer to the newest ping counts: an older one would measure the wrong time. */
  onPong(from: NodeId, sequence: number, now: Micros): void {
    const link = this.#state.table.get(from);
    if (link === undefined || sequence !== link.pingSequence || link.unanswered === 0) {
      return;
    }
    link.unanswered = 0;
    const measured = Math.max(1, now - link.pingSentAt);
    link.roundTripUs =
      link.roundTripUs === 0
        ? measured
        : Math.round(link.roundTripUs + (measured - link.roundTripUs) * SMOOTHING);
    if (Math.abs(link.roundTripUs - link.reportedUs) >= REPORT_SHARE * link.reportedUs) {
      link.reportedUs = link.roundTripUs;
      const { peer, roundTripUs } = link;
      this.#state.out.emit({ kind: "latency", peer, roundTripUs });
    }
  }
}
