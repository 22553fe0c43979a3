/** What a simulated mesh is made of. The same shape opens a mesh, heads a recording, fills a scenario. */
import { z } from "zod";
import { consensusKindSchema } from "./agreement-events.ts";
import {
  detectorSchema,
  gossipModeSchema,
  linkConditionsSchema,
  MAX_NODES,
  type NodeId,
  nodeIdSchema,
  topologyKindSchema,
  zoneSchema,
} from "./primitives.ts";
import { memoryModeSchema, namespaceSchema, votePolicySchema } from "./state-events.ts";

/** Members of a consensus group; more would drown in their own messages. */
export const MAX_VOTERS = 64;

const positiveMs = z.number().positive().max(86_400_000);

export const nodeSpecSchema = z.strictObject({
  id: nodeIdSchema,
  zone: zoneSchema.optional(),
});

export const topologyOptionsSchema = z.strictObject({
  kind: topologyKindSchema.default("grid"),
  minNeighbours: z.number().int().min(1).max(64).default(3),
  maxNeighbours: z.number().int().min(1).max(64).default(5),
  /** Only for `custom`: the links to begin with. */
  links: z
    .array(z.tuple([nodeIdSchema, nodeIdSchema]))
    .max(100_000)
    .optional(),
  announceIntervalMs: positiveMs.default(5_000),
});

export const membershipOptionsSchema = z.strictObject({
  /** Absent: heartbeat up to 25 nodes, SWIM above. */
  detector: detectorSchema.optional(),
  /** `formed`: every node knows all at the start. `joining`: each comes in through the seeds. */
  start: z.enum(["formed", "joining"]).default("formed"),
  seeds: z.array(nodeIdSchema).max(16).optional(),
  heartbeatIntervalMs: positiveMs.default(3_000),
  heartbeatTimeoutMs: positiveMs.default(10_000),
  probeIntervalMs: positiveMs.default(1_000),
  probeTimeoutMs: positiveMs.default(500),
  indirectProbes: z.number().int().min(0).max(16).default(3),
  suspicionMultiplier: z.number().positive().max(100).default(4),
  localHealth: z.boolean().default(true),
  phiThreshold: z.number().positive().max(100).default(8),
  /** Read-only after this long without a majority; absent: by mesh size. */
  stableAfterMs: positiveMs.optional(),
  /** Breaks a tie of exactly one half: the side with this node goes on. */
  tieBreaker: nodeIdSchema.optional(),
});

export const gossipOptionsSchema = z.strictObject({
  mode: gossipModeSchema.default("push-pull"),
  intervalMs: positiveMs.default(2_000),
  fanout: z.number().int().min(1).max(32).default(3),
  antiEntropyEvery: z.number().int().min(0).max(1_000).default(5),
});

/** How the mesh comes to agree. A field of another strategy than the chosen one has no effect. */
export const consensusOptionsSchema = z.strictObject({
  kind: consensusKindSchema.default("none"),
  /** Who votes; absent: every node of the formed mesh. A number: that many, in order. */
  members: z
    .union([z.number().int().min(1).max(MAX_VOTERS), z.array(nodeIdSchema).min(1).max(MAX_VOTERS)])
    .optional(),
  /** After this long a request that was not answered ends as unknown. */
  requestTimeoutMs: positiveMs.default(5_000),
  raft: z
    .strictObject({
      /** Each election draws from this range. */
      electionTimeoutMinMs: positiveMs.default(150),
      electionTimeoutMaxMs: positiveMs.default(300),
      heartbeatMs: positiveMs.default(50),
      preVote: z.boolean().default(true),
      checkQuorum: z.boolean().default(true),
      /** A snapshot is taken after so many applied entries. */
      snapshotEvery: z.number().int().min(1).max(1_000_000).default(1_000),
    })
    .prefault({}),
  pbft: z
    .strictObject({
      /** Byzantine members to bear; absent: as many as the size allows, (n - 1) / 3. */
      faults: z.number().int().min(0).max(MAX_VOTERS).optional(),
      viewTimeoutMs: positiveMs.default(1_000),
      batchMax: z.number().int().min(1).max(1_024).default(1),
      checkpointEvery: z.number().int().min(1).max(100_000).default(16),
    })
    .prefault({}),
  epidemic: z
    .strictObject({
      intervalMs: positiveMs.default(200),
      fanout: z.number().int().min(1).max(32).default(3),
    })
    .prefault({}),
});

/** The replicated store. Namespaces can be added while the mesh runs. */
export const memoryOptionsSchema = z.strictObject({
  namespaces: z
    .array(z.strictObject({ name: namespaceSchema, mode: memoryModeSchema }))
    .max(64)
    .default([]),
  /** Between two comparisons of a node with a peer. */
  antiEntropyMs: positiveMs.default(2_000),
});

/** Every field for itself; `meshOptionsSchema` also knows what contradicts what. */
export const meshFieldsSchema = z.strictObject({
  name: z.string().min(1).max(128).default("demo"),
  seed: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(1),
  /** A count (named A…Z, then n26…), or the nodes themselves. */
  nodes: z
    .union([z.number().int().min(1).max(MAX_NODES), z.array(nodeSpecSchema).min(1).max(MAX_NODES)])
    .default(9),
  /** With a count of nodes: spread over zones z1…zN, in turn. */
  zones: z.number().int().min(1).max(64).optional(),
  maxNodes: z.number().int().min(1).max(MAX_NODES).optional(),
  topology: topologyOptionsSchema.prefault({}),
  membership: membershipOptionsSchema.prefault({}),
  gossip: gossipOptionsSchema.prefault({}),
  consensus: consensusOptionsSchema.prefault({}),
  memory: memoryOptionsSchema.prefault({}),
  /** What members do with proposals until they are told otherwise. */
  votePolicy: votePolicySchema.default("manual"),
  /** Gossip a mesh-wide count, sum, mean, minimum and maximum of the nodes' load. */
  aggregation: z.boolean().default(false),
  network: linkConditionsSchema.default({ latencyMs: 5, jitterMs: 5 }),
  /** Extra one-way latency between nodes of different zones. */
  zoneLatencyMs: z.number().min(0).max(60_000).optional(),
});
export type MeshOptions = z.infer<typeof meshFieldsSchema>;
export type MeshOptionsInput = z.input<typeof meshFieldsSchema>;

export const meshOptionsSchema = meshFieldsSchema
  .superRefine(refuseContradictions)
  .describe("Options of a simulated mesh.");

export type NodeSpec = z.infer<typeof nodeSpecSchema>;

type MeshFields = Omit<MeshOptions, "name" | "seed">;

/** A…Z, then n26, n27, … */
export function nodeName(index: number): string {
  return index < LETTERS ? String.fromCharCode(FIRST_LETTER + index) : `n${index}`;
}

const LETTERS = 26;
const FIRST_LETTER = 65;

/** The names of the nodes that a mesh begins with. */
export function nodeNames(nodes: MeshOptions["nodes"]): readonly NodeId[] {
  if (typeof nodes !== "number") return nodes.map((node) => node.id);
  return Array.from({ length: nodes }, (_, index) => nodeName(index));
}

interface Contradiction {
  readonly path: (string | number)[];
  readonly message: string;
}

/** For schemas of these options: what no field can tell alone. */
export function refuseContradictions(options: MeshFields, context: z.RefinementCtx): void {
  const problems = [
    ...nodeContradictions(options),
    ...topologyContradictions(options),
    ...detectorContradictions(options),
    ...consensusContradictions(options),
  ];
  for (const problem of problems) context.addIssue({ code: "custom", ...problem });
}

function nodeContradictions(options: MeshFields): readonly Contradiction[] {
  const { nodes, zones, maxNodes } = options;
  const problems: Contradiction[] = [];
  const names = new Set<string>();
  for (const [index, name] of nodeNames(nodes).entries()) {
    if (names.has(name)) {
      problems.push({ path: ["nodes", index, "id"], message: `a second node is named ${name}` });
    }
    names.add(name);
  }
  const size = typeof nodes === "number" ? nodes : nodes.length;
  if (maxNodes !== undefined && maxNodes < size) {
    problems.push({ path: ["maxNodes"], message: `is less than the ${size} nodes of the mesh` });
  }
  if (zones !== undefined && typeof nodes !== "number") {
    problems.push({
      path: ["zones"],
      message: "goes with a count of nodes; listed ones name theirs",
    });
  }
  for (const { path, id } of namedNodes(options)) {
    if (!names.has(id)) problems.push({ path, message: `${id} is no node of the mesh` });
  }
  return problems;
}

interface NamedNode {
  readonly path: (string | number)[];
  readonly id: NodeId;
}

function namedNodes({ membership, topology, consensus }: MeshFields): readonly NamedNode[] {
  const { seeds = [], tieBreaker } = membership;
  const tie = tieBreaker === undefined ? [] : [tieBreaker];
  const voters = Array.isArray(consensus.members) ? consensus.members : [];
  return [
    ...voters.map((id, index) => ({ path: ["consensus", "members", index], id })),
    ...seeds.map((id, index) => ({ path: ["membership", "seeds", index], id })),
    ...tie.map((id) => ({ path: ["membership", "tieBreaker"], id })),
    ...(topology.links ?? []).flatMap((ends, index) =>
      ends.map((id, end) => ({ path: ["topology", "links", index, end], id })),
    ),
  ];
}

function topologyContradictions({ topology }: MeshFields): readonly Contradiction[] {
  const { kind, links = [], minNeighbours, maxNeighbours } = topology;
  const problems: Contradiction[] = [];
  if (minNeighbours > maxNeighbours) {
    const message = `${minNeighbours} is more than maxNeighbours, ${maxNeighbours}`;
    problems.push({ path: ["topology", "minNeighbours"], message });
  }
  if (links.length > 0 && kind !== "custom") {
    problems.push({ path: ["topology", "links"], message: `go with kind custom, not ${kind}` });
  }
  for (const [index, [one, other]] of links.entries()) {
    if (one !== other) continue;
    problems.push({ path: ["topology", "links", index], message: `links ${one} with itself` });
  }
  return problems;
}

/** Heartbeats are the usual detector; the times of SWIM's probes count where it is asked for. */
function detectorContradictions({ membership }: MeshFields): readonly Contradiction[] {
  const { detector, heartbeatIntervalMs, heartbeatTimeoutMs } = membership;
  const { probeIntervalMs, probeTimeoutMs } = membership;
  const problems: Contradiction[] = [];
  if (detector !== "swim" && detector !== "phi" && heartbeatTimeoutMs <= heartbeatIntervalMs) {
    const message = `${heartbeatTimeoutMs} is not above heartbeatIntervalMs: every beat is late`;
    problems.push({ path: ["membership", "heartbeatTimeoutMs"], message });
  }
  if (detector === "swim" && probeTimeoutMs >= probeIntervalMs) {
    const message = `${probeTimeoutMs} is not below probeIntervalMs: no time is left for relays`;
    problems.push({ path: ["membership", "probeTimeoutMs"], message });
  }
  return problems;
}

function consensusContradictions(options: MeshFields): readonly Contradiction[] {
  const { consensus, nodes } = options;
  const size = typeof nodes === "number" ? nodes : nodes.length;
  const problems: Contradiction[] = [];
  if (consensus.kind === "none") {
    return problems;
  }
  const { members = size, raft, pbft } = consensus;
  const voters = typeof members === "number" ? members : members.length;
  if (typeof members === "number" && members > size) {
    const message = `${members} is more than the ${size} nodes of the mesh`;
    problems.push({ path: ["consensus", "members"], message });
  }
  if (typeof members !== "number" && new Set(members).size < members.length) {
    problems.push({ path: ["consensus", "members"], message: "names a node twice" });
  }
  if (voters > MAX_VOTERS) {
    const message = `${voters} nodes would vote, at most ${MAX_VOTERS} can: name the members`;
    problems.push({ path: ["consensus", "members"], message });
  }
  if (raft.electionTimeoutMaxMs < raft.electionTimeoutMinMs) {
    const message = `is less than electionTimeoutMinMs, ${raft.electionTimeoutMinMs}`;
    problems.push({ path: ["consensus", "raft", "electionTimeoutMaxMs"], message });
  }
  if (raft.heartbeatMs * 2 > raft.electionTimeoutMinMs) {
    const message = `${raft.heartbeatMs} is over half of electionTimeoutMinMs: leaders look dead`;
    problems.push({ path: ["consensus", "raft", "heartbeatMs"], message });
  }
  if (consensus.kind === "pbft" && voters < 3 * (pbft.faults ?? 0) + 1) {
    const message = `${pbft.faults} faulty members need ${3 * (pbft.faults ?? 0) + 1}, not ${voters}`;
    problems.push({ path: ["consensus", "pbft", "faults"], message });
  }
  return problems;
}
