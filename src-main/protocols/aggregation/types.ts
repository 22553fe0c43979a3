import type { BaseInput, Effect, NodeId } from "#main/kernel/machine.ts";
import type { Micros } from "#main/kernel/time.ts";

/** What is known of one metric on the way: push-sum's pair, and the extremes heard of. */
export interface Share {
  /** 1 for each node with a value, spread over all nodes; what a node holds is a part of it. */
  readonly weight: number;
  readonly sum: number;
  /** Null while no value was heard of. */
  readonly extremes: Extremes | null;
}

export interface Extremes {
  readonly min: number;
  readonly max: number;
}

/** A node's whole holding, or what one transfer moves. */
export interface Mass {
  /** The node whose weight of 1 counts the others: the lowest rank of the epoch heard of. */
  readonly root: NodeId;
  readonly rootWeight: number;
  /** One for each metric, in the order of the options. */
  readonly shares: readonly Share[];
}

export interface Transfer {
  readonly epoch: number;
  /** Counts from 1 for each sender and epoch. */
  readonly sequence: number;
  readonly mass: Mass;
}

export type AggregationMessage =
  | ({ readonly type: "transfer" } & Transfer)
  /** `applied` false: it was not taken and never will be, the sender keeps it. */
  | {
      readonly type: "ack";
      readonly epoch: number;
      readonly sequence: number;
      readonly applied: boolean;
    };

export type AggregationInput =
  | BaseInput<AggregationMessage>
  /** This node's own value; counts from the next epoch on. Null takes it back. */
  | {
      readonly kind: "value";
      readonly now: Micros;
      readonly metric: string;
      readonly value: number | null;
    };

export type AggregateFunction = "count" | "sum" | "mean" | "min" | "max";

/** Both null while the value means nothing yet. */
export interface Estimate {
  readonly value: number | null;
  /** Relative: what the estimates heard last and the own change leave open. 0 for 0 of 0. */
  readonly error: number | null;
}

export type Estimates = Readonly<Record<AggregateFunction, Estimate>>;

export type MassRefusal = "bad-mass" | "unknown-root" | "wrong-metrics" | "too-many-senders";

export type AggregationEvent =
  | { readonly kind: "epoch"; readonly epoch: number; readonly metrics: readonly string[] }
  | {
      readonly kind: "estimate";
      readonly metric: string;
      readonly epoch: number;
      readonly round: number;
      /** The epoch is over: the best that it could tell. */
      readonly final: boolean;
      readonly estimates: Estimates;
    }
  /** A transfer was not taken: it was not acknowledged either. */
  | { readonly kind: "refused"; readonly from: NodeId; readonly code: MassRefusal }
  /** The node's own value was not taken: unknown metric, not a number, out of its range. */
  | { readonly kind: "bad-value"; readonly metric: string };

export type AggregationEffect = Effect<AggregationMessage, AggregationEvent>;
