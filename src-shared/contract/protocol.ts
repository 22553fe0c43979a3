/**
 * The frames between a console and a host: the same values over a MessagePort (structured clone)
 * and over a WebSocket (JSON text, one frame a message). Described for readers in docs/protocol.md.
 */
import { z } from "zod";
import { meshCommandSchema, ROLES } from "./commands.ts";
import { meshDescriptionSchema, meshIdSchema, meshStatusSchema } from "./description.ts";
import { errorSchema } from "./errors.ts";
import {
  inspectionSchema,
  lessonSchema,
  MAX_INSPECTED_LOG,
  messageDetailSchema,
  savedRunSchema,
} from "./inspection.ts";
import { meshOptionsSchema } from "./mesh-options.ts";
import { countSchema, microsSchema, nodeIdSchema } from "./primitives.ts";
import { traceBatchSchema } from "./trace.ts";

export const PROTOCOL_VERSION = 1;
export const MAX_FRAME_BYTES = 16 * 1024 * 1024;
/** Frames from a client are small; a larger one ends the session. */
export const MAX_CLIENT_FRAME_BYTES = 256 * 1024;
/** Credit a client starts a subscription with: events it is ready to take. */
export const INITIAL_CREDIT = 5_000;

/** Messages that one `mesh.messages` reads at most. */
export const MAX_MESSAGES_READ = 100_000;

const requestId = z.number().int().nonnegative();

/** Client → host. The first frame of a session is `hello`; nothing else is answered before it. */
export const clientFrameSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("hello"),
    protocol: z.number().int(),
    client: z.string().max(128),
    /** Over WebSocket only; a MessagePort is trusted by where it came from. */
    token: z.string().max(256).optional(),
  }),
  z.strictObject({
    kind: z.literal("request"),
    id: requestId,
    method: z.string().max(64),
    params: z.unknown(),
  }),
  /** Opens a stream; it is pushed to until `cancel`, an `end` push, or the end of the session. */
  z.strictObject({
    kind: z.literal("subscribe"),
    id: requestId,
    topic: z.string().max(64),
    params: z.unknown(),
  }),
  z.strictObject({ kind: z.literal("credit"), id: requestId, events: z.number().int().positive() }),
  z.strictObject({ kind: z.literal("cancel"), id: requestId }),
  z.strictObject({ kind: z.literal("ping"), id: requestId }),
]);
export type ClientFrame = z.infer<typeof clientFrameSchema>;

/** Host → client. */
export const hostFrameSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("welcome"),
    protocol: z.number().int(),
    /** Of this run of the host; a client resumes its streams only where this is the same. */
    instance: z.string().max(64),
    host: z.string().max(128),
    session: z.string().max(64),
    role: z.enum(ROLES),
  }),
  z.strictObject({ kind: z.literal("reply"), id: requestId, result: z.unknown() }),
  z.strictObject({ kind: z.literal("failure"), id: requestId, error: errorSchema }),
  z.strictObject({ kind: z.literal("push"), id: requestId, push: z.unknown() }),
  z.strictObject({ kind: z.literal("end"), id: requestId, error: errorSchema.optional() }),
  z.strictObject({ kind: z.literal("pong"), id: requestId }),
  /** The session is over; the channel closes after this frame. */
  z.strictObject({ kind: z.literal("bye"), error: errorSchema }),
]);
export type HostFrame = z.infer<typeof hostFrameSchema>;

export const meshListingSchema = z.strictObject({
  description: meshDescriptionSchema,
  status: meshStatusSchema,
});
export type MeshListing = z.infer<typeof meshListingSchema>;

/** How a mesh is opened. */
export const openMeshSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("simulated"), options: meshOptionsSchema }),
  z.strictObject({
    kind: z.literal("serf"),
    /** `serf://host:port` */
    address: z.string().max(256),
    authKey: z.string().max(256).optional(),
  }),
  z.strictObject({
    kind: z.literal("remote"),
    /** `ws://host:port` or `wss://host:port` */
    address: z.string().max(256),
    token: z.string().max(256),
    /** The mesh over there; absent: all of its meshes are opened, each as one of ours. */
    mesh: z.string().max(64).optional(),
  }),
  z.strictObject({
    kind: z.literal("recording"),
    /** Content of the recording file. */
    text: z.string().max(MAX_FRAME_BYTES),
  }),
  /** A scenario that comes with the program; its steps are carried out as time passes. */
  z.strictObject({ kind: z.literal("lesson"), lesson: z.string().max(64) }),
  /** A run that was saved on the host. */
  z.strictObject({ kind: z.literal("run"), run: z.string().max(64) }),
]);
export type OpenMesh = z.infer<typeof openMeshSchema>;
export type OpenMeshInput = z.input<typeof openMeshSchema>;

/** A `MeshView` as JSON: maps as entry lists. Checked in depth by `view/snapshot.ts`. */
export const snapshotSchema = z.strictObject({
  seq: countSchema,
  at: microsSchema,
  view: z.unknown(),
});
export type SnapshotData = z.infer<typeof snapshotSchema>;

export const auditEntrySchema = z.strictObject({
  id: countSchema,
  /** Wall clock, ms since the Unix epoch. */
  timeMs: z.number(),
  actor: z.string().max(128),
  role: z.enum(ROLES),
  mesh: z.string().max(64),
  command: z.string().max(64),
  summary: z.string().max(512),
  reason: z.string().max(512).optional(),
  outcome: z.enum(["done", "refused", "failed"]),
  error: errorSchema.optional(),
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;

const empty = z.strictObject({});
const mesh = z.strictObject({ mesh: meshIdSchema });

/** Every request: parameters, result, and the least role. */
export const METHODS = {
  "meshes.list": { params: empty, result: z.array(meshListingSchema), role: "viewer" },
  "meshes.open": { params: openMeshSchema, result: z.array(meshIdSchema), role: "operator" },
  "meshes.close": { params: mesh, result: empty, role: "operator" },
  "mesh.command": {
    params: z.strictObject({
      mesh: meshIdSchema,
      command: meshCommandSchema,
      reason: z.string().max(512).optional(),
    }),
    /** `note` says in words what came of it; `created` names a fault or node that was made. */
    result: z.strictObject({
      note: z.string().max(512).optional(),
      created: z.string().max(64).optional(),
    }),
    role: "viewer",
  },
  /** The view as it was after the last event at or before `at`. */
  "mesh.snapshotAt": {
    params: z.strictObject({ mesh: meshIdSchema, at: microsSchema }),
    result: snapshotSchema,
    role: "viewer",
  },
  /** Events from `fromSeq` on, at most `limit`; `history-gone` when they are no longer kept. */
  "mesh.events": {
    params: z.strictObject({
      mesh: meshIdSchema,
      fromSeq: z.number().int().positive(),
      limit: z.number().int().min(1).max(10_000),
    }),
    result: z.array(z.unknown()),
    role: "viewer",
  },
  /** Messages sent in [from, to], oldest first, of these nodes and protocols (absent: all). */
  "mesh.messages": {
    params: z.strictObject({
      mesh: meshIdSchema,
      from: microsSchema,
      to: microsSchema,
      nodes: z.array(nodeIdSchema).max(256).optional(),
      limit: z.number().int().min(1).max(MAX_MESSAGES_READ),
    }),
    result: traceBatchSchema,
    role: "viewer",
  },
  "mesh.message": {
    params: z.strictObject({ mesh: meshIdSchema, message: countSchema }),
    result: messageDetailSchema,
    role: "viewer",
  },
  /** What a node holds now; `logFrom` absent: the end of its log. */
  "mesh.inspect": {
    params: z.strictObject({
      mesh: meshIdSchema,
      node: nodeIdSchema,
      logFrom: countSchema.optional(),
      logLimit: z.number().int().min(0).max(MAX_INSPECTED_LOG).default(100),
    }),
    result: inspectionSchema,
    role: "viewer",
  },
  /** A second mesh that is what this one was after event `seq`, and goes its own way from there. */
  "mesh.fork": {
    params: z.strictObject({
      mesh: meshIdSchema,
      seq: countSchema,
      name: z.string().min(1).max(128).optional(),
    }),
    result: z.strictObject({ mesh: meshIdSchema }),
    role: "operator",
  },
  "lessons.list": { params: empty, result: z.array(lessonSchema), role: "viewer" },
  "runs.list": { params: empty, result: z.array(savedRunSchema), role: "viewer" },
  "runs.save": {
    params: z.strictObject({ mesh: meshIdSchema, name: z.string().min(1).max(128) }),
    result: savedRunSchema,
    role: "operator",
  },
  /** The file of a saved run. */
  "runs.read": {
    params: z.strictObject({ run: z.string().max(64) }),
    result: z.strictObject({ text: z.string() }),
    role: "viewer",
  },
  "runs.delete": {
    params: z.strictObject({ run: z.string().max(64) }),
    result: empty,
    role: "operator",
  },
  /** The whole run as one file, see docs/recordings in docs/protocol.md. */
  "mesh.record": { params: mesh, result: z.strictObject({ text: z.string() }), role: "viewer" },
  "audit.list": {
    params: z.strictObject({
      beforeId: countSchema.optional(),
      limit: z.number().int().min(1).max(1_000),
    }),
    result: z.array(auditEntrySchema),
    role: "viewer",
  },
  "settings.get": {
    params: empty,
    result: z.strictObject({ settings: z.unknown() }),
    role: "viewer",
  },
  "settings.set": {
    params: z.strictObject({ settings: z.unknown() }),
    result: empty,
    role: "admin",
  },
} as const;
export type Method = keyof typeof METHODS;
export type ParamsOf<M extends Method> = z.input<(typeof METHODS)[M]["params"]>;
export type ResultOf<M extends Method> = z.infer<(typeof METHODS)[M]["result"]>;

/** Every stream: parameters and what is pushed. */
export const TOPICS = {
  /** The whole list at once, then again whenever a mesh opens, closes or changes its status. */
  meshes: { params: empty, push: z.strictObject({ meshes: z.array(meshListingSchema) }) },
  /**
   * First a snapshot (or, with a `sinceSeq` that history still reaches, the missing events), then
   * events in order. Each event costs one credit. When credit runs out, log lines are skipped
   * first (a `gap` says how many); other events wait on the host up to a limit, then the stream
   * restarts with a fresh snapshot. Status pushes are free and only ever the latest.
   */
  mesh: {
    params: z.strictObject({ mesh: meshIdSchema, sinceSeq: countSchema.optional() }),
    push: z.discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("snapshot"), snapshot: snapshotSchema }),
      z.strictObject({ kind: z.literal("events"), events: z.array(z.unknown()) }),
      z.strictObject({
        kind: z.literal("gap"),
        fromSeq: countSchema,
        toSeq: countSchema,
        skipped: countSchema,
        what: z.literal("log"),
      }),
      z.strictObject({ kind: z.literal("status"), status: meshStatusSchema }),
    ]),
  },
  /** Messages on the wire, about ten batches a second, of these nodes (absent: all). */
  trace: {
    params: z.strictObject({
      mesh: meshIdSchema,
      nodes: z.array(nodeIdSchema).max(256).optional(),
      maxPerBatch: z.number().int().min(1).max(5_000),
    }),
    push: traceBatchSchema,
  },
} as const;
export type Topic = keyof typeof TOPICS;
export type TopicParams<T extends Topic> = z.input<(typeof TOPICS)[T]["params"]>;
export type TopicPush<T extends Topic> = z.infer<(typeof TOPICS)[T]["push"]>;
