/**
 * Everything that happens to a mesh, as an append-only numbered stream. State changes are events;
 * single messages on the wire are not (they are traces, see `trace.ts`). The list of types only
 * ever grows; a field, once published, keeps its name, unit and meaning.
 */
import { z } from "zod";
import { byzantineBehaviourSchema, diskDamageSchema } from "./agreement-commands.ts";
import { AGREEMENT_EVENTS } from "./agreement-events.ts";
import { errorSchema } from "./errors.ts";
import { meshOptionsSchema } from "./mesh-options.ts";
import {
  countSchema,
  gossipModeSchema,
  linkConditionsSchema,
  linkScopeSchema,
  memberStateSchema,
  microsSchema,
  nodeIdSchema,
  rumourIdSchema,
  textSchema,
  topologyKindSchema,
  zoneSchema,
} from "./primitives.ts";
import { STATE_EVENTS } from "./state-events.ts";

const nodes = z.array(nodeIdSchema);

/** What a fault does to the network, a clock or a node. */
export const faultSpecSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("partition"), groups: z.array(nodes) }),
  z.strictObject({ kind: z.literal("cut"), from: nodes, to: nodes, oneWay: z.boolean() }),
  z.strictObject({
    kind: z.literal("conditions"),
    scope: linkScopeSchema,
    conditions: linkConditionsSchema,
  }),
  z.strictObject({
    kind: z.literal("clock"),
    node: nodeIdSchema,
    driftPpm: z.number(),
    offsetMs: z.number(),
  }),
  z.strictObject({ kind: z.literal("slow"), node: nodeIdSchema, delayMs: z.number() }),
  z.strictObject({
    kind: z.literal("byzantine"),
    node: nodeIdSchema,
    behaviours: z.array(byzantineBehaviourSchema),
  }),
]);
export type FaultSpec = z.infer<typeof faultSpecSchema>;

/** Bodies: `node` is the node that reports, where there is one. */
const bodies = [
  z.strictObject({
    type: z.literal("mesh.started").describe("The stream begins: what kind of mesh this is."),
    name: z.string().max(128),
    source: z.enum(["simulated", "remote", "serf", "recording"]),
    options: meshOptionsSchema.optional(),
  }),
  z.strictObject({
    type: z.literal("mesh.topology").describe("The wanted kind of overlay topology changed."),
    kind: topologyKindSchema,
  }),
  z.strictObject({
    type: z.literal("mesh.gossip").describe("Gossip settings changed on every node."),
    mode: gossipModeSchema,
    fanout: countSchema,
    intervalMs: z.number().positive(),
  }),
  z.strictObject({
    type: z.literal("node.added").describe("A node belongs to the mesh from now on."),
    node: nodeIdSchema,
    zone: zoneSchema.optional(),
    address: z.string().max(256).optional(),
    tags: z.record(z.string().max(128), z.string().max(512)).optional(),
  }),
  z.strictObject({
    type: z.literal("node.updated").describe("Address, zone or tags of a node changed."),
    node: nodeIdSchema,
    zone: zoneSchema.optional(),
    address: z.string().max(256).optional(),
    tags: z.record(z.string().max(128), z.string().max(512)).optional(),
  }),
  z.strictObject({
    type: z.literal("node.removed").describe("A node left for good and is no longer listed."),
    node: nodeIdSchema,
  }),
  z.strictObject({
    type: z.literal("node.started").describe("The node's process runs, with this incarnation."),
    node: nodeIdSchema,
    incarnation: countSchema,
    disk: z.enum(["new", "kept", "wiped", "damaged"]),
  }),
  z.strictObject({
    type: z.literal("node.stopped").describe("The node's process ended."),
    node: nodeIdSchema,
    reason: z.enum(["killed", "left", "failed"]),
  }),
  z.strictObject({
    type: z.literal("node.paused").describe("The node's process is stopped in its tracks."),
    node: nodeIdSchema,
  }),
  z.strictObject({
    type: z.literal("node.resumed").describe("The paused process goes on."),
    node: nodeIdSchema,
  }),
  z.strictObject({
    type: z.literal("member.state").describe("An observer's verdict on a member changed."),
    node: nodeIdSchema.describe("the observer"),
    member: nodeIdSchema,
    state: memberStateSchema,
    previous: memberStateSchema.optional(),
    incarnation: countSchema.optional().describe("absent where the engine does not tell it"),
    reason: z.string().max(64).describe("a code, for example no-ack, gossip, refuted, quorum"),
    by: nodeIdSchema.optional().describe("who it was learnt from, or who accused"),
  }),
  z.strictObject({
    type: z.literal("member.refuted").describe("A node heard it was suspected and answered."),
    node: nodeIdSchema,
    incarnation: countSchema.optional().describe("absent where the engine does not tell it"),
    accusedBy: nodeIdSchema.optional(),
  }),
  z.strictObject({
    type: z.literal("member.observed").describe("One more observer counts towards the quorum."),
    node: nodeIdSchema,
    member: nodeIdSchema,
    incarnation: countSchema,
    observers: countSchema,
    needed: countSchema,
    of: countSchema.describe("size of the last agreed membership"),
  }),
  z.strictObject({
    type: z.literal("member.confirmed").describe("A quorum of observers confirmed a failure."),
    node: nodeIdSchema,
    member: nodeIdSchema,
    incarnation: countSchema,
    observers: nodes,
    needed: countSchema,
    of: countSchema,
  }),
  z.strictObject({
    type: z.literal("member.joined").describe("A node was let in through a seed."),
    node: nodeIdSchema,
    via: nodeIdSchema,
    members: countSchema,
  }),
  z.strictObject({
    type: z.literal("member.joinFailed").describe("No seed let the node in; it will try again."),
    node: nodeIdSchema,
    seeds: nodes,
    reason: z.string().max(256),
  }),
  z.strictObject({
    type: z.literal("member.leaving").describe("A node announced that it leaves."),
    node: nodeIdSchema,
  }),
  z.strictObject({
    type: z.literal("probe.missed").describe("A probe got no answer, direct or indirect."),
    node: nodeIdSchema,
    member: nodeIdSchema,
    relays: nodes,
  }),
  z.strictObject({
    type: z.literal("health.local").describe("Lifeguard's local health score; 0 is healthy."),
    node: nodeIdSchema,
    score: countSchema,
  }),
  z.strictObject({
    type: z.literal("link.up").describe("This end holds a link to the peer."),
    node: nodeIdSchema,
    peer: nodeIdSchema,
    reason: z.string().max(64),
  }),
  z.strictObject({
    type: z.literal("link.down").describe("This end gave up its link to the peer."),
    node: nodeIdSchema,
    peer: nodeIdSchema,
    reason: z.string().max(64),
  }),
  z.strictObject({
    type: z.literal("link.latency").describe("Round-trip time this end measured on a link."),
    node: nodeIdSchema,
    peer: nodeIdSchema,
    rttMs: z.number().nonnegative(),
  }),
  z.strictObject({
    type: z.literal("links.disjoint").describe("Whether every peer has two disjoint routes."),
    node: nodeIdSchema,
    held: z.boolean(),
    weak: nodes.describe("nodes whose loss would cut the overlay, as this node sees it"),
  }),
  z.strictObject({
    type: z.literal("route.traced").describe("A traced route ended, hop by hop."),
    node: nodeIdSchema,
    to: nodeIdSchema,
    path: nodes,
    ok: z.boolean(),
    reason: z.string().max(128).optional(),
  }),
  z.strictObject({
    type: z.literal("rumour.published").describe("A node accepted a rumour (durable)."),
    node: nodeIdSchema,
    rumour: rumourIdSchema,
    topic: z.string().max(128),
    payload: textSchema,
    bytes: countSchema,
    urgent: z.boolean(),
  }),
  z.strictObject({
    type: z.literal("rumour.received").describe("A rumour reached one more node."),
    node: nodeIdSchema,
    rumour: rumourIdSchema,
    from: nodeIdSchema,
    via: z.enum(["push", "pull", "anti-entropy", "mongering"]),
    hops: countSchema,
  }),
  z.strictObject({
    type: z.literal("rumour.cooled").describe("A node stopped spreading a rumour."),
    node: nodeIdSchema,
    rumour: rumourIdSchema,
  }),
  z.strictObject({
    type: z
      .literal("rumour.traffic")
      .describe("Messages and bytes a node sent of a rumour since it last said so."),
    node: nodeIdSchema,
    rumour: rumourIdSchema,
    messages: countSchema,
    bytes: countSchema,
  }),
  z.strictObject({
    type: z.literal("write.refused").describe("A node refused a write."),
    node: nodeIdSchema,
    code: z.string().max(64),
    message: z.string().max(512),
  }),
  z.strictObject({
    type: z.literal("partition.suspected").describe("Too few members can be reached."),
    node: nodeIdSchema,
    reachable: countSchema,
    of: countSchema,
  }),
  z.strictObject({
    type: z.literal("partition.mode").describe("A node turned read-only, or read-write again."),
    node: nodeIdSchema,
    mode: z.enum(["read-write", "read-only"]),
    reachable: countSchema,
    needed: countSchema,
    of: countSchema,
    reason: z.string().max(64),
    lastedUs: microsSchema.optional().describe("how long the node was read-only, when it ends"),
  }),
  z.strictObject({
    type: z.literal("state.digest").describe("Hash of what a node holds; equal means merged."),
    node: nodeIdSchema,
    members: z.string().max(32),
    rumours: z.string().max(32),
  }),
  z.strictObject({
    type: z.literal("fault.applied").describe("A fault is in force until cleared."),
    fault: z.string().max(64),
    spec: faultSpecSchema,
    until: microsSchema.optional(),
  }),
  z.strictObject({
    type: z.literal("fault.cleared").describe("The fault is over."),
    fault: z.string().max(64),
    reason: z.enum(["operator", "expired"]),
  }),
  z.strictObject({
    type: z.literal("message.rejected").describe("Bytes that were no message of ours; dropped."),
    node: nodeIdSchema,
    from: nodeIdSchema.optional(),
    reason: z.string().max(256),
  }),
  z.strictObject({
    type: z.literal("user.event").describe("A named event of an attached engine (Serf)."),
    node: nodeIdSchema.optional(),
    name: z.string().max(256),
    payload: textSchema,
    lamport: countSchema.optional(),
  }),
  z.strictObject({
    type: z.literal("metrics.sampled").describe("Traffic of one window, measured."),
    windowUs: microsSchema,
    sent: countSchema,
    delivered: countSchema,
    dropped: countSchema,
    bytes: countSchema,
    /** Mean delivery time of the window; absent when nothing was delivered. */
    latencyMs: z.number().nonnegative().optional(),
    perNode: z
      .array(z.strictObject({ node: nodeIdSchema, received: countSchema, sent: countSchema }))
      .optional(),
  }),
  z.strictObject({
    type: z.literal("log").describe("One line of a node's log."),
    node: nodeIdSchema.optional(),
    level: z.enum(["debug", "info", "warn", "error"]),
    topic: z.string().max(64),
    text: textSchema,
  }),
  z.strictObject({
    type: z.literal("command.executed").describe("A command was carried out or refused."),
    command: z.string().max(64),
    summary: z.string().max(512),
    actor: z.string().max(128),
    ok: z.boolean(),
    error: errorSchema.optional(),
  }),
  z.strictObject({
    type: z.literal("invariant.violated").describe("A checker found a broken promise."),
    invariant: z.string().max(128),
    message: z.string().max(2_000),
    nodes,
  }),
  z.strictObject({
    type: z.literal("disk.damaged").describe("Records on a stopped node's disk were damaged."),
    node: nodeIdSchema,
    damage: diskDamageSchema,
  }),
  z.strictObject({
    type: z.literal("message.meddled").describe("A person dropped, delayed or doubled a message."),
    message: countSchema,
    what: z.enum(["dropped", "delayed", "duplicated"]),
    from: nodeIdSchema,
    to: nodeIdSchema,
    name: z.string().max(64),
  }),
  ...AGREEMENT_EVENTS,
  ...STATE_EVENTS,
] as const;

export const meshEventBodySchema = z.discriminatedUnion("type", bodies);
/** An event before its stream numbered and dated it. */
export type MeshEventBody = z.infer<typeof meshEventBodySchema>;

/** `seq` counts from 1 within a mesh, without gaps; `at` never goes backwards. */
export const eventStampSchema = z.object({
  seq: z.number().int().positive(),
  at: microsSchema,
});
export type MeshEvent = { readonly seq: number; readonly at: number } & MeshEventBody;
export type MeshEventType = MeshEventBody["type"];
export type MeshEventOf<T extends MeshEventType> = Extract<MeshEvent, { type: T }>;

export const EVENT_SCHEMAS = bodies;
export const EVENT_TYPES: readonly MeshEventType[] = bodies.map((body) => body.shape.type.value);

const stampedSchema = z.looseObject(eventStampSchema.shape);

/** Checks an event that came from outside. Throws a `ZodError`. */
export function parseMeshEvent(value: unknown): MeshEvent {
  const { seq, at, ...body } = stampedSchema.parse(value);
  return { seq, at, ...meshEventBodySchema.parse(body) };
}
