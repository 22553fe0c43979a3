/** From the options of a mesh to the options of each machine of a node. */
import { type MeshOptions, nodeNames } from "#shared/contract/mesh-options.ts";
import type { VotePolicy } from "#shared/contract/state-events.ts";
import type { Detector, GossipMode } from "#shared/contract/primitives.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import { MICROS_PER_MS } from "#main/kernel/time.ts";
import { type GossipOptions, GOSSIP_DEFAULTS } from "#main/protocols/gossip/options.ts";
import { HEARTBEAT_DEFAULTS, type HeartbeatOptions } from "#main/protocols/heartbeat/options.ts";
import { LINKS_DEFAULTS, type LinksOptions } from "#main/protocols/links/options.ts";
import { MEMORY_DEFAULTS, type MemoryOptions } from "#main/protocols/memory/options.ts";
import { minSuspicionMs } from "#main/protocols/membership/formulas.ts";
import { MEMBERSHIP_LAN, type MembershipOptions } from "#main/protocols/membership/options.ts";
import { type PartitionOptions, stableAfterBySize } from "#main/protocols/partition/options.ts";
import { PHI_DEFAULTS, type PhiOptions } from "#main/protocols/phi/options.ts";
import { SWIM_LAN, type SwimOptions } from "#main/protocols/swim/options.ts";

/** Heartbeats between all pairs stay affordable up to this many nodes; SWIM above. */
export const HEARTBEAT_MAX_NODES = 25;
/** News about the others takes a moment to come round. */
const AGREE_MARGIN_MS = 1_000;

export function detectorFor(options: MeshOptions, size: number): Detector {
  return options.membership.detector ?? (size <= HEARTBEAT_MAX_NODES ? "heartbeat" : "swim");
}

export interface NodeOptions {
  readonly detector: Detector;
  readonly membership: MembershipOptions;
  readonly swim: SwimOptions;
  readonly heartbeat: HeartbeatOptions;
  readonly phi: PhiOptions;
  readonly gossip: GossipOptions;
  readonly links: LinksOptions;
  readonly partition: PartitionOptions;
  readonly consensus: ConsensusOptions;
  readonly memory: MemoryOptions;
  readonly votePolicy: VotePolicy;
  readonly aggregation: boolean;
}

/** Who agrees on what, and how. */
export interface ConsensusOptions extends Omit<MeshOptions["consensus"], "members"> {
  /** The mesh's identity: what is signed in it means nothing elsewhere. */
  readonly mesh: string;
  /** Who votes at the start, in the order that pBFT takes turns by. */
  readonly members: readonly NodeId[];
}

/** `size`: of the mesh that is complete at the start; 0 when all of its nodes join. */
export function nodeOptions(options: MeshOptions, size: number): NodeOptions {
  const fixed = withoutAgreement(options, size);
  const planned = typeof options.nodes === "number" ? options.nodes : options.nodes.length;
  const agreeAfterMs = noticePartitionMs(fixed, Math.max(size, planned)) + AGREE_MARGIN_MS;
  return { ...fixed, membership: { ...fixed.membership, agreeAfterMs } };
}

/**
 * The longest that a side of a cut mesh of `n` nodes takes to turn read-only: until the detector
 * misses the others, until the suspicion has run out with nobody to shorten it, and until the view
 * has been stable. A side that let joiners count sooner could grow into a majority meanwhile.
 */
export function noticePartitionMs(options: NodeOptions, n: number): number {
  const { suspicionMultiplier, suspicionMaxMultiplier, probeIntervalMs } = options.membership;
  const suspicionMs =
    minSuspicionMs(suspicionMultiplier, n, probeIntervalMs) * suspicionMaxMultiplier;
  const stableMs = options.partition.stableAfterMs ?? stableAfterBySize(n) / MICROS_PER_MS;
  return Math.ceil(detectionMs(options) + suspicionMs + stableMs);
}

/** From a member's falling silent to the first suspicion. */
function detectionMs({ detector, heartbeat, phi, swim }: NodeOptions): number {
  switch (detector) {
    case "heartbeat":
      return heartbeat.heartbeatTimeoutMs;
    case "phi": {
      // φ exceeds (0.070566 y³) / ln 10 at y deviations; at first these are a quarter interval.
      const deviations = Math.cbrt((phi.threshold * Math.LN10) / 0.070566);
      const deviationMs = Math.max(phi.minStdDevMs, phi.heartbeatIntervalMs / 4);
      // Members are looked at once an interval.
      return 2 * phi.heartbeatIntervalMs + phi.acceptablePauseMs + deviations * deviationMs;
    }
    case "swim":
      // A probe may have succeeded just before; the next one has a whole period.
      return 2 * swim.probeIntervalMs;
  }
}

function withoutAgreement(options: MeshOptions, size: number): NodeOptions {
  const { membership, topology, gossip } = options;
  return {
    detector: detectorFor(options, size),
    membership: {
      ...MEMBERSHIP_LAN,
      probeIntervalMs: membership.probeIntervalMs,
      suspicionMultiplier: membership.suspicionMultiplier,
    },
    swim: {
      ...SWIM_LAN,
      probeIntervalMs: membership.probeIntervalMs,
      probeTimeoutMs: membership.probeTimeoutMs,
      indirectProbes: membership.indirectProbes,
      localHealth: membership.localHealth,
    },
    heartbeat: {
      ...HEARTBEAT_DEFAULTS,
      heartbeatIntervalMs: membership.heartbeatIntervalMs,
      heartbeatTimeoutMs: membership.heartbeatTimeoutMs,
    },
    phi: {
      ...PHI_DEFAULTS,
      threshold: membership.phiThreshold,
      heartbeatIntervalMs: membership.heartbeatIntervalMs,
    },
    gossip: { ...GOSSIP_DEFAULTS, ...gossipChange(gossip) },
    links: {
      ...LINKS_DEFAULTS,
      kind: topology.kind,
      minNeighbours: topology.minNeighbours,
      maxNeighbours: topology.maxNeighbours,
      announceIntervalMs: topology.announceIntervalMs,
    },
    partition: {
      stableAfterMs: membership.stableAfterMs ?? null,
      tieBreaker: membership.tieBreaker ?? null,
    },
    consensus: consensusOptions(options),
    memory: { ...MEMORY_DEFAULTS, ...options.memory },
    votePolicy: options.votePolicy,
    aggregation: options.aggregation,
  };
}

function consensusOptions(options: MeshOptions): ConsensusOptions {
  const { consensus, name, seed } = options;
  const { members, ...rest } = consensus;
  const nodes = nodeNames(options.nodes);
  const named = typeof members === "number" ? nodes.slice(0, members) : members;
  return { ...rest, mesh: `${name}/${seed}`, members: named ?? nodes };
}

function gossipChange(gossip: MeshOptions["gossip"]): Partial<GossipOptions> {
  return {
    mode: gossip.mode satisfies GossipMode,
    gossipIntervalMs: gossip.intervalMs,
    fanout: gossip.fanout,
    antiEntropyEvery: gossip.antiEntropyEvery,
  };
}
