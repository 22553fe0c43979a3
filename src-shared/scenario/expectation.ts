/** What a scenario promises: events in time, events that never come, final values, bounds. */
import { z } from "zod";
import { nodeIdSchema } from "../contract/primitives.ts";
import { memoryKeySchema, memoryValueSchema, namespaceSchema } from "../contract/state-events.ts";
import { boundShape, boundsSchema, refuseBadBounds, refuseCrossedBounds } from "./bounds.ts";
import { durationSchema } from "./duration.ts";
import { keyed } from "./keyed.ts";
import { eventPatternSchema } from "./pattern.ts";

export const stepIdSchema = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,63}$/, "a step id is lower-case letters, digits and '-'");

const nodesSchema = z.union([z.enum(["all", "running"]), z.array(nodeIdSchema).min(1).max(10_000)]);
export type NodeSet = z.infer<typeof nodesSchema>;

export const METRICS = [
  "connectivity",
  "latencyMs",
  "messagesPerNodePerSecond",
  "bytesPerNodePerSecond",
  "droppedShare",
  "recoverySeconds",
  "rumourMessagesPerNode",
  "rumourRounds",
] as const;
export type MetricName = (typeof METRICS)[number];

/** Values of the folded view when the run is over. */
export const finalCheckSchema = keyed({
  /** Every one of these nodes has this health, process state or mode. */
  nodes: z
    .strictObject({
      nodes: nodesSchema,
      health: z
        .enum(["failed", "suspect", "degraded", "paused", "left", "healthy", "unknown"])
        .optional(),
      process: z.enum(["unknown", "running", "paused", "stopped"]).optional(),
      mode: z.enum(["read-write", "read-only"]).optional(),
      incarnation: boundsSchema.optional(),
    })
    .refine(
      ({ health, process, mode, incarnation }) =>
        [health, process, mode, incarnation].some((wanted) => wanted !== undefined),
      "say what holds of the nodes: health, process, mode or incarnation",
    ),
  /** These nodes are no longer (or not yet) listed. */
  absent: z.strictObject({ absent: z.array(nodeIdSchema).min(1).max(10_000) }),
  /** How many links each of the nodes holds that are up at both ends. */
  links: z.strictObject({ links: boundsSchema, of: nodesSchema.default("running") }),
  /** The latest rumour (of this topic) reached every running node, or so many nodes. */
  rumour: z.strictObject({
    rumour: z.union([z.literal("all"), boundsSchema]),
    topic: z.string().max(128).optional(),
  }),
  /** All running nodes agree (or do not): no doubt, no read-only side, equal digests. */
  agreement: z.strictObject({ agreement: z.boolean() }),
  /** The overlay of running nodes holds two disjoint routes between any two (or does not). */
  twoDisjointRoutes: z.strictObject({ twoDisjointRoutes: z.boolean() }),
  /** A quorum of voters follows one node (`any`), this node, or no node. */
  leader: z.strictObject({ leader: z.union([z.enum(["any", "none"]), nodeIdSchema]) }),
  /** How far each of the nodes knows the log to be agreed. */
  committed: z.strictObject({ committed: boundsSchema, of: nodesSchema.default("running") }),
  /** No two of the running nodes hold different entries at one index. */
  logs: z.strictObject({ logs: z.literal("agree") }),
  /** Each of the nodes holds this one value under the key; null: it is gone from all. */
  memory: z.strictObject({
    memory: memoryKeySchema,
    namespace: namespaceSchema,
    value: memoryValueSchema.nullable(),
    of: nodesSchema.default("running"),
  }),
  /** The latest decision (of this title) ended so, and every running node that knows it agrees. */
  proposal: z.strictObject({
    proposal: z.enum(["accepted", "rejected", "no-quorum", "expired"]),
    title: z.string().max(128).optional(),
  }),
  /** Whether the known traitors are no more than consensus bears. */
  safety: z.strictObject({ safety: z.enum(["held", "not-guaranteed"]) }),
  /** How many events of the whole run match. */
  events: z
    .strictObject({ events: eventPatternSchema, ...boundShape })
    .superRefine(refuseBadBounds),
});
export type FinalCheck = z.infer<typeof finalCheckSchema>;

export const expectationSchema = keyed({
  /** So many matching events come after the step was executed (absent: the start), in time. */
  event: z
    .strictObject({
      event: eventPatternSchema,
      after: stepIdSchema.optional(),
      within: durationSchema,
      atLeast: z.number().int().min(1).default(1),
      atMost: z.number().int().min(1).optional(),
    })
    .superRefine(refuseCrossedBounds),
  /** No matching event comes, from one step (absent: the start) to another (absent: the end). */
  never: z.strictObject({
    never: eventPatternSchema,
    from: stepIdSchema.optional(),
    until: stepIdSchema.optional(),
  }),
  final: z.strictObject({ final: finalCheckSchema }),
  metric: z.strictObject({ metric: z.enum(METRICS), ...boundShape }).superRefine(refuseBadBounds),
});
export type Expectation = z.infer<typeof expectationSchema>;
