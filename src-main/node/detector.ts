/**
 * The one shape of the three failure detectors, structurally: a node picks one by option and
 * wires it the same way. Their messages differ, so each comes with its codec.
 */
import type { AnsweredEvent, DetectorInput, SuspectEvent } from "#main/kernel/detector.ts";
import { heartbeatCodec } from "#main/kernel/heartbeat-codec.ts";
import type { Effect, NodeId } from "#main/kernel/machine.ts";
import type { Random } from "#main/kernel/random.ts";
import type { Codec } from "#main/kernel/wire.ts";
import { HeartbeatDetector } from "#main/protocols/heartbeat/heartbeat.ts";
import type { ReportReason } from "#main/protocols/membership/types.ts";
import { PhiDetector } from "#main/protocols/phi/phi.ts";
import { swimCodec } from "#main/protocols/swim/codec.ts";
import { SwimDetector } from "#main/protocols/swim/swim.ts";
import type { NodeOptions } from "./options.ts";
import type { Slot } from "./outbox.ts";
import { MessageNames } from "./packet.ts";

/** What all detectors conclude; `health` is SWIM's alone. */
export type DetectorEvent =
  | SuspectEvent<ReportReason>
  | AnsweredEvent
  | { readonly kind: "health"; readonly score: number };

/** Some detector's message: only its own codec and machine look inside. */
export interface DetectorMessage {
  readonly kind: string;
}

interface DetectorMachine<Message> {
  step(input: DetectorInput<Message>): readonly Effect<Message, DetectorEvent>[];
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
      return erase("phi", new PhiDetector(self, options.phi, random), heartbeatCodec);
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
