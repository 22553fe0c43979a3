/** From the options of a mesh to the options of each machine of a node. */
import type { MeshOptions } from "#shared/contract/mesh-options.ts";
import type { Detector, GossipMode } from "#shared/contract/primitives.ts";
import { type GossipOptions, GOSSIP_DEFAULTS } from "#main/protocols/gossip/options.ts";
import { HEARTBEAT_DEFAULTS, type HeartbeatOptions } from "#main/protocols/heartbeat/options.ts";
import { LINKS_DEFAULTS, type LinksOptions } from "#main/protocols/links/options.ts";
import { MEMBERSHIP_LAN, type MembershipOptions } from "#main/protocols/membership/options.ts";
import type { PartitionOptions } from "#main/protocols/partition/options.ts";
import { PHI_DEFAULTS, type PhiOptions } from "#main/protocols/phi/options.ts";
import { SWIM_LAN, type SwimOptions } from "#main/protocols/swim/options.ts";

/** Heartbeats between all pairs stay affordable up to this many nodes; SWIM above. */
export const HEARTBEAT_MAX_NODES = 25;

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
}

export function nodeOptions(options: MeshOptions, size: number): NodeOptions {
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
    phi: { ...PHI_DEFAULTS, threshold: membership.phiThreshold },
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
  };
}

function gossipChange(gossip: MeshOptions["gossip"]): Partial<GossipOptions> {
  return {
    mode: gossip.mode satisfies GossipMode,
    gossipIntervalMs: gossip.intervalMs,
    fanout: gossip.fanout,
    antiEntropyEvery: gossip.antiEntropyEvery,
  };
}
