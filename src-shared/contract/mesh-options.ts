/** What a simulated mesh is made of. The same shape opens a mesh, heads a recording, fills a scenario. */
import { z } from "zod";
import {
  detectorSchema,
  gossipModeSchema,
  linkConditionsSchema,
  MAX_NODES,
  nodeIdSchema,
  topologyKindSchema,
  zoneSchema,
} from "./primitives.ts";

const positiveMs = z.number().positive().max(86_400_000);

export const nodeSpecSchema = z.strictObject({
  id: nodeIdSchema,
  zone: zoneSchema.optional(),
});

export const topologyOptionsSchema = z.strictObject({
  kind: topologyKindSchema.default("grid"),
  minNeighbours: z.number().int().min(1).max(64).default(3),
  maxNeighbours: z.number().int().min(1).max(64).default(5),
  /** Only for `custom`: the links to begin with. */
  links: z
    .array(z.tuple([nodeIdSchema, nodeIdSchema]))
    .max(100_000)
    .optional(),
  announceIntervalMs: positiveMs.default(5_000),
});

export const membershipOptionsSchema = z.strictObject({
  /** Absent: heartbeat up to 25 nodes, SWIM above. */
  detector: detectorSchema.optional(),
  /** `formed`: every node knows all at the start. `joining`: each comes in through the seeds. */
  start: z.enum(["formed", "joining"]).default("formed"),
  seeds: z.array(nodeIdSchema).max(16).optional(),
  heartbeatIntervalMs: positiveMs.default(3_000),
  heartbeatTimeoutMs: positiveMs.default(10_000),
  probeIntervalMs: positiveMs.default(1_000),
  probeTimeoutMs: positiveMs.default(500),
  indirectProbes: z.number().int().min(0).max(16).default(3),
  suspicionMultiplier: z.number().positive().max(100).default(4),
  localHealth: z.boolean().default(true),
  phiThreshold: z.number().positive().max(100).default(8),
  /** Read-only after this long without a majority; absent: by mesh size. */
  stableAfterMs: positiveMs.optional(),
  /** Breaks a tie of exactly one half: the side with this node goes on. */
  tieBreaker: nodeIdSchema.optional(),
});

export const gossipOptionsSchema = z.strictObject({
  mode: gossipModeSchema.default("push-pull"),
  intervalMs: positiveMs.default(2_000),
  fanout: z.number().int().min(1).max(32).default(3),
  antiEntropyEvery: z.number().int().min(0).max(1_000).default(5),
});

export const meshOptionsSchema = z
  .strictObject({
    name: z.string().min(1).max(128).default("demo"),
    seed: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(1),
    /** A count (named A…Z, then n26…), or the nodes themselves. */
    nodes: z
      .union([
        z.number().int().min(1).max(MAX_NODES),
        z.array(nodeSpecSchema).min(1).max(MAX_NODES),
      ])
      .default(9),
    /** With a count of nodes: spread over zones z1…zN, in turn. */
    zones: z.number().int().min(1).max(64).optional(),
    maxNodes: z.number().int().min(1).max(MAX_NODES).optional(),
    topology: topologyOptionsSchema.prefault({}),
    membership: membershipOptionsSchema.prefault({}),
    gossip: gossipOptionsSchema.prefault({}),
    network: linkConditionsSchema.default({ latencyMs: 5, jitterMs: 5 }),
    /** Extra one-way latency between nodes of different zones. */
    zoneLatencyMs: z.number().min(0).max(60_000).optional(),
  })
  .describe("Options of a simulated mesh.");
export type MeshOptions = z.infer<typeof meshOptionsSchema>;
export type MeshOptionsInput = z.input<typeof meshOptionsSchema>;
export type NodeSpec = z.infer<typeof nodeSpecSchema>;
