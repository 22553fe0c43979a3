/** Requests, decisions, replicated state, aggregates, standing, lessons. Part of `events.ts`. */
import { z } from "zod";
import { countSchema, nodeIdSchema, textSchema } from "./primitives.ts";

export const requestIdSchema = z.string().min(1).max(64);

/** How a request ended. `unknown`: it may have been carried out or may yet be. */
export const REQUEST_CODES = [
  "ok",
  "read-only",
  "no-leader",
  "not-a-member",
  "not-supported",
  "too-large",
  "busy",
  "expired-session",
  "bad-change",
  "conflict",
  "not-found",
  "bad-request",
  "unknown",
] as const;
export const requestCodeSchema = z.enum(REQUEST_CODES);
export type RequestCode = z.infer<typeof requestCodeSchema>;

export const voteChoiceSchema = z.enum(["yes", "no", "abstain"]);
export type VoteChoice = z.infer<typeof voteChoiceSchema>;
export const votePolicySchema = z.enum(["manual", "accept", "reject"]);
export type VotePolicy = z.infer<typeof votePolicySchema>;

export const namespaceSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, "a namespace is 1 to 64 of a-z, 0-9, '.', '_', '-'");
export const memoryKeySchema = z.string().min(1).max(256);
export const memoryValueSchema = z.string().max(16_384);
/** `strong`: through the agreed log. The others are CRDTs, merged by anti-entropy. */
export const memoryModeSchema = z.enum(["strong", "register", "lww", "counter", "set"]);
export type MemoryMode = z.infer<typeof memoryModeSchema>;

const proposalId = z.string().min(1).max(128);

export const STATE_EVENTS = [
  z.strictObject({
    type: z.literal("request.submitted").describe("A node took a request in; an answer follows."),
    node: nodeIdSchema,
    request: requestIdSchema,
    what: z.string().max(64).describe("the command's type"),
    text: z.string().max(512),
  }),
  z.strictObject({
    type: z.literal("request.answered").describe("A request ended; `unknown` means nobody knows."),
    node: nodeIdSchema,
    request: requestIdSchema,
    code: requestCodeSchema,
    message: z.string().max(512).optional(),
    index: countSchema.optional().describe("where in the agreed log"),
    value: memoryValueSchema.optional(),
    siblings: z.array(memoryValueSchema).max(64).optional(),
    /** A read of state that may be old: how old it may be is not known. */
    stale: z.boolean().optional(),
    /** By the node's clock, from taking the request in to having the answer. */
    tookUs: countSchema,
  }),
  z.strictObject({
    type: z.literal("proposal.called").describe("A member asks for a network-wide decision."),
    node: nodeIdSchema.describe("who learnt of it; the caller first"),
    proposal: proposalId,
    caller: nodeIdSchema,
    title: z.string().max(128),
    text: textSchema,
    threshold: z.number().gt(0).max(1),
    quorum: countSchema.describe("members that must vote"),
    of: countSchema,
    deadline: countSchema.describe("mesh time in microseconds"),
  }),
  z.strictObject({
    type: z.literal("proposal.voted").describe("A node learnt of a member's vote."),
    node: nodeIdSchema,
    proposal: proposalId,
    voter: nodeIdSchema,
    choice: voteChoiceSchema,
    reason: z.string().max(512),
  }),
  z.strictObject({
    type: z.literal("proposal.decided").describe("A node holds the outcome of a decision."),
    node: nodeIdSchema,
    proposal: proposalId,
    outcome: z.enum(["accepted", "rejected", "no-quorum", "expired"]),
    yes: countSchema,
    no: countSchema,
    abstain: countSchema,
    of: countSchema,
  }),
  z.strictObject({
    type: z.literal("proposal.evidence").describe("A member signed two votes in one decision."),
    node: nodeIdSchema,
    proposal: proposalId,
    accused: nodeIdSchema,
  }),
  z.strictObject({
    type: z.literal("memory.namespace").describe("A node knows a namespace and its mode."),
    node: nodeIdSchema,
    namespace: namespaceSchema,
    mode: memoryModeSchema,
  }),
  z.strictObject({
    type: z.literal("memory.changed").describe("What a node holds under a key changed."),
    node: nodeIdSchema,
    namespace: namespaceSchema,
    key: memoryKeySchema,
    /** Concurrent values; one where there is no conflict, none when deleted or expired. */
    values: z.array(memoryValueSchema).max(64),
    version: z.string().max(256),
    expiresAt: countSchema.optional().describe("mesh time in microseconds"),
    cause: z.enum(["write", "merge", "delete", "expiry"]),
  }),
  z.strictObject({
    type: z.literal("memory.exchange").describe("Anti-entropy between two nodes ended."),
    node: nodeIdSchema,
    peer: nodeIdSchema,
    differing: countSchema.describe("keys that differed"),
    hashes: countSchema,
    bytes: countSchema,
  }),
  z.strictObject({
    type: z.literal("aggregate.estimate").describe("A node's estimate of a global function."),
    node: nodeIdSchema,
    metric: z.string().max(64),
    count: z.number().optional(),
    sum: z.number().optional(),
    mean: z.number().optional(),
    min: z.number().optional(),
    max: z.number().optional(),
    /** Relative error that may be left; absent: not known yet. */
    error: z.number().nonnegative().optional(),
    epoch: countSchema,
    round: countSchema,
  }),
  z.strictObject({
    type: z.literal("reputation.changed").describe("An observer's score of a member changed."),
    node: nodeIdSchema.describe("the observer"),
    member: nodeIdSchema,
    score: z.number(),
    standing: z.enum(["good", "watched", "graylisted", "banned"]),
    reason: z.string().max(64),
  }),
  z.strictObject({
    type: z.literal("invariants.checked").describe("How often each invariant was checked so far."),
    checks: z.array(
      z.strictObject({
        invariant: z.string().max(128),
        checks: countSchema,
        violations: countSchema,
      }),
    ),
  }),
  z.strictObject({
    type: z.literal("lesson.step").describe("A scenario reached a step that explains something."),
    index: countSchema,
    total: countSchema,
    id: z.string().max(64).optional(),
    en: textSchema,
    zh: textSchema.optional(),
    /** A place in the console to look at, for example `node:A`, `view:consensus`. */
    point: z.string().max(128).optional(),
    /** The run waits here for the person. */
    pause: z.boolean(),
  }),
] as const;
