/**
 * Collects what a step of a node wants done: machines' effects, packed, tagged and prefixed, in
 * the order in which they came. Events of machines are handed to the node at their place in that
 * order, so what follows from an event behind a `persist` also waits for the disk.
 */
import type { MeshEventBody } from "#shared/contract/events.ts";
import { assert, unreachable } from "#main/kernel/assert.ts";
import type { Effect, NodeId, TimerName } from "#main/kernel/machine.ts";
import type { Micros } from "#main/kernel/time.ts";
import { type Codec, WireWriter } from "#main/kernel/wire.ts";
import type { NodeAnswer, NodeEffect } from "./mesh-node.ts";
import {
  carriesUpdates,
  type MessageNames,
  type NamedMessage,
  PACKET_BUDGET_BYTES,
  PACKET_VERSION,
  type ProtocolName,
  protocolTag,
} from "./packet.ts";
import { encodeRecord } from "./records.ts";
import { joinTimer } from "./timer-names.ts";

/** A machine's place in the node: how its messages, timers and records are told from others'. */
export interface Slot<Message extends NamedMessage, Record> {
  readonly timers: string;
  readonly protocol: ProtocolName;
  readonly codec: Codec<Message>;
  readonly names: MessageNames;
  readonly record: { readonly tag: number; readonly codec: Codec<Record> } | null;
}

/** What rides behind the messages of other protocols (SWIM's infection-style dissemination). */
export interface Piggyback {
  piggyback(to: NodeId, writer: WireWriter, budgetBytes: number, now: Micros): void;
}

const NOTHING: readonly NodeEffect[] = [];

export class Outbox {
  readonly #membership: Piggyback;
  readonly #writer = new WireWriter();
  #effects: NodeEffect[] = [];

  constructor(membership: Piggyback) {
    this.#membership = membership;
  }

  /** What was collected since the last `take`. */
  take(): readonly NodeEffect[] {
    if (this.#effects.length === 0) {
      return NOTHING;
    }
    // A copy: V8 makes lists that are created here long-lived, because those of a mesh that starts
    // are, and then all messages in them outlive their delivery by far.
    const effects = this.#effects.slice();
    this.#effects.length = 0;
    return effects;
  }

  emit(event: MeshEventBody): void {
    this.#effects.push({ kind: "emit", event });
  }

  emitAll(events: readonly MeshEventBody[]): void {
    for (const event of events) {
      this.emit(event);
    }
  }

  answer(commandId: number, answer: NodeAnswer): void {
    this.#effects.push({ kind: "answer", commandId, answer });
  }

  timer(timer: TimerName, at: Micros | null): void {
    this.#effects.push({ kind: "timer", timer, at });
  }

  absorb<Message extends NamedMessage, Event, Record>(
    slot: Slot<Message, Record>,
    effects: readonly Effect<Message, Event, Record>[],
    now: Micros,
    onEvent: (event: Event, now: Micros) => void,
  ): void {
    for (const effect of effects) {
      switch (effect.kind) {
        case "send":
          this.#send(slot, effect.to, effect.message, now);
          break;
        case "timer":
          this.timer(joinTimer(slot.timers, effect.timer), effect.at);
          break;
        case "emit":
          onEvent(effect.event, now);
          break;
        case "persist": {
          const then = this.#aside(() => this.absorb(slot, effect.then, now, onEvent));
          const record = persisted(slot, effect.record);
          const checkpoint = effect.checkpoint === true;
          this.#effects.push({ kind: "persist", record, checkpoint, then });
          break;
        }
        default:
          unreachable(effect);
      }
    }
  }

  #send<Message extends NamedMessage, Record>(
    slot: Slot<Message, Record>,
    to: NodeId,
    message: Message,
    now: Micros,
  ): void {
    const writer = this.#writer.reset();
    writer.u8(PACKET_VERSION);
    writer.u8(protocolTag(slot.protocol));
    slot.codec.encode(writer, message);
    if (carriesUpdates(slot.protocol)) {
      const budget = Math.max(0, PACKET_BUDGET_BYTES - writer.length);
      this.#membership.piggyback(to, writer, budget, now);
    }
    this.#effects.push({ kind: "send", to, bytes: writer.finish(), name: slot.names.of(message) });
  }

  #aside(collect: () => void): readonly NodeEffect[] {
    const outer = this.#effects;
    this.#effects = [];
    collect();
    const inner = this.#effects;
    this.#effects = outer;
    return inner;
  }
}

function persisted<Message extends NamedMessage, Record>(
  slot: Slot<Message, Record>,
  record: Record,
): Uint8Array {
  const { record: format } = slot;
  assert(format !== null, `${slot.protocol} keeps no records`);
  return encodeRecord(format.tag, (writer) => format.codec.encode(writer, record));
}
