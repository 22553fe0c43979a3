/** What a source says about itself and its present condition; neither is part of the event stream. */
import { z } from "zod";
import { COMMAND_TYPES, type CommandType } from "./commands.ts";
import { countSchema, microsSchema } from "./primitives.ts";

export const meshIdSchema = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/);
export type MeshId = z.infer<typeof meshIdSchema>;

/** `null`: offered. A text: why this mesh cannot do it, shown beside the disabled action. */
const capabilitiesSchema = z.partialRecord(
  z.enum(COMMAND_TYPES as [CommandType, ...CommandType[]]),
  z.string().max(256).nullable(),
);

export const meshDescriptionSchema = z.strictObject({
  id: meshIdSchema,
  name: z.string().max(128),
  kind: z.enum(["simulated", "remote", "serf", "recording"]),
  /** Whether `at` counts from the start of the run or from the Unix epoch. */
  clock: z.enum(["virtual", "wall"]),
  /** For example `serf://127.0.0.1:7373`; absent for a mesh of this host. */
  address: z.string().max(256).optional(),
  /** A type that is missing here is not offered, without a particular reason. */
  capabilities: capabilitiesSchema,
  /** Up to this event of that mesh both are the same; from there each goes its own way. */
  forkedFrom: z.strictObject({ mesh: meshIdSchema, seq: countSchema, at: microsSchema }).optional(),
  /** The scenario whose steps are carried out in it. */
  scenario: z.string().max(64).optional(),
  /** Whether single messages can be traced. */
  traces: z.boolean(),
  /** Remote meshes ask before anything that destroys; sandboxes of this host do not. */
  sandbox: z.boolean(),
});
export type MeshDescription = z.infer<typeof meshDescriptionSchema>;

export const connectionStateSchema = z.discriminatedUnion("state", [
  z.strictObject({ state: z.literal("connecting") }),
  z.strictObject({ state: z.literal("live") }),
  z.strictObject({
    state: z.literal("reconnecting"),
    /** Milliseconds from now to the next attempt, at the time of this status. */
    retryInMs: z.number().nonnegative(),
    attempt: countSchema,
    reason: z.string().max(512),
  }),
  z.strictObject({ state: z.literal("stopped"), reason: z.string().max(512) }),
]);
export type ConnectionState = z.infer<typeof connectionStateSchema>;

/** The latest condition of a source: coalesced, never queued. */
export const meshStatusSchema = z.strictObject({
  connection: connectionStateSchema,
  /** Newest event and mesh time there is. */
  seq: countSchema,
  at: microsSchema,
  /** Oldest mesh time that history still reaches. */
  historyFrom: microsSchema,
  /** Only meshes with a virtual clock. `ratio`: mesh time per real time that is wanted. */
  playing: z.boolean().optional(),
  ratio: z.number().positive().optional(),
  /** What was really reached over the last second, when it is less than wanted. */
  reachedRatio: z.number().nonnegative().optional(),
  /** Wall clock of the last word from the mesh, ms since the Unix epoch; absent: never. */
  lastHeardMs: z.number().optional(),
});
export type MeshStatus = z.infer<typeof meshStatusSchema>;
