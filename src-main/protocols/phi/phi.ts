/**
 * The phi-accrual detector: heartbeats as in the heartbeat detector, but the patience with a member
 * adapts to the rhythm that was seen from it.
 */
import type { Heartbeat } from "#main/kernel/detector.ts";
import type { Machine, NodeId } from "#main/kernel/machine.ts";
import type { Random } from "#main/kernel/random.ts";
import type { Micros } from "#main/kernel/time.ts";
import { ms } from "#main/kernel/time.ts";
import { ArrivalHistory } from "./arrival-history.ts";
import type { PhiOptions } from "./options.ts";
import type { PhiEffect, PhiInput } from "./types.ts";

interface Peer {
  readonly history: ArrivalHistory;
  /** When the first heartbeat is due; silence from then on counts although none ever came. */
  firstDueAt: Micros;
  heard: boolean;
  /** The newest beat, by (incarnation, sequence). */
  incarnation: number;
  sequence: number;
  /** Not suspected again before this time; 0 when not suspected since the last heartbeat. */
  quietUntil: Micros;
}

const NOTHING: readonly PhiEffect[] = [];
const BEAT = "beat";

export class PhiDetector implements Machine<PhiInput, PhiEffect> {
  readonly #self: NodeId;
  readonly #options: PhiOptions;
  readonly #random: Random;
  readonly #peers = new Map<NodeId, Peer>();
  #sequence = 0;
  /** `null` until it is on disk; nothing may be claimed before. */
  #incarnation: number | null = null;
  /** When the timer is due; `null` while it is not set. */
  #beatAt: Micros | null = null;

  constructor(self: NodeId, options: PhiOptions, random: Random) {
    this.#self = self;
    this.#options = options;
    this.#random = random.fork("phase");
  }

  /** The suspicion level of a watched member; 0 while its first heartbeat is not due. */
  phi(member: NodeId, now: Micros): number | undefined {
    const peer = this.#peers.get(member);
    return peer === undefined ? undefined : level(peer, now);
  }

  step(input: PhiInput): readonly PhiEffect[] {
    switch (input.kind) {
      case "start":
        this.#beatAt = input.now + this.#random.int(ms(this.#options.heartbeatIntervalMs));
        return [{ kind: "timer", timer: BEAT, at: this.#beatAt }];
      case "message":
        return this.#heard(input.now, input.from, input.message);
      case "timer":
        this.#forgiveOwnStall(input.now);
        return this.#beat(input.now);
      case "watch":
        this.#watch(input.now, input.member);
        return NOTHING;
      case "unwatch":
        this.#peers.delete(input.member);
        return NOTHING;
      case "self":
        this.#incarnation = input.incarnation;
        return NOTHING;
      case "refuted":
        return NOTHING;
    }
  }

  #watch(now: Micros, member: NodeId): void {
    if (member === this.#self || this.#peers.has(member)) {
      return;
    }
    this.#peers.set(member, {
      history: new ArrivalHistory(this.#options),
      firstDueAt: now + ms(this.#options.heartbeatIntervalMs),
      heard: false,
      incarnation: 0,
      sequence: 0,
      quietUntil: 0,
    });
  }

  #heard(now: Micros, from: NodeId, message: Heartbeat): readonly PhiEffect[] {
    const peer = this.#peers.get(from);
    if (peer === undefined || !isNewer(message, peer)) {
      return NOTHING;
    }
    peer.history.heartbeat(now);
    peer.heard = true;
    peer.incarnation = message.incarnation;
    peer.sequence = message.sequence;
    peer.quietUntil = 0;
    return [
      {
        kind: "emit",
        event: { kind: "answered", member: from, incarnation: message.incarnation, rtt: null },
      },
    ];
  }

  /** Sends the heartbeats, and looks at everybody's φ: once an interval is fine enough. */
  #beat(now: Micros): readonly PhiEffect[] {
    const interval = ms(this.#options.heartbeatIntervalMs);
    this.#beatAt = now + interval;
    const effects: PhiEffect[] = [{ kind: "timer", timer: BEAT, at: this.#beatAt }];
    if (this.#incarnation !== null) {
      this.#sequence++;
      const message: Heartbeat = {
        kind: "heartbeat",
        sequence: this.#sequence,
        incarnation: this.#incarnation,
      };
      for (const to of this.#peers.keys()) {
        effects.push({ kind: "send", to, message });
      }
    }
    for (const [member, peer] of this.#peers) {
      if (now >= peer.quietUntil && level(peer, now) >= this.#options.threshold) {
        peer.quietUntil = now + interval + ms(this.#options.acceptablePauseMs);
        effects.push({
          kind: "emit",
          event: { kind: "suspect", member, reason: "phi", relays: [] },
        });
      }
    }
    return effects;
  }

  /**
   * A timer more than an interval overdue means that this node stood still, and that heartbeats may
   * wait unread: nobody's silence so far proves anything, so everybody's begins anew.
   */
  #forgiveOwnStall(now: Micros): void {
    const interval = ms(this.#options.heartbeatIntervalMs);
    if (this.#beatAt === null || now - this.#beatAt <= interval) {
      return;
    }
    for (const peer of this.#peers.values()) {
      peer.history.interrupted(now);
      peer.firstDueAt = now + interval;
      peer.quietUntil = 0;
    }
  }
}

function level(peer: Peer, now: Micros): number {
  if (peer.heard) {
    return peer.history.phi(now);
  }
  return now < peer.firstDueAt ? 0 : peer.history.phiSince(peer.firstDueAt, now);
}

function isNewer(message: Heartbeat, peer: Peer): boolean {
  return message.incarnation === peer.incarnation
    ? message.sequence > peer.sequence
    : message.incarnation > peer.incarnation;
}
