/** Promises of the simulator itself. */
import type { Micros } from "#main/kernel/time.ts";
import type { Checker, Facts, Report } from "./checker.ts";

/** Every message that was sent is in flight, delivered, or dropped for a reason: never just gone. */
export class Conservation implements Checker {
  afterStep({ traffic, inFlight }: Facts, report: Report): void {
    const copies = traffic.sent + traffic.duplicated;
    const dropped = traffic.lost + traffic.cut + traffic.deadReceiver;
    const known = inFlight + traffic.delivered + dropped;
    if (copies !== known) {
      const message = `${copies} messages were sent, but ${known} are accounted for`;
      report({ invariant: "conservation", message, nodes: [] });
    }
  }
}

export class TimeMonotone implements Checker {
  #latest: Micros = 0;

  afterStep({ now }: Facts, report: Report): void {
    if (now < this.#latest) {
      const message = `time went back from ${this.#latest} to ${now} µs`;
      report({ invariant: "time-monotone", message, nodes: [] });
    }
    this.#latest = now;
  }
}
