/** A view as JSON. Maps are lists; what is unknown is left out; beliefs are columns of indexes. */
import { z } from "zod";
import { faultSpecSchema, parseMeshEvent } from "../contract/events.ts";
import { meshOptionsSchema } from "../contract/mesh-options.ts";
import {
  countSchema,
  gossipModeSchema,
  MAX_NODES,
  memberStateSchema,
  microsSchema,
  nodeIdSchema,
  rumourIdSchema,
  textSchema,
  topologyKindSchema,
  zoneSchema,
} from "../contract/primitives.ts";
import { agreementDataSchema } from "./agreement/snapshot.ts";
import {
  MAX_ARRIVALS,
  MAX_LOG_LINES,
  MAX_METRIC_WINDOWS,
  MAX_RECOVERIES,
  MAX_RUMOURS,
  MAX_TIMELINE_ENTRIES,
  MAX_VIOLATIONS,
} from "./model.ts";
import { stateDataSchema } from "./state/snapshot.ts";

const MAX_LINKS = 500_000;
const MAX_BELIEFS = 2_000_000;
const MAX_FAULTS = 10_000;

const reasonSchema = z.string().max(64);
const nodesSchema = z.array(nodeIdSchema).max(MAX_NODES);

const meshSchema = z.strictObject({
  name: z.string().max(128),
  source: z.enum(["simulated", "remote", "serf", "recording"]).optional(),
  options: meshOptionsSchema.optional(),
  topology: topologyKindSchema.optional(),
  gossip: z
    .strictObject({
      mode: gossipModeSchema,
      fanout: countSchema,
      intervalMs: z.number().positive(),
    })
    .optional(),
});

/** Without the counters, which follow from beliefs and links. */
const nodeSchema = z.strictObject({
  id: nodeIdSchema,
  zone: zoneSchema.optional(),
  address: z.string().max(256).optional(),
  tags: z.record(z.string().max(128), z.string().max(512)).optional(),
  process: z.enum(["unknown", "running", "paused", "stopped"]),
  stopReason: z.enum(["killed", "left", "failed"]).optional(),
  incarnation: countSchema.optional(),
  leaving: z.boolean(),
  mode: z.enum(["read-write", "read-only"]).optional(),
  modeReason: reasonSchema.optional(),
  reachable: countSchema.optional(),
  needed: countSchema.optional(),
  of: countSchema.optional(),
  confirmed: z
    .strictObject({ observers: nodesSchema, needed: countSchema, of: countSchema })
    .optional(),
  localHealth: countSchema.optional(),
  digest: z.strictObject({ members: z.string().max(32), rumours: z.string().max(32) }).optional(),
  weakPoints: nodesSchema,
  receivedPerSecond: z.number().nonnegative().optional(),
  sentPerSecond: z.number().nonnegative().optional(),
  refutations: countSchema,
  judged: z.boolean(),
  changedAt: microsSchema,
});

const linkSchema = z.strictObject({
  a: nodeIdSchema,
  b: nodeIdSchema,
  aUp: z.boolean(),
  bUp: z.boolean(),
  reason: reasonSchema,
  rttMs: z.number().nonnegative().optional(),
  since: microsSchema,
});

/** Checked in one go: a mesh that is torn apart has hundreds of thousands of beliefs. */
const column = z.custom<number[]>(
  (value) =>
    Array.isArray(value) &&
    value.length <= MAX_BELIEFS &&
    value.every((entry) => Number.isSafeInteger(entry) && entry >= 0),
  "a column is a list of counts",
);

/**
 * Row i of all columns is one belief; `member` and `observer` index the list of nodes. An
 * incarnation is written as one more than it is, because 0 stands for one that is not known.
 */
const beliefsSchema = z.strictObject({
  states: z.array(memberStateSchema.exclude(["alive"])).max(4),
  reasons: z.array(reasonSchema).max(10_000),
  member: column,
  observer: column,
  state: column,
  incarnation: column,
  reason: column,
  since: column,
});

/** Node, when, from whom (null: published there), how, after how many hops. */
const arrivalSchema = z.tuple([
  nodeIdSchema,
  microsSchema,
  nodeIdSchema.nullable(),
  z.string().max(32),
  countSchema,
]);

const rumourSchema = z.strictObject({
  id: rumourIdSchema,
  origin: nodeIdSchema,
  topic: z.string().max(128),
  payload: textSchema,
  bytes: countSchema,
  urgent: z.boolean(),
  publishedAt: microsSchema,
  reached: z.array(arrivalSchema).max(MAX_ARRIVALS),
  cooled: countSchema,
  messages: countSchema,
  trafficBytes: countSchema,
  convergedAt: microsSchema.optional(),
});

const windowSchema = z.strictObject({
  at: microsSchema,
  windowUs: microsSchema,
  sent: countSchema,
  delivered: countSchema,
  dropped: countSchema,
  bytes: countSchema,
  latencyMs: z.number().nonnegative().optional(),
});

const logLineSchema = z.strictObject({
  seq: countSchema,
  at: microsSchema,
  node: nodeIdSchema.optional(),
  level: z.enum(["debug", "info", "warn", "error"]),
  topic: z.string().max(64),
  text: textSchema,
});

const recoverySchema = z.strictObject({
  brokenAt: microsSchema.optional(),
  healedAt: microsSchema.optional(),
  recoveredAt: microsSchema.optional(),
  history: z
    .array(z.strictObject({ healedAt: microsSchema, tookUs: microsSchema }))
    .max(MAX_RECOVERIES),
});

const violationSchema = z.strictObject({
  seq: countSchema,
  at: microsSchema,
  invariant: z.string().max(128),
  message: z.string().max(2_000),
  nodes: nodesSchema,
});

const eventSchema = z.unknown().transform((value) => parseMeshEvent(value));

export const viewDataSchema = z.strictObject({
  mesh: meshSchema,
  nodes: z.array(nodeSchema).max(MAX_NODES),
  links: z.array(linkSchema).max(MAX_LINKS),
  beliefs: beliefsSchema,
  rumours: z.array(rumourSchema).max(MAX_RUMOURS),
  faults: z
    .array(
      z.strictObject({
        id: z.string().max(64),
        spec: faultSpecSchema,
        since: microsSchema,
        until: microsSchema.optional(),
      }),
    )
    .max(MAX_FAULTS),
  windows: z.array(windowSchema).max(MAX_METRIC_WINDOWS),
  logs: z.strictObject({
    lines: z.array(logLineSchema).max(MAX_LOG_LINES),
    dropped: countSchema,
  }),
  timeline: z.strictObject({
    entries: z.array(eventSchema).max(MAX_TIMELINE_ENTRIES),
    dropped: countSchema,
  }),
  recovery: recoverySchema,
  violations: z.array(violationSchema).max(MAX_VIOLATIONS),
  /** Absent in what was written before there was agreement. */
  agreement: agreementDataSchema.optional(),
  state: stateDataSchema.optional(),
});
export type ViewData = z.infer<typeof viewDataSchema>;
