import { z } from "zod";

export const MAX_NODES = 10_000;

/** Letters, digits and `. _ -`: safe in paths, tables, Serf and DNS-like names. */
export const nodeIdSchema = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
    "a node name is 1 to 64 letters, digits, '.', '_' or '-'",
  );
export type NodeId = z.infer<typeof nodeIdSchema>;

/** Integer microseconds: since the start of a simulated run, or since the Unix epoch. */
export const microsSchema = z.number().int().nonnegative();

export const zoneSchema = z.string().min(1).max(64);
export const textSchema = z.string().max(4_096);
export const countSchema = z.number().int().nonnegative();

export const memberStateSchema = z.enum(["alive", "suspect", "unreachable", "dead", "left"]);
/** One observer's verdict; `dead` only with a quorum certificate (or the attached engine's word). */
export type MemberState = z.infer<typeof memberStateSchema>;

export const TOPOLOGY_KINDS = [
  "grid",
  "ring",
  "star",
  "full",
  "random-regular",
  "hierarchical",
  "small-world",
  "custom",
] as const;
export const topologyKindSchema = z.enum(TOPOLOGY_KINDS);
export type TopologyKind = z.infer<typeof topologyKindSchema>;

export const GOSSIP_MODES = ["push", "pull", "push-pull"] as const;
export const gossipModeSchema = z.enum(GOSSIP_MODES);
export type GossipMode = z.infer<typeof gossipModeSchema>;

export const DETECTORS = ["heartbeat", "swim", "phi"] as const;
export const detectorSchema = z.enum(DETECTORS);
export type Detector = z.infer<typeof detectorSchema>;

export const rumourIdSchema = z.string().min(1).max(128);

/** Round-trip free, one-way conditions of a link; a missing field leaves that aspect as it is. */
export const linkConditionsSchema = z.strictObject({
  /** One-way delay: lowest value and mean of the exponential part on top, in milliseconds. */
  latencyMs: z.number().min(0).max(600_000).optional(),
  jitterMs: z.number().min(0).max(600_000).optional(),
  /** Probabilities per message, 0 to 1. */
  loss: z.number().min(0).max(1).optional(),
  duplicate: z.number().min(0).max(1).optional(),
  /** Probability that a message is held back by up to ten times the mean latency. */
  reorder: z.number().min(0).max(1).optional(),
  /** Bytes per second; absent means unlimited. */
  bandwidth: z.number().int().min(1).max(1e12).optional(),
});
export type LinkConditions = z.infer<typeof linkConditionsSchema>;

/** Where a network condition holds: everywhere, on the links between two sets, or around a set. */
export const linkScopeSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("mesh") }),
  z.strictObject({
    kind: z.literal("between"),
    from: z.array(nodeIdSchema).min(1).max(MAX_NODES),
    to: z.array(nodeIdSchema).min(1).max(MAX_NODES),
    /** Only messages from `from` to `to`. */
    oneWay: z.boolean().optional(),
  }),
  z.strictObject({
    kind: z.literal("around"),
    nodes: z.array(nodeIdSchema).min(1).max(MAX_NODES),
  }),
]);
export type LinkScope = z.infer<typeof linkScopeSchema>;
