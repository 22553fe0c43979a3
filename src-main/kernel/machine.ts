/**
 * The vocabulary of protocol machines. A machine is a synchronous object whose only way in is
 * `step(input)` and whose only way out is the list of effects that `step` returns. Time and
 * randomness are handed in, so a list of inputs replays everything a machine ever did.
 */
import type { Micros } from "./time.ts";

/** A node's stable name, unique in its mesh: 1 to 64 bytes of UTF-8. */
export type NodeId = string;

/** A timer's name, unique within one machine. Setting a timer that is set replaces it. */
export type TimerName = string;

/** What a machine wants done. The driver executes effects in the order of the list. */
export type Effect<Message, Event, Record = never> =
  | SendEffect<Message>
  | TimerEffect
  | EmitEffect<Event>
  | PersistEffect<Message, Event, Record>;

export interface SendEffect<Message> {
  readonly kind: "send";
  readonly to: NodeId;
  readonly message: Message;
}

/** Fires a `timer` input at `at` (or as soon as possible after); `null` cancels. */
export interface TimerEffect {
  readonly kind: "timer";
  readonly timer: TimerName;
  readonly at: Micros | null;
}

export interface EmitEffect<Event> {
  readonly kind: "emit";
  readonly event: Event;
}

/**
 * Durability order as data: the driver writes `record`, and only when it is on disk executes
 * `then`. A crash before that loses the record and everything in `then`.
 */
export interface PersistEffect<Message, Event, Record> {
  readonly kind: "persist";
  readonly record: Record;
  /**
   * The record stands for everything this machine persisted before: the driver drops that, in the
   * same atomic write. Absent: the record is appended.
   */
  readonly checkpoint?: boolean;
  readonly then: readonly Effect<Message, Event, Record>[];
}

/** The inputs every machine knows; a protocol's own commands are added to this union. */
export type BaseInput<Message> =
  | { readonly kind: "start"; readonly now: Micros }
  | {
      readonly kind: "message";
      readonly now: Micros;
      readonly from: NodeId;
      readonly message: Message;
    }
  | { readonly kind: "timer"; readonly now: Micros; readonly timer: TimerName };

export interface Machine<Input, Out> {
  step(input: Input): readonly Out[];
}
