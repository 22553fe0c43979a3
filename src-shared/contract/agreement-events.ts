/** What nodes tell about agreement: elections, rounds, logs, evidence. Part of `events.ts`. */
import { z } from "zod";
import { countSchema, nodeIdSchema } from "./primitives.ts";

export const CONSENSUS_KINDS = ["none", "raft", "pbft", "epidemic"] as const;
export const consensusKindSchema = z.enum(CONSENSUS_KINDS);
export type ConsensusKind = z.infer<typeof consensusKindSchema>;

export const consensusRoleSchema = z.enum([
  "leader",
  "follower",
  "pre-candidate",
  "candidate",
  "learner",
  "primary",
  "backup",
  "view-change",
  "peer",
]);
export type ConsensusRole = z.infer<typeof consensusRoleSchema>;

export const electionPhaseSchema = z.enum(["pre-vote", "vote", "view-change"]);
export type ElectionPhase = z.infer<typeof electionPhaseSchema>;
export const roundPhaseSchema = z.enum([
  "proposed",
  "pre-prepared",
  "prepared",
  "committed",
  "applied",
]);
export type RoundPhase = z.infer<typeof roundPhaseSchema>;
export const countedPhaseSchema = z.enum(["append", "prepare", "commit", "checkpoint", "seen"]);
export type CountedPhase = z.infer<typeof countedPhaseSchema>;

/** The beginning of a SHA-256 in hex, long enough to tell entries apart on a screen. */
export const digestSchema = z.string().max(64);
const nodes = z.array(nodeIdSchema);
const reason = z.string().max(256).describe("a code, for example election-timeout, log-behind");

export const logEntrySchema = z.strictObject({
  index: countSchema,
  term: countSchema,
  digest: digestSchema,
  what: z.enum(["command", "no-op", "config", "null", "session"]),
  bytes: countSchema,
});
export type LogEntry = z.infer<typeof logEntrySchema>;

/** `term` is Raft's term, pBFT's view, an epidemic round; `index` a log index or sequence number. */
export const AGREEMENT_EVENTS = [
  z.strictObject({
    type: z.literal("consensus.role").describe("A member's role, term or known leader changed."),
    node: nodeIdSchema,
    role: consensusRoleSchema,
    term: countSchema,
    leader: nodeIdSchema.optional(),
    reason,
  }),
  z.strictObject({
    type: z.literal("consensus.vote").describe("A member answered a call for votes, and why."),
    node: nodeIdSchema.describe("the voter"),
    term: countSchema,
    candidate: nodeIdSchema,
    phase: electionPhaseSchema,
    granted: z.boolean(),
    reason,
  }),
  z.strictObject({
    type: z.literal("consensus.tally").describe("A candidate or new primary counted a vote."),
    node: nodeIdSchema,
    term: countSchema,
    phase: electionPhaseSchema,
    from: nodeIdSchema,
    granted: z.boolean(),
    have: countSchema,
    needed: countSchema,
  }),
  z.strictObject({
    type: z.literal("consensus.appended").describe("Entries are in this node's log, on its disk."),
    node: nodeIdSchema,
    entries: z.array(logEntrySchema),
  }),
  z.strictObject({
    type: z.literal("consensus.truncated").describe("A conflicting tail of the log was dropped."),
    node: nodeIdSchema,
    from: countSchema,
    to: countSchema,
  }),
  z.strictObject({
    type: z.literal("consensus.round").describe("An entry reached a phase on this node."),
    node: nodeIdSchema,
    term: countSchema,
    index: countSchema,
    phase: roundPhaseSchema,
    digest: digestSchema,
  }),
  z.strictObject({
    type: z.literal("consensus.counted").describe("One member's word for an entry was counted."),
    node: nodeIdSchema.describe("who counts"),
    term: countSchema,
    index: countSchema,
    phase: countedPhaseSchema,
    from: nodeIdSchema,
    have: countSchema,
    needed: countSchema,
  }),
  z.strictObject({
    type: z.literal("consensus.committed").describe("All entries up to the index are agreed."),
    node: nodeIdSchema,
    term: countSchema,
    index: countSchema,
  }),
  z.strictObject({
    type: z.literal("consensus.applied").describe("An entry was executed on this node."),
    node: nodeIdSchema,
    term: countSchema,
    index: countSchema,
    digest: digestSchema,
    state: digestSchema.describe("hash of the state after it"),
  }),
  z.strictObject({
    type: z.literal("consensus.snapshot").describe("A snapshot was taken, sent or installed."),
    node: nodeIdSchema,
    how: z.enum(["taken", "sent", "installed"]),
    term: countSchema,
    index: countSchema,
    digest: digestSchema,
    bytes: countSchema,
  }),
  z.strictObject({
    type: z.literal("consensus.config").describe("Who votes, as this node sees it."),
    node: nodeIdSchema,
    protocol: consensusKindSchema,
    index: countSchema,
    voters: nodes,
    outgoing: nodes.describe("the old voters while a joint change is under way"),
    learners: nodes,
    quorum: countSchema,
    tolerates: countSchema.describe("Byzantine members that safety bears"),
    committed: z.boolean(),
  }),
  z.strictObject({
    type: z.literal("consensus.evidence").describe("Proof that a member broke the protocol."),
    node: nodeIdSchema.describe("who holds the proof"),
    accused: nodeIdSchema,
    fault: z.string().max(64),
    term: countSchema,
    index: countSchema,
    text: z.string().max(512),
  }),
  z.strictObject({
    type: z
      .literal("consensus.rejected")
      .describe("Messages of a member were dropped; at most one event a second for each reason."),
    node: nodeIdSchema,
    from: nodeIdSchema,
    reason,
    count: countSchema.describe("since the last such event"),
  }),
] as const;
