/**
 * Everything a person, script, scenario or AI client can ask a mesh to do. Checked by schema,
 * authorised by role, audited, then executed by the mesh's source.
 */
import { z } from "zod";
import { AGREEMENT_COMMANDS } from "./agreement-commands.ts";
import {
  gossipModeSchema,
  linkConditionsSchema,
  linkScopeSchema,
  MAX_NODES,
  nodeIdSchema,
  textSchema,
  topologyKindSchema,
  zoneSchema,
} from "./primitives.ts";

export const ROLES = ["viewer", "operator", "admin"] as const;
export type Role = (typeof ROLES)[number];

const nodes = z.array(nodeIdSchema).min(1).max(MAX_NODES);
const duration = z.number().positive().max(86_400_000);

const bodies = [
  z.strictObject({ type: z.literal("time.play") }),
  z.strictObject({ type: z.literal("time.pause") }),
  z.strictObject({ type: z.literal("time.step"), unit: z.enum(["event", "change"]) }),
  z.strictObject({ type: z.literal("time.speed"), ratio: z.number().min(0.01).max(1_000) }),
  z.strictObject({
    type: z.literal("node.kill"),
    nodes,
    /** The last record written before the crash is torn. */
    tornWrite: z.boolean().optional(),
  }),
  z.strictObject({ type: z.literal("node.restart"), nodes, disk: z.enum(["keep", "wipe"]) }),
  z.strictObject({ type: z.literal("node.pause"), nodes, forMs: duration.optional() }),
  z.strictObject({ type: z.literal("node.resume"), nodes }),
  z.strictObject({
    type: z.literal("node.slow"),
    node: nodeIdSchema,
    /** Every input is handled this much later; 0 ends it. */
    delayMs: z.number().min(0).max(600_000),
  }),
  z.strictObject({
    type: z.literal("node.add"),
    node: nodeIdSchema.optional(),
    zone: zoneSchema.optional(),
    seeds: z.array(nodeIdSchema).max(16).optional(),
  }),
  z.strictObject({ type: z.literal("node.remove"), node: nodeIdSchema }),
  z.strictObject({
    type: z.literal("network.partition"),
    /** Nodes of different groups cannot reach each other; nodes in none stay with the first. */
    groups: z.array(nodes).min(2).max(16),
    forMs: duration.optional(),
  }),
  z.strictObject({
    type: z.literal("network.cut"),
    from: nodes,
    to: nodes,
    oneWay: z.boolean().default(false),
    forMs: duration.optional(),
  }),
  z.strictObject({
    type: z.literal("network.conditions"),
    scope: linkScopeSchema,
    conditions: linkConditionsSchema,
    forMs: duration.optional(),
  }),
  z.strictObject({
    type: z.literal("clock.skew"),
    node: nodeIdSchema,
    driftPpm: z.number().min(-500_000).max(500_000),
    offsetMs: z.number().min(-86_400_000).max(86_400_000).default(0),
  }),
  z.strictObject({ type: z.literal("fault.clear"), fault: z.string().min(1).max(64) }),
  z.strictObject({ type: z.literal("fault.clearAll") }),
  z.strictObject({ type: z.literal("topology.set"), kind: topologyKindSchema }),
  z.strictObject({
    type: z.literal("gossip.set"),
    mode: gossipModeSchema.optional(),
    fanout: z.number().int().min(1).max(32).optional(),
    intervalMs: z.number().min(1).max(3_600_000).optional(),
  }),
  z.strictObject({
    type: z.literal("rumour.publish"),
    node: nodeIdSchema,
    topic: z.string().min(1).max(128),
    payload: textSchema,
    urgent: z.boolean().default(true),
  }),
  z.strictObject({ type: z.literal("route.trace"), from: nodeIdSchema, to: nodeIdSchema }),
  z.strictObject({ type: z.literal("member.forget"), node: nodeIdSchema }),
  z.strictObject({
    type: z.literal("user.event"),
    name: z.string().min(1).max(256),
    payload: z.string().max(512),
    coalesce: z.boolean().default(false),
  }),
  z.strictObject({
    type: z.literal("member.forceLeave"),
    node: nodeIdSchema,
    prune: z.boolean().default(false),
  }),
  ...AGREEMENT_COMMANDS,
] as const;

export const meshCommandSchema = z.discriminatedUnion("type", bodies);
export type MeshCommand = z.infer<typeof meshCommandSchema>;
export type MeshCommandInput = z.input<typeof meshCommandSchema>;
export type CommandType = MeshCommand["type"];
export type CommandOf<T extends CommandType> = Extract<MeshCommand, { type: T }>;

export interface CommandTraits {
  /** The least role that may run it. */
  readonly role: Role;
  /** Takes something away from the mesh; consoles ask first on a remote one. */
  readonly destroys: boolean;
  /** Needs virtual time or a simulated network. */
  readonly group: "time" | "node" | "network" | "mesh" | "data" | "engine";
}

export const COMMANDS: Readonly<Record<CommandType, CommandTraits>> = {
  "time.play": { role: "operator", destroys: false, group: "time" },
  "time.pause": { role: "operator", destroys: false, group: "time" },
  "time.step": { role: "operator", destroys: false, group: "time" },
  "time.speed": { role: "operator", destroys: false, group: "time" },
  "node.kill": { role: "operator", destroys: true, group: "node" },
  "node.restart": { role: "operator", destroys: false, group: "node" },
  "node.pause": { role: "operator", destroys: true, group: "node" },
  "node.resume": { role: "operator", destroys: false, group: "node" },
  "node.slow": { role: "operator", destroys: true, group: "node" },
  "node.add": { role: "operator", destroys: false, group: "node" },
  "node.remove": { role: "admin", destroys: true, group: "node" },
  "network.partition": { role: "operator", destroys: true, group: "network" },
  "network.cut": { role: "operator", destroys: true, group: "network" },
  "network.conditions": { role: "operator", destroys: true, group: "network" },
  "clock.skew": { role: "operator", destroys: true, group: "network" },
  "fault.clear": { role: "operator", destroys: false, group: "network" },
  "fault.clearAll": { role: "operator", destroys: false, group: "network" },
  "topology.set": { role: "admin", destroys: false, group: "mesh" },
  "gossip.set": { role: "admin", destroys: false, group: "mesh" },
  "rumour.publish": { role: "operator", destroys: false, group: "data" },
  "route.trace": { role: "viewer", destroys: false, group: "data" },
  "member.forget": { role: "admin", destroys: true, group: "node" },
  "consensus.propose": { role: "operator", destroys: false, group: "data" },
  "consensus.transfer": { role: "operator", destroys: true, group: "mesh" },
  "consensus.reconfigure": { role: "admin", destroys: true, group: "mesh" },
  "proposal.call": { role: "operator", destroys: false, group: "data" },
  "proposal.vote": { role: "operator", destroys: false, group: "data" },
  "proposal.policy": { role: "operator", destroys: false, group: "data" },
  "memory.namespace": { role: "operator", destroys: false, group: "data" },
  "memory.write": { role: "operator", destroys: false, group: "data" },
  "memory.delete": { role: "operator", destroys: true, group: "data" },
  "memory.read": { role: "viewer", destroys: false, group: "data" },
  "node.byzantine": { role: "operator", destroys: true, group: "node" },
  "disk.damage": { role: "operator", destroys: true, group: "node" },
  "message.drop": { role: "operator", destroys: true, group: "network" },
  "message.delay": { role: "operator", destroys: true, group: "network" },
  "message.duplicate": { role: "operator", destroys: true, group: "network" },
  "lesson.say": { role: "operator", destroys: false, group: "mesh" },
  "user.event": { role: "operator", destroys: false, group: "engine" },
  "member.forceLeave": { role: "admin", destroys: true, group: "engine" },
};

export const COMMAND_SCHEMAS = bodies;
export const COMMAND_TYPES = Object.keys(COMMANDS) as readonly CommandType[];

export function roleAllows(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}
