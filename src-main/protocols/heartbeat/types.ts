/**
 * The words of the heartbeat detector. `watch`, `unwatch`, `self`, `refuted` and the events
 * `suspect`, `answered` are the shape that all detectors share, so that a node can pick one.
 */
import type { BaseInput, Effect, NodeId } from "#main/kernel/machine.ts";
import type { Micros } from "#main/kernel/time.ts";

/** "I am alive." `sequence` counts the beats of the sender's present life. */
export interface HeartbeatMessage {
  readonly kind: "heartbeat";
  readonly sequence: number;
  readonly incarnation: number;
}

export type HeartbeatInput =
  | BaseInput<HeartbeatMessage>
  /** Send heartbeats to the member and expect its own; watching it again changes nothing. */
  | {
      readonly kind: "watch";
      readonly now: Micros;
      readonly member: NodeId;
      readonly usable: boolean;
    }
  | { readonly kind: "unwatch"; readonly now: Micros; readonly member: NodeId }
  /** This node's own incarnation, claimed in its heartbeats from now on. */
  | { readonly kind: "self"; readonly now: Micros; readonly incarnation: number }
  /** Only SWIM draws a conclusion from a refutation. */
  | { readonly kind: "refuted"; readonly now: Micros };

export type HeartbeatEvent =
  | {
      readonly kind: "suspect";
      readonly member: NodeId;
      readonly reason: "silent";
      readonly relays: readonly NodeId[];
    }
  | {
      readonly kind: "answered";
      readonly member: NodeId;
      readonly incarnation: number;
      readonly rtt: Micros | null;
    };

export type HeartbeatEffect = Effect<HeartbeatMessage, HeartbeatEvent>;
