/** The slice of agreement as JSON. Logs, answers and votes are rows, since there are many. */
import { z } from "zod";
import {
  consensusKindSchema,
  consensusRoleSchema,
  countedPhaseSchema,
  digestSchema,
  electionPhaseSchema,
  logEntrySchema,
} from "../../contract/agreement-events.ts";
import { countSchema, MAX_NODES, microsSchema, nodeIdSchema } from "../../contract/primitives.ts";
import {
  type AgreementView,
  type ConsensusMember,
  type Election,
  emptyAgreement,
  electionKey,
  EMPTY_ROUND_NODE,
  emptyMember,
  type LogTail,
  MAX_ELECTION_ANSWERS,
  MAX_ELECTIONS,
  MAX_EVIDENCE,
  MAX_LOG_TAIL,
  MAX_REJECTIONS,
  MAX_ROUND_VOTES,
  MAX_ROUNDS,
  type Round,
  roundKey,
} from "../agreement-model.ts";
import { settleConfig } from "./configs.ts";

const reasonSchema = z.string().max(256);
const nodesSchema = z.array(nodeIdSchema).max(MAX_NODES);
const whatSchema = logEntrySchema.shape.what;

const memberSchema = z.strictObject({
  node: nodeIdSchema,
  role: consensusRoleSchema.optional(),
  term: countSchema.optional(),
  leader: nodeIdSchema.optional(),
  since: microsSchema.optional(),
  reason: reasonSchema.optional(),
  votedFor: z.strictObject({ term: countSchema, candidate: nodeIdSchema }).optional(),
  first: countSchema.optional(),
  last: countSchema.optional(),
  committed: countSchema.optional(),
  applied: countSchema.optional(),
  state: digestSchema.optional(),
  snapshot: z
    .strictObject({
      how: z.enum(["taken", "installed"]),
      at: microsSchema,
      index: countSchema,
      term: countSchema,
      digest: digestSchema,
      bytes: countSchema,
    })
    .optional(),
});

const logSchema = z.strictObject({
  node: nodeIdSchema,
  low: countSchema,
  high: countSchema,
  /** Index, term, digest, what, bytes. */
  entries: z
    .array(z.tuple([countSchema, countSchema, digestSchema, whatSchema, countSchema]))
    .max(MAX_LOG_TAIL),
});

const configSchema = z.strictObject({
  node: nodeIdSchema,
  at: microsSchema,
  protocol: consensusKindSchema,
  index: countSchema,
  voters: nodesSchema,
  outgoing: nodesSchema,
  learners: nodesSchema,
  quorum: countSchema,
  tolerates: countSchema,
  committed: z.boolean(),
});

const electionSchema = z.strictObject({
  term: countSchema,
  kind: electionPhaseSchema,
  candidates: nodesSchema,
  /** Voter, candidate, granted, reason, at. */
  answers: z
    .array(z.tuple([nodeIdSchema, nodeIdSchema, z.boolean(), reasonSchema, microsSchema]))
    .max(MAX_ELECTION_ANSWERS),
  tallies: z
    .array(
      z.strictObject({
        node: nodeIdSchema,
        have: countSchema,
        needed: countSchema,
        counted: z
          .array(z.strictObject({ from: nodeIdSchema, granted: z.boolean(), at: microsSchema }))
          .max(MAX_ELECTION_ANSWERS),
      }),
    )
    .max(MAX_NODES),
  lostAt: microsSchema.optional(),
  startedAt: microsSchema,
  endedAt: microsSchema.optional(),
  winner: nodeIdSchema.optional(),
});

const roundNodeSchema = z.strictObject({
  digest: digestSchema.optional(),
  proposed: microsSchema.optional(),
  appended: microsSchema.optional(),
  prePrepared: microsSchema.optional(),
  prepared: microsSchema.optional(),
  committed: microsSchema.optional(),
  applied: microsSchema.optional(),
  state: digestSchema.optional(),
});

const roundSchema = z.strictObject({
  index: countSchema,
  term: countSchema,
  digest: digestSchema,
  what: whatSchema.optional(),
  bytes: countSchema.optional(),
  startedAt: microsSchema,
  proposer: nodeIdSchema.optional(),
  nodes: z.array(z.tuple([nodeIdSchema, roundNodeSchema])).max(MAX_NODES),
  counts: z
    .array(
      z.strictObject({
        observer: nodeIdSchema,
        phase: countedPhaseSchema,
        have: countSchema,
        needed: countSchema,
        reachedAt: microsSchema.optional(),
        /** From whom, when. */
        votes: z.array(z.tuple([nodeIdSchema, microsSchema])).max(MAX_ROUND_VOTES),
      }),
    )
    .max(MAX_ROUND_VOTES),
});

export const agreementDataSchema = z.strictObject({
  protocol: consensusKindSchema.optional(),
  members: z.array(memberSchema).max(MAX_NODES),
  logs: z.array(logSchema).max(MAX_NODES),
  configs: z.array(configSchema).max(MAX_NODES),
  elections: z.array(electionSchema).max(MAX_ELECTIONS),
  rounds: z.array(roundSchema).max(MAX_ROUNDS),
  committed: countSchema,
  lead: z
    .strictObject({
      node: nodeIdSchema,
      term: countSchema,
      since: microsSchema,
      lostAt: microsSchema.optional(),
    })
    .optional(),
  evidence: z
    .array(
      z.strictObject({
        key: z.string().max(256),
        accused: nodeIdSchema,
        fault: z.string().max(64),
        term: countSchema,
        index: countSchema,
        text: z.string().max(512),
        at: microsSchema,
        holders: nodesSchema,
      }),
    )
    .max(MAX_EVIDENCE),
  evidenceDropped: countSchema,
  rejected: z
    .array(
      z.strictObject({
        node: nodeIdSchema,
        from: nodeIdSchema,
        reason: reasonSchema,
        count: countSchema,
        at: microsSchema,
      }),
    )
    .max(MAX_REJECTIONS),
  rejectedDropped: countSchema,
});
export type AgreementData = z.infer<typeof agreementDataSchema>;

export function encodeAgreement(agreement: AgreementView): AgreementData {
  const { protocol, committed, lead, evidenceDropped, rejectedDropped } = agreement;
  return {
    protocol,
    members: [...agreement.members.values()],
    logs: [...agreement.logs].map(([node, tail]) => encodeLog(node, tail)),
    configs: [...agreement.configs.values()].map(({ voters, outgoing, learners, ...config }) => ({
      ...config,
      voters: [...voters],
      outgoing: [...outgoing],
      learners: [...learners],
    })),
    elections: [...agreement.elections.values()].map(encodeElection),
    rounds: [...agreement.rounds.values()].map(encodeRound),
    committed,
    lead,
    evidence: [...agreement.evidence].map(([key, found]) => ({
      key,
      ...found,
      holders: [...found.holders],
    })),
    evidenceDropped,
    rejected: [...agreement.rejected.values()],
    rejectedDropped,
  };
}

function encodeLog(node: string, { low, high, entries }: LogTail): AgreementData["logs"][number] {
  const rows = [...entries.values()].map(
    ({ index, term, digest, what, bytes }): [number, number, string, typeof what, number] => [
      index,
      term,
      digest,
      what,
      bytes,
    ],
  );
  return { node, low, high, entries: rows };
}

type ElectionData = AgreementData["elections"][number];

function encodeElection({ key: _key, ...election }: Election): ElectionData {
  return {
    ...election,
    candidates: [...election.candidates],
    answers: [...election.answers.values()].map(({ voter, candidate, granted, reason, at }) => [
      voter,
      candidate,
      granted,
      reason,
      at,
    ]),
    tallies: [...election.tallies.values()].map((tally) => ({
      ...tally,
      counted: [...tally.counted],
    })),
  };
}

type RoundData = AgreementData["rounds"][number];

function encodeRound(round: Round): RoundData {
  const { key: _key, committedBy: _committed, appliedBy: _applied, ...rest } = round;
  return {
    ...rest,
    nodes: [...round.nodes],
    counts: [...round.counts.values()].map((count) => ({
      ...count,
      votes: count.votes.map(({ from, at }): [string, number] => [from, at]),
    })),
  };
}

/** Keeps the order of everything: the oldest are forgotten first on the other side, too. */
export function decodeAgreement(data: AgreementData): AgreementView {
  const agreement = emptyAgreement();
  const { protocol, committed, lead, evidenceDropped, rejectedDropped } = data;
  Object.assign(agreement, { protocol, committed, evidenceDropped, rejectedDropped });
  agreement.lead = lead && { ...lead, lostAt: lead.lostAt };
  for (const member of data.members) agreement.members.set(member.node, decodeMember(member));
  for (const { node, low, high, entries } of data.logs) {
    const rows = entries.map(
      ([index, term, digest, what, bytes]) =>
        [index, { index, term, digest, what, bytes }] as const,
    );
    agreement.logs.set(node, { entries: new Map(rows), low, high });
  }
  for (const config of data.configs) agreement.configs.set(config.node, config);
  settleConfig(agreement);
  for (const election of data.elections) decodeElection(agreement, election);
  for (const round of data.rounds) decodeRound(agreement, round);
  for (const { key, ...found } of data.evidence) agreement.evidence.set(key, found);
  for (const row of data.rejected) {
    agreement.rejected.set(`${row.node}~${row.from}~${row.reason}`, row);
  }
  return agreement;
}

function decodeMember(member: AgreementData["members"][number]): ConsensusMember {
  return { ...emptyMember(member.node), ...member };
}

function decodeElection(agreement: AgreementView, data: ElectionData): void {
  const { term, kind, candidates, lostAt, startedAt, endedAt, winner } = data;
  const key = electionKey(kind, term);
  const answers = data.answers.map(
    ([voter, candidate, granted, reason, at]) =>
      [`${voter}>${candidate}`, { voter, candidate, granted, reason, at }] as const,
  );
  agreement.elections.set(key, {
    key,
    term,
    kind,
    candidates,
    lostAt,
    startedAt,
    endedAt,
    winner,
    answers: new Map(answers),
    tallies: new Map(data.tallies.map((tally) => [tally.node, tally])),
  });
  if (endedAt === undefined) agreement.openElections.add(key);
}

function decodeRound(agreement: AgreementView, data: RoundData): void {
  const { index, term, digest, what, bytes, startedAt, proposer } = data;
  const key = roundKey(index, term);
  const nodes = data.nodes.map(
    ([node, marks]) => [node, { ...EMPTY_ROUND_NODE, ...marks }] as const,
  );
  const counts = data.counts.map(({ observer, phase, have, needed, reachedAt, votes }) => {
    agreement.roundVotes += votes.length;
    const rows = votes.map(([from, at]) => ({ from, at }));
    const count = { observer, phase, have, needed, reachedAt, votes: rows };
    return [`${observer}~${phase}`, count] as const;
  });
  const having = (field: "committed" | "applied") =>
    data.nodes.filter(([, marks]) => marks[field] !== undefined).length;
  agreement.rounds.set(key, {
    key,
    index,
    term,
    digest,
    what,
    bytes,
    startedAt,
    proposer,
    nodes: new Map(nodes),
    counts: new Map(counts),
    committedBy: having("committed"),
    appliedBy: having("applied"),
  });
}
