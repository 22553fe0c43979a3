/**
 * The heartbeat detector: everybody sends everybody a beat per interval, and who is silent for the
 * whole timeout is suspected. Only a new beat from the peer itself counts as a sign of life: not
 * that it was looked up, asked, or talked about, and not a late copy of an old beat.
 */
import type { Heartbeat } from "#main/kernel/detector.ts";
import type { Machine, NodeId } from "#main/kernel/machine.ts";
import type { Random } from "#main/kernel/random.ts";
import type { Micros } from "#main/kernel/time.ts";
import { ms } from "#main/kernel/time.ts";
import type { HeartbeatOptions } from "./options.ts";
import type { HeartbeatEffect, HeartbeatInput } from "./types.ts";

interface Peer {
  /** The newest beat, by (incarnation, sequence). */
  incarnation: number;
  sequence: number;
  heardAt: Micros;
  /** When this peer is to be suspected, or suspected again. */
  deadline: Micros;
}

const NOTHING: readonly HeartbeatEffect[] = [];
const BEAT = "beat";
const SILENCE = "silence";

export class HeartbeatDetector implements Machine<HeartbeatInput, HeartbeatEffect> {
  readonly #self: NodeId;
  readonly #options: HeartbeatOptions;
  readonly #random: Random;
  readonly #peers = new Map<NodeId, Peer>();
  #sequence = 0;
  /** `null` until it is on disk; nothing may be claimed before. */
  #incarnation: number | null = null;
  /** When the timers are due; `null` while they are not set. */
  #beatAt: Micros | null = null;
  #silenceAt: Micros | null = null;

  constructor(self: NodeId, options: HeartbeatOptions, random: Random) {
    this.#self = self;
    this.#options = options;
    this.#random = random.fork("phase");
  }

  /** Time since the member's last beat, or since it was first watched; `undefined` when it is not. */
  silence(member: NodeId, now: Micros): Micros | undefined {
    const peer = this.#peers.get(member);
    return peer === undefined ? undefined : now - peer.heardAt;
  }

  step(input: HeartbeatInput): readonly HeartbeatEffect[] {
    switch (input.kind) {
      case "start":
        this.#beatAt = input.now + this.#random.int(ms(this.#options.heartbeatIntervalMs));
        return [{ kind: "timer", timer: BEAT, at: this.#beatAt }];
      case "message":
        return this.#heard(input.now, input.from, input.message);
      case "timer":
        this.#forgiveOwnStall(input.now);
        return input.timer === BEAT ? this.#beat(input.now) : this.#checkSilence(input.now);
      case "watch":
        return this.#watch(input.now, input.member);
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

  #watch(now: Micros, member: NodeId): readonly HeartbeatEffect[] {
    if (member === this.#self || this.#peers.has(member)) {
      return NOTHING;
    }
    const deadline = now + ms(this.#options.heartbeatTimeoutMs);
    this.#peers.set(member, { incarnation: 0, sequence: 0, heardAt: now, deadline });
    if (this.#silenceAt !== null) {
      return NOTHING;
    }
    this.#silenceAt = deadline;
    return [{ kind: "timer", timer: SILENCE, at: deadline }];
  }

  #heard(now: Micros, from: NodeId, message: Heartbeat): readonly HeartbeatEffect[] {
    const peer = this.#peers.get(from);
    if (peer === undefined || !isNewer(message, peer)) {
      return NOTHING;
    }
    peer.incarnation = message.incarnation;
    peer.sequence = message.sequence;
    peer.heardAt = now;
    peer.deadline = now + ms(this.#options.heartbeatTimeoutMs);
    return [
      {
        kind: "emit",
        event: { kind: "answered", member: from, incarnation: message.incarnation, rtt: null },
      },
    ];
  }

  #beat(now: Micros): readonly HeartbeatEffect[] {
    this.#beatAt = now + ms(this.#options.heartbeatIntervalMs);
    const effects: HeartbeatEffect[] = [{ kind: "timer", timer: BEAT, at: this.#beatAt }];
    if (this.#incarnation === null) {
      return effects;
    }
    this.#sequence++;
    const message: Heartbeat = {
      kind: "heartbeat",
      sequence: this.#sequence,
      incarnation: this.#incarnation,
    };
    for (const to of this.#peers.keys()) {
      effects.push({ kind: "send", to, message });
    }
    return effects;
  }

  /** Fires at the earliest deadline that was known when it was set; beats may have moved it since. */
  #checkSilence(now: Micros): readonly HeartbeatEffect[] {
    const effects: HeartbeatEffect[] = [];
    let earliest = Number.POSITIVE_INFINITY;
    for (const [member, peer] of this.#peers) {
      if (now >= peer.deadline) {
        effects.push({
          kind: "emit",
          event: { kind: "suspect", member, reason: "silent", relays: [] },
        });
        peer.deadline = now + ms(this.#options.heartbeatTimeoutMs);
      }
      earliest = Math.min(earliest, peer.deadline);
    }
    this.#silenceAt = this.#peers.size > 0 ? earliest : null;
    if (this.#silenceAt !== null) {
      effects.push({ kind: "timer", timer: SILENCE, at: earliest });
    }
    return effects;
  }

  /**
   * A timer more than an interval overdue means that this node stood still, and that beats may wait
   * unread: nobody's silence so far proves anything. Either timer tells, because the one that fires
   * may have been due only at the end of the standstill.
   */
  #forgiveOwnStall(now: Micros): void {
    const due = Math.min(this.#beatAt ?? now, this.#silenceAt ?? now);
    if (now - due <= ms(this.#options.heartbeatIntervalMs)) {
      return;
    }
    for (const peer of this.#peers.values()) {
      peer.deadline = now + ms(this.#options.heartbeatTimeoutMs);
    }
  }
}

function isNewer(message: Heartbeat, peer: Peer): boolean {
  return message.incarnation === peer.incarnation
    ? message.sequence > peer.sequence
    : message.incarnation > peer.incarnation;
}
