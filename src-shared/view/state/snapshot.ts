/** Requests, decisions, memory, aggregates, standing and lessons as JSON. */
import { z } from "zod";
import {
  countSchema,
  MAX_NODES,
  microsSchema,
  nodeIdSchema,
  textSchema,
} from "../../contract/primitives.ts";
import {
  memoryKeySchema,
  memoryModeSchema,
  memoryValueSchema,
  namespaceSchema,
  requestCodeSchema,
  requestIdSchema,
  voteChoiceSchema,
} from "../../contract/state-events.ts";
import {
  emptyState,
  holdingWeight,
  HOLDING_WEIGHT,
  MAX_HEARINGS,
  MAX_INVARIANTS,
  MAX_LESSON_STEPS,
  MAX_MEMORY_WEIGHT,
  MAX_METRICS,
  MAX_NAMESPACES,
  MAX_PROPOSALS,
  MAX_REQUESTS,
  MAX_SHOWN_SIBLINGS,
  MAX_SHOWN_VALUE,
  MAX_STANDINGS,
  type MemoryHolding,
  type NamespaceView,
  type ProposalView,
  type StateSlices,
} from "../state-model.ts";
import { hearingsOf } from "./proposals.ts";

const MAX_HOLDINGS = Math.ceil(MAX_MEMORY_WEIGHT / HOLDING_WEIGHT);
const shownValue = z.string().max(MAX_SHOWN_VALUE);

const requestSchema = z.strictObject({
  id: requestIdSchema,
  node: nodeIdSchema,
  what: z.string().max(64),
  text: z.string().max(512),
  submittedAt: microsSchema,
  answeredAt: microsSchema.optional(),
  code: requestCodeSchema.optional(),
  message: z.string().max(512).optional(),
  index: countSchema.optional(),
  value: shownValue.optional(),
  siblings: z.array(shownValue).max(MAX_SHOWN_SIBLINGS),
  stale: z.boolean(),
  tookUs: countSchema.optional(),
});

const outcomeSchema = z.strictObject({
  outcome: z.enum(["accepted", "rejected", "no-quorum", "expired"]),
  yes: countSchema,
  no: countSchema,
  abstain: countSchema,
  of: countSchema,
});

const proposalSchema = z.strictObject({
  id: z.string().min(1).max(128),
  caller: nodeIdSchema,
  title: z.string().max(128),
  text: textSchema,
  threshold: z.number().gt(0).max(1),
  quorum: countSchema,
  of: countSchema,
  deadline: countSchema,
  calledAt: microsSchema,
  nodes: z
    .array(
      z.strictObject({
        node: nodeIdSchema,
        since: microsSchema,
        outcome: outcomeSchema.optional(),
        decidedAt: microsSchema.optional(),
      }),
    )
    .max(MAX_HEARINGS),
  votes: z
    .array(
      z.strictObject({
        voter: nodeIdSchema,
        choice: voteChoiceSchema,
        reason: z.string().max(512),
        at: microsSchema,
        heardBy: z.array(z.tuple([nodeIdSchema, voteChoiceSchema])).max(MAX_HEARINGS),
        conflicting: z.boolean(),
      }),
    )
    .max(MAX_HEARINGS),
  accused: z.array(nodeIdSchema).max(MAX_NODES),
  outcome: outcomeSchema.optional(),
  decidedAt: microsSchema.optional(),
});

const holdingSchema = z.strictObject({
  node: nodeIdSchema,
  values: z.array(memoryValueSchema).max(64),
  version: z.string().max(256),
  expiresAt: countSchema.optional(),
  cause: z.enum(["write", "merge", "delete", "expiry"]),
  at: microsSchema,
});

const namespaceDataSchema = z.strictObject({
  name: namespaceSchema,
  mode: memoryModeSchema.optional(),
  keys: z
    .array(z.tuple([memoryKeySchema, z.array(holdingSchema).max(MAX_NODES)]))
    .max(MAX_HOLDINGS),
});

const aggregateSchema = z.strictObject({
  metric: z.string().max(64),
  count: z.number().optional(),
  sum: z.number().optional(),
  mean: z.number().optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  error: z.number().nonnegative().optional(),
  epoch: countSchema,
  round: countSchema,
  at: microsSchema,
});

const standingSchema = z.strictObject({
  member: nodeIdSchema,
  score: z.number(),
  standing: z.enum(["good", "watched", "graylisted", "banned"]),
  reason: z.string().max(64),
  at: microsSchema,
});

const stepSchema = z.strictObject({
  index: countSchema,
  total: countSchema,
  id: z.string().max(64).optional(),
  en: textSchema,
  zh: textSchema.optional(),
  point: z.string().max(128).optional(),
  pause: z.boolean(),
  at: microsSchema,
  seq: countSchema,
});

export const stateDataSchema = z.strictObject({
  requests: z.array(requestSchema).max(MAX_REQUESTS),
  proposals: z.array(proposalSchema).max(MAX_PROPOSALS),
  memory: z.strictObject({
    namespaces: z.array(namespaceDataSchema).max(MAX_NAMESPACES),
    dropped: countSchema,
    exchanges: z.strictObject({
      count: countSchema,
      differing: countSchema,
      hashes: countSchema,
      bytes: countSchema,
      lastAt: microsSchema.optional(),
    }),
  }),
  aggregates: z
    .array(z.tuple([nodeIdSchema, z.array(aggregateSchema).max(MAX_METRICS)]))
    .max(MAX_NODES),
  reputation: z.strictObject({
    observers: z
      .array(z.tuple([nodeIdSchema, z.array(standingSchema).max(MAX_STANDINGS)]))
      .max(MAX_NODES),
    dropped: countSchema,
  }),
  invariants: z
    .array(
      z.strictObject({
        invariant: z.string().max(128),
        checks: countSchema,
        violations: countSchema,
        at: microsSchema,
      }),
    )
    .max(MAX_INVARIANTS),
  lesson: z.array(stepSchema).max(MAX_LESSON_STEPS),
});
export type StateData = z.infer<typeof stateDataSchema>;

export function encodeState(state: StateSlices): StateData {
  const { requests, proposals, memory, aggregates, reputation, invariants, lesson } = state;
  return {
    requests: [...requests.values()].map((request) => ({
      ...request,
      siblings: [...request.siblings],
    })),
    proposals: [...proposals.list.values()].map(encodeProposal),
    memory: {
      namespaces: [...memory.namespaces.values()].map(encodeNamespace),
      dropped: memory.dropped,
      exchanges: memory.exchanges,
    },
    aggregates: [...aggregates].map(([node, metrics]) => [node, [...metrics.values()]]),
    reputation: {
      observers: [...reputation.observers].map(([observer, members]) => [
        observer,
        [...members].map(([member, standing]) => ({ member, ...standing })),
      ]),
      dropped: reputation.dropped,
    },
    invariants: [...invariants.values()],
    lesson: [...lesson.history],
  };
}

function encodeProposal(proposal: ProposalView): StateData["proposals"][number] {
  return {
    ...proposal,
    accused: [...proposal.accused],
    nodes: [...proposal.nodes].map(([node, known]) => ({ node, ...known })),
    votes: [...proposal.votes.values()].map((vote) => ({ ...vote, heardBy: [...vote.heardBy] })),
  };
}

type NamespaceData = StateData["memory"]["namespaces"][number];

function encodeNamespace({ name, mode, keys }: NamespaceView): NamespaceData {
  const rows = [...keys].map(([key, holders]): NamespaceData["keys"][number] => [
    key,
    [...holders].map(([node, holding]) => ({ node, ...holding, values: [...holding.values] })),
  ]);
  return { name, mode, keys: rows };
}

export function decodeState(data: StateData): StateSlices {
  const state = emptyState();
  for (const request of data.requests) {
    state.requests.set(request.id, { ...NO_ANSWER, ...request });
  }
  for (const proposal of data.proposals) decodeProposal(state, proposal);
  for (const space of data.memory.namespaces) decodeNamespace(state, space);
  const { dropped, exchanges } = data.memory;
  state.memory.dropped = dropped;
  state.memory.exchanges = { ...exchanges, lastAt: exchanges.lastAt };
  for (const [node, metrics] of data.aggregates) {
    const rows = metrics.map((each) => [each.metric, { ...NO_AGGREGATE, ...each }] as const);
    state.aggregates.set(node, new Map(rows));
  }
  for (const [observer, members] of data.reputation.observers) {
    const rows = members.map(({ member, ...standing }) => [member, standing] as const);
    state.reputation.observers.set(observer, new Map(rows));
    state.reputation.size += rows.length;
  }
  state.reputation.dropped = data.reputation.dropped;
  for (const check of data.invariants) state.invariants.set(check.invariant, check);
  const history = data.lesson.map((step) => ({ ...NO_STEP, ...step }));
  state.lesson = { current: history.at(-1), history };
  return state;
}

const NO_AGGREGATE = {
  count: undefined,
  sum: undefined,
  mean: undefined,
  min: undefined,
  max: undefined,
  error: undefined,
};
const NO_STEP = { id: undefined, zh: undefined, point: undefined };
const NO_ANSWER = {
  answeredAt: undefined,
  code: undefined,
  message: undefined,
  index: undefined,
  value: undefined,
  tookUs: undefined,
};

function decodeProposal(state: StateSlices, data: StateData["proposals"][number]): void {
  const nodes = data.nodes.map(({ node, since, outcome, decidedAt }) => {
    return [node, { since, outcome, decidedAt }] as const;
  });
  const votes = data.votes.map((vote) => {
    return [vote.voter, { ...vote, heardBy: new Map(vote.heardBy) }] as const;
  });
  const { outcome, decidedAt } = data;
  const proposal = { ...data, outcome, decidedAt, nodes: new Map(nodes), votes: new Map(votes) };
  state.proposals.list.set(proposal.id, proposal);
  state.proposals.hearings += hearingsOf(proposal);
}

function decodeNamespace(state: StateSlices, { name, mode, keys }: NamespaceData): void {
  const spaces = keys.map(([key, rows]) => {
    const holders = rows.map(({ node, values, version, expiresAt, cause, at }) => {
      const holding: MemoryHolding = { values, version, expiresAt, cause, at };
      state.memory.weight += holdingWeight(holding);
      return [node, holding] as const;
    });
    return [key, new Map(holders)] as const;
  });
  state.memory.namespaces.set(name, { name, mode, keys: new Map(spaces) });
}
