/**
 * A relay's duty: ping a member on behalf of another (SWIM §3.1), pass its ack on, and say "nack"
 * when the member stays silent, so that the asker knows that the relay itself was reached
 * (Lifeguard §IV-A).
 */
import type { NodeId } from "#main/kernel/machine.ts";
import type { Micros } from "#main/kernel/time.ts";
import { ms } from "#main/kernel/time.ts";
import type { SwimOptions } from "./options.ts";
import type { SwimEffect } from "./types.ts";

interface RelayedProbe {
  readonly requester: NodeId;
  /** The requester's sequence number, to be quoted in the answer. */
  readonly sequence: number;
  readonly target: NodeId;
  readonly sentAt: Micros;
  nacked: boolean;
}

const NACK_FRACTION = 0.8;
const TIMER_PREFIX = "relay/";

/**
 * When a relay gives its nack: at 80 % of the time it has. That time is the probe timeout, but never
 * more than what the requester's period leaves after its own timeout.
 */
export function nackDelay(options: SwimOptions): Micros {
  const available = Math.min(
    options.probeTimeoutMs,
    options.probeIntervalMs - options.probeTimeoutMs,
  );
  return ms(available * NACK_FRACTION);
}

export class Relays {
  readonly #options: SwimOptions;
  readonly #bySequence = new Map<number, RelayedProbe>();
  #refused = 0;

  constructor(options: SwimOptions) {
    this.#options = options;
  }

  /** Requests turned down because `maxRelays` were under way. */
  get refused(): number {
    return this.#refused;
  }

  /** Starts a probe under this node's own `sequence`. */
  begin(sequence: number, probe: Omit<RelayedProbe, "nacked">): readonly SwimEffect[] {
    if (this.#bySequence.size >= this.#options.maxRelays) {
      this.#refused++;
      return [];
    }
    this.#bySequence.set(sequence, { ...probe, nacked: false });
    return [
      { kind: "send", to: probe.target, message: { kind: "ping", sequence, target: probe.target } },
      {
        kind: "timer",
        timer: TIMER_PREFIX + sequence,
        at: probe.sentAt + nackDelay(this.#options),
      },
    ];
  }

  /** Passes the target's ack on, also after a nack; `null` when the ack is not for a relayed probe. */
  acked(
    now: Micros,
    from: NodeId,
    ack: { readonly sequence: number; readonly incarnation: number },
  ): readonly SwimEffect[] | null {
    const probe = this.#bySequence.get(ack.sequence);
    if (probe === undefined || probe.target !== from) {
      return null;
    }
    this.#bySequence.delete(ack.sequence);
    return [
      { kind: "timer", timer: TIMER_PREFIX + ack.sequence, at: null },
      {
        kind: "send",
        to: probe.requester,
        message: { kind: "ack", sequence: probe.sequence, incarnation: ack.incarnation },
      },
      {
        kind: "emit",
        event: {
          kind: "answered",
          member: from,
          incarnation: ack.incarnation,
          rtt: now - probe.sentAt,
        },
      },
    ];
  }

  /** First firing: nack. Second: the requester's period is over, forget the probe. */
  timer(now: Micros, timer: string): readonly SwimEffect[] {
    if (!timer.startsWith(TIMER_PREFIX)) {
      return [];
    }
    const sequence = Number(timer.slice(TIMER_PREFIX.length));
    const probe = this.#bySequence.get(sequence);
    if (probe === undefined) {
      return [];
    }
    if (probe.nacked) {
      this.#bySequence.delete(sequence);
      return [];
    }
    probe.nacked = true;
    return [
      {
        kind: "send",
        to: probe.requester,
        message: { kind: "nack", sequence: probe.sequence },
      },
      { kind: "timer", timer, at: now + ms(this.#options.probeIntervalMs) },
    ];
  }
}
