import type { MessageOutcome } from "#shared/contract/trace.ts";
import type { Micros } from "#main/kernel/time.ts";
import type { SendEffect } from "#main/node/mesh-node.ts";
import type { Agenda } from "./agenda.ts";
import type { Network } from "./network.ts";
import { MessageStore } from "./message-store.ts";
import { DELIVER } from "./pending.ts";
import type { Process } from "./process.ts";
import { TraceRing } from "./trace-ring.ts";

/** The trace keeps the last 2^17 messages. */
const TRACE_BITS = 17;
/** Content of messages that is kept to be read. */
const MAX_CONTENT_BYTES = 32 * 1024 * 1024;
/** A copy that a person makes arrives so much later than the message. */
const COPY_LAG_US = 1_000;

/** Since the start of the run. Copies of duplicated messages count as messages of their own. */
export interface Traffic {
  sent: number;
  duplicated: number;
  delivered: number;
  lost: number;
  cut: number;
  deadReceiver: number;
  bytes: number;
  /** Sum over delivered messages. */
  latencyUs: number;
}

/** Carries messages from sender to receiver and keeps account of each. */
export class Post {
  readonly trace = new TraceRing(TRACE_BITS);
  readonly content = new MessageStore(MAX_CONTENT_BYTES);
  readonly traffic: Traffic;
  readonly #agenda: Agenda;
  readonly #network: Network;
  readonly #message = { from: 0, to: 0, bytes: 0, name: "" };

  constructor(agenda: Agenda, network: Network) {
    this.#agenda = agenda;
    this.#network = network;
    const none = { sent: 0, duplicated: 0, delivered: 0, lost: 0, cut: 0, deadReceiver: 0 };
    this.traffic = { ...none, bytes: 0, latencyUs: 0 };
  }

  /** `to` is undefined when there never was, or no longer is, such a node. */
  send(from: Process, to: Process | undefined, effect: SendEffect, now: Micros): void {
    const traffic = this.traffic;
    traffic.sent++;
    traffic.bytes += effect.bytes.length;
    from.sent++;
    if (to === undefined) {
      traffic.deadReceiver++;
      return;
    }
    const message = this.#message;
    message.from = from.index;
    message.to = to.index;
    message.bytes = effect.bytes.length;
    message.name = effect.name;
    const serial = this.trace.sent(message, now);
    this.content.add(effect.bytes);
    const verdict = this.#network.judge(message, now);
    if (verdict.outcome !== "sent") {
      traffic[verdict.outcome]++;
      this.trace.ended(serial, verdict.outcome, now);
      return;
    }
    const { firstDelay, secondDelay } = verdict;
    const handle = this.#copy(to, effect.bytes, firstDelay + now);
    this.#agenda.pending.message(handle, from.index, serial, now);
    if (secondDelay >= 0) {
      traffic.duplicated++;
      const second = this.#copy(to, effect.bytes, secondDelay + now);
      this.#agenda.pending.message(second, from.index, serial, now);
    }
  }

  /** The message has reached its receiver; its place on the agenda is free again. */
  delivered(to: Process, handle: number, now: Micros): void {
    const pending = this.#agenda.pending;
    this.traffic.delivered++;
    this.traffic.latencyUs += now - (pending.sentAt[handle] ?? 0);
    to.received++;
    this.trace.ended(pending.serial[handle] ?? 0, "delivered", now);
    pending.release(handle);
  }

  drop(
    handle: number,
    outcome: Exclude<MessageOutcome, "in-flight" | "delivered">,
    now: Micros,
  ): void {
    const pending = this.#agenda.pending;
    this.traffic[outcome === "dead-receiver" ? "deadReceiver" : outcome]++;
    this.trace.ended(pending.serial[handle] ?? 0, outcome, now);
    pending.release(handle);
  }

  /** Takes all copies of a message out of the network; false when none is on its way. */
  lose(serial: number, now: Micros): boolean {
    const copies = this.#agenda.pending.inFlight(serial);
    for (const handle of copies) {
      this.#agenda.pending.cancel(handle);
      this.traffic.lost++;
      this.trace.ended(serial, "lost", now);
    }
    return copies.length > 0;
  }

  /** All copies arrive so much later; false when none is on its way. */
  delay(serial: number, by: Micros): boolean {
    const copies = this.#agenda.pending.inFlight(serial);
    for (const handle of copies) {
      this.#again(handle, by);
      this.#agenda.pending.cancel(handle);
    }
    return copies.length > 0;
  }

  /** One more copy, a little behind the first; false when none is on its way. */
  duplicate(serial: number): boolean {
    const [first] = this.#agenda.pending.inFlight(serial);
    if (first === undefined) {
      return false;
    }
    this.traffic.duplicated++;
    this.#again(first, COPY_LAG_US);
    return true;
  }

  /** The same message once more, `later` than the one behind `handle`. */
  #again(handle: number, later: Micros): void {
    const { pending } = this.#agenda;
    const copy = pending.allocate(DELIVER, pending.node[handle] ?? 0, pending.life[handle] ?? 0);
    pending.ref[copy] = pending.ref[handle];
    const [from = 0, serial = 0] = [pending.detail[handle], pending.serial[handle]];
    pending.message(copy, from, serial, pending.sentAt[handle] ?? 0);
    this.#agenda.push((pending.dueAt[handle] ?? 0) + later, copy);
  }

  #copy(to: Process, bytes: Uint8Array, at: Micros): number {
    const handle = this.#agenda.pending.allocate(DELIVER, to.index, to.life);
    this.#agenda.pending.ref[handle] = bytes;
    this.#agenda.push(at, handle);
    return handle;
  }
}
