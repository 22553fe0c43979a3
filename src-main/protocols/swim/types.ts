/** The words of the SWIM detector beyond the shape of all detectors. */
import type { AnsweredEvent, DetectorInput, SuspectEvent } from "#main/kernel/detector.ts";
import type { Effect, NodeId } from "#main/kernel/machine.ts";

export type SwimMessage =
  /** `target` is the name the sender believes to reach; another node drops the ping. */
  | { readonly kind: "ping"; readonly sequence: number; readonly target: NodeId }
  /** `sequence` of the ping or ping-req it answers; `incarnation` of the probed member. */
  | { readonly kind: "ack"; readonly sequence: number; readonly incarnation: number }
  | { readonly kind: "ping-req"; readonly sequence: number; readonly target: NodeId }
  /** A relay's "I am well, the target is silent so far". */
  | { readonly kind: "nack"; readonly sequence: number };

export type SwimInput = DetectorInput<SwimMessage>;

export type SwimEvent =
  /** The period ended without an answer to the ping of this sequence, direct or relayed. */
  | (SuspectEvent<"no-ack"> & { readonly sequence: number })
  | AnsweredEvent
  /** Lifeguard's local health multiplier changed; 0 is healthy. */
  | { readonly kind: "health"; readonly score: number };

export type SwimEffect = Effect<SwimMessage, SwimEvent>;
