/**
 * The SWIM prober. One member is probed per period: ping, after a timeout `k` indirect probes, and
 * at the end of the period a verdict. Suspicion, dissemination and refutation are not here: the
 * verdict is an event, and the membership machine takes it from there.
 */
import type { Machine, NodeId } from "#main/kernel/machine.ts";
import type { Random } from "#main/kernel/random.ts";
import type { Micros } from "#main/kernel/time.ts";
import { ms } from "#main/kernel/time.ts";
import { HEALTH_DELTA, nextHealth, scaleByHealth } from "./local-health.ts";
import type { SwimOptions } from "./options.ts";
import { ProbeList } from "./probe-list.ts";
import { Relays } from "./relay.ts";
import type { SwimEffect, SwimInput, SwimMessage } from "./types.ts";

/** The probe of the present period. */
interface Probe {
  readonly sequence: number;
  readonly target: NodeId;
  readonly sentAt: Micros;
  /** When its timeout is due. */
  readonly timeoutAt: Micros;
  /** This node stood still for so long that answers may lie unread. */
  stalled: boolean;
  answered: boolean;
  relays: readonly NodeId[];
  /** Relays that were asked and sent no nack. */
  silentRelays: readonly NodeId[];
}

const NOTHING: readonly SwimEffect[] = [];
const NOBODY: readonly NodeId[] = [];
const PERIOD = "period";
const TIMEOUT = "timeout";

export class SwimDetector implements Machine<SwimInput, SwimEffect> {
  readonly #self: NodeId;
  readonly #options: SwimOptions;
  readonly #random: Random;
  readonly #targets: ProbeList;
  readonly #relays: Relays;
  #probe: Probe | null = null;
  #sequence = 0;
  #health = 0;
  /** When the period's timer is due; `null` while it is not set. */
  #periodAt: Micros | null = null;
  /** `null` until it is on disk; nothing may be claimed before. */
  #incarnation: number | null = null;

  constructor(self: NodeId, options: SwimOptions, random: Random) {
    this.#self = self;
    this.#options = options;
    this.#random = random.fork("phase");
    this.#targets = new ProbeList(random.fork("targets"));
    this.#relays = new Relays(options);
  }

  /** Lifeguard's local health score, 0 (healthy) to `maxHealthScore`. */
  get health(): number {
    return this.#health;
  }

  /** Indirect probes that were not served for want of room. */
  get refusedRelays(): number {
    return this.#relays.refused;
  }

  step(input: SwimInput): readonly SwimEffect[] {
    switch (input.kind) {
      case "start":
        // A random phase: nodes that start together must not probe in lockstep.
        this.#periodAt = input.now + this.#random.int(ms(this.#options.probeIntervalMs));
        return [{ kind: "timer", timer: PERIOD, at: this.#periodAt }];
      case "message":
        return this.#receive(input.now, input.from, input.message);
      case "timer":
        return this.#timer(input.now, input.timer);
      case "watch":
        if (input.member !== this.#self) {
          this.#targets.watch(input.member, input.usable);
        }
        return NOTHING;
      case "unwatch":
        this.#targets.unwatch(input.member);
        return NOTHING;
      case "self":
        this.#incarnation = input.incarnation;
        return NOTHING;
      case "refuted":
        return this.#changeHealth(HEALTH_DELTA.refutedSelf);
    }
  }

  #receive(now: Micros, from: NodeId, message: SwimMessage): readonly SwimEffect[] {
    switch (message.kind) {
      case "ping":
        return this.#answer(from, message.sequence, message.target);
      case "ping-req":
        if (message.target === this.#self) {
          return this.#answer(from, message.sequence, message.target);
        }
        return this.#relays.begin(this.#nextSequence(), {
          requester: from,
          sequence: message.sequence,
          target: message.target,
          sentAt: now,
        });
      case "ack":
        return this.#relays.acked(now, from, message) ?? this.#acked(now, from, message);
      case "nack":
        if (message.sequence === this.#probe?.sequence) {
          this.#probe.silentRelays = this.#probe.silentRelays.filter((relay) => relay !== from);
        }
        return NOTHING;
    }
  }

  /** A ping for another name reached an address that changed hands: silence is the right answer. */
  #answer(to: NodeId, sequence: number, target: NodeId): readonly SwimEffect[] {
    if (target !== this.#self || this.#incarnation === null) {
      return NOTHING;
    }
    return [
      { kind: "send", to, message: { kind: "ack", sequence, incarnation: this.#incarnation } },
    ];
  }

  #acked(
    now: Micros,
    from: NodeId,
    ack: { readonly sequence: number; readonly incarnation: number },
  ): readonly SwimEffect[] {
    const probe = this.#probe;
    if (probe === null || ack.sequence !== probe.sequence) {
      return NOTHING;
    }
    const direct = from === probe.target;
    if (probe.answered || !(direct || probe.relays.includes(from))) {
      return NOTHING;
    }
    probe.answered = true;
    const effects: SwimEffect[] = [];
    if (probe.relays.length === 0) {
      effects.push({ kind: "timer", timer: TIMEOUT, at: null });
    }
    if (direct) {
      effects.push({
        kind: "emit",
        event: {
          kind: "answered",
          member: from,
          incarnation: ack.incarnation,
          rtt: now - probe.sentAt,
        },
      });
    }
    effects.push(...this.#changeHealth(HEALTH_DELTA.probeAnswered));
    return effects;
  }

  #timer(now: Micros, timer: string): readonly SwimEffect[] {
    if (timer === PERIOD) {
      return this.#period(now);
    }
    return timer === TIMEOUT ? this.#askRelays(now) : this.#relays.timer(now, timer);
  }

  #period(now: Micros): readonly SwimEffect[] {
    const unproven = this.#unproven(now);
    const effects: SwimEffect[] = [...this.#conclude(unproven !== null)];
    this.#periodAt = now + scaleByHealth(ms(this.#options.probeIntervalMs), this.#health);
    effects.push({ kind: "timer", timer: PERIOD, at: this.#periodAt });
    const target = unproven ?? this.#targets.next();
    if (target === undefined) {
      return effects;
    }
    const sequence = this.#nextSequence();
    const stretch = this.#options.healthScalesTimeout ? this.#health : 0;
    const timeoutAt = now + scaleByHealth(ms(this.#options.probeTimeoutMs), stretch);
    this.#probe = {
      sequence,
      target,
      sentAt: now,
      timeoutAt,
      stalled: false,
      answered: false,
      relays: NOBODY,
      silentRelays: NOBODY,
    };
    effects.push(
      { kind: "send", to: target, message: { kind: "ping", sequence, target } },
      { kind: "timer", timer: TIMEOUT, at: timeoutAt },
    );
    return effects;
  }

  /** The target that did not answer while this node stood still: it is probed again. */
  #unproven(now: Micros): NodeId | null {
    const probe = this.#probe;
    if (probe === null || probe.answered || !this.#targets.has(probe.target)) {
      return null;
    }
    const stalled = probe.stalled || (this.#periodAt !== null && this.#late(this.#periodAt, now));
    return stalled ? probe.target : null;
  }

  /** A timer that fires so late: whatever was sent in time may still wait to be read. */
  #late(due: Micros, now: Micros): boolean {
    return now - due > ms(this.#options.probeTimeoutMs);
  }

  /**
   * The verdict on the period that ends; none, but a mark against the own health, when this node
   * stood still meanwhile. From here on, acks for its sequence come too late.
   */
  #conclude(stalled: boolean): readonly SwimEffect[] {
    const probe = this.#probe;
    this.#probe = null;
    if (probe === null || probe.answered || !this.#targets.has(probe.target)) {
      return NOTHING;
    }
    if (stalled) {
      return this.#changeHealth(HEALTH_DELTA.probeFailed);
    }
    return [
      {
        kind: "emit",
        event: {
          kind: "suspect",
          member: probe.target,
          reason: "no-ack",
          sequence: probe.sequence,
          relays: probe.relays,
        },
      },
      ...this.#changeHealth(
        HEALTH_DELTA.probeFailed + HEALTH_DELTA.nackMissed * probe.silentRelays.length,
      ),
    ];
  }

  #askRelays(now: Micros): readonly SwimEffect[] {
    const probe = this.#probe;
    if (probe === null || probe.answered || !this.#targets.has(probe.target)) {
      return NOTHING;
    }
    probe.stalled = this.#late(probe.timeoutAt, now);
    probe.relays = this.#targets.relays(this.#options.indirectProbes, probe.target);
    probe.silentRelays = probe.relays;
    return probe.relays.map((relay) => ({
      kind: "send",
      to: relay,
      message: { kind: "ping-req", sequence: probe.sequence, target: probe.target },
    }));
  }

  #changeHealth(delta: number): readonly SwimEffect[] {
    if (!this.#options.localHealth) {
      return NOTHING;
    }
    const score = nextHealth(this.#health, delta, this.#options.maxHealthScore);
    if (score === this.#health) {
      return NOTHING;
    }
    this.#health = score;
    return [{ kind: "emit", event: { kind: "health", score } }];
  }

  #nextSequence(): number {
    this.#sequence++;
    return this.#sequence;
  }
}
