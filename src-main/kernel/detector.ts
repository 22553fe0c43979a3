/**
 * The shape that all failure detectors share, so that a node can pick one and wire it the same
 * way. They differ in messages, in tuning, and in what they take for silence.
 */
import type { BaseInput, NodeId } from "./machine.ts";
import type { Micros } from "./time.ts";

/** What a detector is told besides messages and timers. */
export type DetectorOrder =
  /** Expect signs of life from the member; `usable`: it can also serve as a relay. */
  | {
      readonly kind: "watch";
      readonly now: Micros;
      readonly member: NodeId;
      readonly usable: boolean;
    }
  | { readonly kind: "unwatch"; readonly now: Micros; readonly member: NodeId }
  /** This node's own incarnation, claimed in its messages from now on. */
  | { readonly kind: "self"; readonly now: Micros; readonly incarnation: number }
  /** This node had to refute a suspicion: a hint that it is the slow one. */
  | { readonly kind: "refuted"; readonly now: Micros };

export type DetectorInput<Message> = BaseInput<Message> | DetectorOrder;

/** The member gave no sign of life; `relays` were asked in vain. */
export interface SuspectEvent<Reason extends string> {
  readonly kind: "suspect";
  readonly member: NodeId;
  readonly reason: Reason;
  readonly relays: readonly NodeId[];
}

/** The member itself answered; `rtt` from question to answer, null where nothing was asked. */
export interface AnsweredEvent {
  readonly kind: "answered";
  readonly member: NodeId;
  readonly incarnation: number;
  readonly rtt: Micros | null;
}

/** "I am alive." `sequence` counts the beats of the sender's present life. */
export interface Heartbeat {
  readonly kind: "heartbeat";
  readonly sequence: number;
  readonly incarnation: number;
}
