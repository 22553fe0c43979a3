/** Commands about agreement, decisions, memory and traitors. Part of `commands.ts`. */
import { z } from "zod";
import { MAX_NODES, nodeIdSchema, textSchema } from "./primitives.ts";
import {
  memoryKeySchema,
  memoryModeSchema,
  memoryValueSchema,
  namespaceSchema,
  voteChoiceSchema,
  votePolicySchema,
} from "./state-events.ts";

/** Lies that a node can be made to tell; it keeps its own key and signs what it says. */
export const BYZANTINE_BEHAVIOURS = [
  "silent",
  "equivocate",
  "wrong-digest",
  "bad-signature",
  "replay",
  "delay",
  "lie-votes",
  "lie-load",
] as const;
export const byzantineBehaviourSchema = z.enum(BYZANTINE_BEHAVIOURS);
export type ByzantineBehaviour = z.infer<typeof byzantineBehaviourSchema>;

/**
 * What can happen to the records on a stopped node's disk. `flip-bit` is noticed at the next start:
 * the node knows that it lost its memory. The other two cannot be told from a write that the crash
 * cut off: the disk said that it had written a record and had not (`lose-last`), or not all of it
 * (`tear-last`). No protocol that believes its disk survives that on more nodes than it has spare.
 */
export const diskDamageSchema = z.enum(["flip-bit", "tear-last", "lose-last"]);
export type DiskDamage = z.infer<typeof diskDamageSchema>;

const duration = z.number().positive().max(86_400_000);
const members = z.array(nodeIdSchema).max(MAX_NODES);
/** The node that takes the request; absent: the leader where one is known, else any that runs. */
const node = nodeIdSchema.optional();
const serial = z.number().int().nonnegative();

export const AGREEMENT_COMMANDS = [
  z.strictObject({ type: z.literal("consensus.propose"), node, value: textSchema }),
  z.strictObject({
    type: z.literal("consensus.transfer"),
    /** Raft: to this voter. pBFT: to the next primary, whoever that is. */
    to: nodeIdSchema.optional(),
  }),
  z.strictObject({
    type: z.literal("consensus.reconfigure"),
    voters: members.min(1),
    learners: members.default([]),
  }),
  z.strictObject({
    type: z.literal("proposal.call"),
    node,
    title: z.string().min(1).max(128),
    text: textSchema.default(""),
    threshold: z.number().gt(0).max(1).default(0.67),
    deadlineMs: duration.default(30_000),
  }),
  z.strictObject({
    type: z.literal("proposal.vote"),
    node: nodeIdSchema,
    proposal: z.string().min(1).max(128),
    choice: voteChoiceSchema,
    reason: z.string().max(512).default(""),
  }),
  z.strictObject({
    type: z.literal("proposal.policy"),
    nodes: members.min(1),
    policy: votePolicySchema,
  }),
  z.strictObject({
    type: z.literal("memory.namespace"),
    namespace: namespaceSchema,
    mode: memoryModeSchema,
  }),
  z.strictObject({
    type: z.literal("memory.write"),
    node,
    namespace: namespaceSchema,
    key: memoryKeySchema,
    /** A counter takes an integer that is added; a set an element, "-" in front takes it out. */
    value: memoryValueSchema,
    ttlMs: duration.optional(),
    /** Strong only: written where the present value is this, else the answer is `conflict`. */
    expect: memoryValueSchema.optional(),
  }),
  z.strictObject({
    type: z.literal("memory.delete"),
    node,
    namespace: namespaceSchema,
    key: memoryKeySchema,
  }),
  z.strictObject({
    type: z.literal("memory.read"),
    node,
    namespace: namespaceSchema,
    key: memoryKeySchema,
    /** `local` answers at once from what the node holds, old or not. */
    consistency: z.enum(["linearizable", "local"]).default("linearizable"),
  }),
  z.strictObject({
    type: z.literal("node.byzantine"),
    node: nodeIdSchema,
    /** Empty: honest again. */
    behaviours: z.array(byzantineBehaviourSchema).max(BYZANTINE_BEHAVIOURS.length),
    forMs: duration.optional(),
  }),
  z.strictObject({
    type: z.literal("disk.damage"),
    node: nodeIdSchema,
    damage: diskDamageSchema,
  }),
  z.strictObject({ type: z.literal("message.drop"), message: serial }),
  z.strictObject({ type: z.literal("message.delay"), message: serial, byMs: duration }),
  z.strictObject({ type: z.literal("message.duplicate"), message: serial }),
  /** What a scenario says at a step: an event of the stream, so that it is there on replay. */
  z.strictObject({
    type: z.literal("lesson.say"),
    index: z.number().int().nonnegative(),
    total: z.number().int().nonnegative(),
    id: z.string().max(64).optional(),
    en: textSchema,
    zh: textSchema.optional(),
    point: z.string().max(128).optional(),
    pause: z.boolean().default(false),
  }),
] as const;
