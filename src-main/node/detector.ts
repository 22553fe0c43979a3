/**
 * The one shape of the three failure detectors, structurally: a node picks one by option and
 * wires it the same way. Their messages differ, so each comes with its codec.
 */
import type { Effect, NodeId } from "#main/kernel/machine.ts";
import type { Random } from "#main/kernel/random.ts";
import type { Micros } from "#main/kernel/time.ts";
import type { Codec } from "#main/kernel/wire.ts";
import { heartbeatCodec } from "#main/protocols/heartbeat/codec.ts";
import { HeartbeatDetector } from "#main/protocols/heartbeat/heartbeat.ts";
import type { ReportReason } from "#main/protocols/membership/types.ts";
import { phiCodec } from "#main/protocols/phi/codec.ts";
import { PhiDetector } from "#main/protocols/phi/phi.ts";
import { swimCodec } from "#main/protocols/swim/codec.ts";
import { SwimDetector } from "#main/protocols/swim/swim.ts";
import type { NodeOptions } from "./options.ts";
import type { Slot } from "./outbox.ts";
import { MessageNames } from "./packet.ts";

/** What all detectors are told besides messages. */
export type DetectorInput =
  | { readonly kind: "start"; readonly now: Micros }
  | { readonly kind: "timer"; readonly now: Micros; readonly timer: string }
  | {
      readonly kind: "watch";
      readonly now: Micros;
      readonly member: NodeId;
      readonly usable: boolean;
    }
  | { readonly kind: "unwatch"; readonly now: Micros; readonly member: NodeId }
  | { readonly kind: "self"; readonly now: Micros; readonly incarnation: number }
  | { readonly kind: "refuted"; readonly now: Micros };

/** What all detectors conclude; `health` is SWIM's alone. */
export type DetectorEvent =
  | {
      readonly kind: "suspect";
      readonly member: NodeId;
      readonly reason: ReportReason;
      readonly relays: readonly NodeId[];
    }
  | { readonly kind: "answered"; readonly member: NodeId; readonly incarnation: number }
  | { readonly kind: "health"; readonly score: number };

/** Some detector's message: only its own codec and machine look inside. */
export interface DetectorMessage {
  readonly kind: string;
}

type MessageInput<Message> = {
  readonly kind: "message";
  readonly now: Micros;
  readonly from: NodeId;
  readonly message: Message;
};

interface DetectorMachine<Message> {
  step(input: DetectorInput | MessageInput<Message>): readonly Effect<Message, DetectorEvent>[];
}

export interface DetectorSlot<Message extends DetectorMessage = DetectorMessage> {
  readonly machine: DetectorMachine<Message>;
  readonly slot: Slot<Message, never>;
}

export function createDetector(self: NodeId, options: NodeOptions, random: Random): DetectorSlot {
  switch (options.detector) {
    case "swim":
      return erase("swim", new SwimDetector(self, options.swim, random), swimCodec);
    case "heartbeat":
      return erase(
        "heartbeat",
        new HeartbeatDetector(self, options.heartbeat, random),
        heartbeatCodec,
      );
    case "phi":
      return erase("phi", new PhiDetector(self, options.phi, random), phiCodec);
  }
}

/**
 * Forgets the message type. Sound because machine and codec are used only together: what the
 * codec decodes is what the machine takes, what the machine sends is what the codec encodes.
 */
function erase<Message extends DetectorMessage>(
  protocol: "swim" | "heartbeat" | "phi",
  machine: DetectorMachine<Message>,
  codec: Codec<Message>,
): DetectorSlot {
  const names = new MessageNames(protocol);
  const typed: DetectorSlot<Message> = {
    machine,
    slot: { timers: "detector:", protocol, codec, names, record: null },
  };
  return typed;
}
