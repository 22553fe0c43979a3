/**
 * The words of the SWIM detector. `watch`, `unwatch`, `self`, `refuted` and the events `suspect`,
 * `answered`, `health` are the shape that all detectors share, so that a node can pick one.
 */
import type { BaseInput, Effect, NodeId } from "#main/kernel/machine.ts";
import type { Micros } from "#main/kernel/time.ts";

export type SwimMessage =
  /** `target` is the name the sender believes to reach; another node drops the ping. */
  | { readonly kind: "ping"; readonly sequence: number; readonly target: NodeId }
  /** `sequence` of the ping or ping-req it answers; `incarnation` of the probed member. */
  | { readonly kind: "ack"; readonly sequence: number; readonly incarnation: number }
  | { readonly kind: "ping-req"; readonly sequence: number; readonly target: NodeId }
  /** A relay's "I am well, the target is silent so far". */
  | { readonly kind: "nack"; readonly sequence: number };

export type SwimInput =
  | BaseInput<SwimMessage>
  /** Probe the member; again with another `usable` changes only whether it serves as a relay. */
  | {
      readonly kind: "watch";
      readonly now: Micros;
      readonly member: NodeId;
      readonly usable: boolean;
    }
  | { readonly kind: "unwatch"; readonly now: Micros; readonly member: NodeId }
  /** This node's own incarnation, claimed in its answers from now on. */
  | { readonly kind: "self"; readonly now: Micros; readonly incarnation: number }
  /** This node had to refute a suspicion: a hint that it is the slow one. */
  | { readonly kind: "refuted"; readonly now: Micros };

export type SwimEvent =
  /** The period ended without an answer, direct or through `relays`. */
  | {
      readonly kind: "suspect";
      readonly member: NodeId;
      readonly reason: "no-ack";
      readonly sequence: number;
      readonly relays: readonly NodeId[];
    }
  /** The member itself answered; `rtt` from ping to ack. */
  | {
      readonly kind: "answered";
      readonly member: NodeId;
      readonly incarnation: number;
      readonly rtt: Micros | null;
    }
  /** Lifeguard's local health multiplier changed; 0 is healthy. */
  | { readonly kind: "health"; readonly score: number };

export type SwimEffect = Effect<SwimMessage, SwimEvent>;
