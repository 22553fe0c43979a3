/** What one node or one message holds at the present moment: asked for, never streamed. */
import { z } from "zod";
import { consensusKindSchema, consensusRoleSchema, logEntrySchema } from "./agreement-events.ts";
import { countSchema, microsSchema, nodeIdSchema } from "./primitives.ts";
import { memoryKeySchema, memoryModeSchema, memoryValueSchema } from "./state-events.ts";

const nodes = z.array(nodeIdSchema);
const instant = z.number().int();

/** Mirrors a machine's own account of itself; instants are the node's own clock. */
export const consensusStatusSchema = z.strictObject({
  protocol: consensusKindSchema,
  role: consensusRoleSchema,
  term: countSchema,
  leader: nodeIdSchema.nullable(),
  votedFor: nodeIdSchema.nullable(),
  voters: nodes,
  outgoing: nodes,
  learners: nodes,
  quorum: countSchema,
  tolerates: countSchema,
  first: countSchema,
  last: countSchema,
  committed: countSchema,
  applied: countSchema,
  snapshot: z
    .strictObject({ index: countSchema, term: countSchema, bytes: countSchema })
    .nullable(),
  timers: z.array(z.strictObject({ timer: z.string().max(128), at: instant })).max(1_024),
  peers: z
    .array(
      z.strictObject({
        node: nodeIdSchema,
        match: countSchema,
        next: countSchema,
        state: z.string().max(32),
        inFlight: countSchema,
      }),
    )
    .max(1_024),
});
export type ConsensusStatusData = z.infer<typeof consensusStatusSchema>;

export const memoryEntrySchema = z.strictObject({
  namespace: z.string().max(64),
  mode: memoryModeSchema,
  key: memoryKeySchema,
  values: z.array(memoryValueSchema).max(64),
  version: z.string().max(256),
  expiresAt: instant.optional(),
});
export type MemoryEntry = z.infer<typeof memoryEntrySchema>;

export const MAX_INSPECTED_LOG = 1_000;
export const MAX_INSPECTED_ENTRIES = 1_000;

export const inspectionSchema = z.strictObject({
  node: nodeIdSchema,
  /** Mesh time, and the node's own clock at that time. */
  at: microsSchema,
  clock: instant,
  /** Absent where the node takes no part in consensus. */
  consensus: consensusStatusSchema.optional(),
  log: z.array(logEntrySchema).max(MAX_INSPECTED_LOG),
  memory: z.array(memoryEntrySchema).max(MAX_INSPECTED_ENTRIES),
  /** Entries that did not fit. */
  memorySkipped: countSchema,
  reputation: z
    .array(
      z.strictObject({
        member: nodeIdSchema,
        score: z.number(),
        standing: z.enum(["good", "watched", "graylisted", "banned"]),
      }),
    )
    .max(10_000),
});
export type Inspection = z.infer<typeof inspectionSchema>;

/** One message, read by the codec that its receiver uses. */
export const messageDetailSchema = z.strictObject({
  message: countSchema,
  name: z.string().max(64),
  from: z.string().max(64),
  to: z.string().max(64),
  sentAt: microsSchema,
  bytes: countSchema,
  /** JSON, cut at 64 KiB; binary fields as hex. Absent when the bytes are no longer kept. */
  decoded: z.string().max(65_536).optional(),
});
export type MessageDetail = z.infer<typeof messageDetailSchema>;

/** A saved run on the host's disk. */
export const savedRunSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/),
  name: z.string().max(128),
  savedMs: z.number(),
  bytes: countSchema,
  nodes: countSchema,
  /** Mesh time at which it ends. */
  endsAt: microsSchema,
  consensus: consensusKindSchema,
});
export type SavedRun = z.infer<typeof savedRunSchema>;

const localised = z.strictObject({ en: z.string(), zh: z.string().optional() });

/** A scenario that comes with the program. */
export const lessonSchema = z.strictObject({
  id: z.string().max(64),
  title: localised,
  about: localised,
  steps: countSchema,
  nodes: countSchema,
  consensus: consensusKindSchema,
});
export type Lesson = z.infer<typeof lessonSchema>;
