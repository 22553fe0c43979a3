/** From the mesh's options to each strategy's own. */
import { EPIDEMIC_DEFAULTS, type EpidemicOptions } from "#main/protocols/epidemic/options.ts";
import { MAX_WINDOW } from "#main/protocols/pbft/limits.ts";
import { PBFT_DEFAULTS, type PbftOptions } from "#main/protocols/pbft/options.ts";
import { RAFT_DEFAULTS, type RaftOptions } from "#main/protocols/raft/options.ts";
import type { ConsensusOptions } from "../options.ts";

/** Sequence numbers between the watermarks, in checkpoints: the paper's is 2, more bears delays. */
const WINDOW_CHECKPOINTS = 4;

export function raftOptions({ raft, requestTimeoutMs }: ConsensusOptions): RaftOptions {
  return {
    ...RAFT_DEFAULTS,
    electionTimeoutMinMs: raft.electionTimeoutMinMs,
    electionTimeoutMaxMs: raft.electionTimeoutMaxMs,
    heartbeatIntervalMs: raft.heartbeatMs,
    preVote: raft.preVote,
    checkQuorum: raft.checkQuorum,
    snapshotEveryEntries: raft.snapshotEvery,
    trailingEntries: Math.min(RAFT_DEFAULTS.trailingEntries, raft.snapshotEvery),
    requestTimeoutMs,
  };
}

export function pbftOptions({ pbft, requestTimeoutMs }: ConsensusOptions): PbftOptions {
  return {
    ...PBFT_DEFAULTS,
    faults: pbft.faults ?? null,
    checkpointEvery: pbft.checkpointEvery,
    window: Math.min(MAX_WINDOW, pbft.checkpointEvery * WINDOW_CHECKPOINTS),
    batchMax: pbft.batchMax,
    viewTimeoutMs: pbft.viewTimeoutMs,
    requestTimeoutMs,
  };
}

export function epidemicOptions({ epidemic, requestTimeoutMs }: ConsensusOptions): EpidemicOptions {
  return {
    ...EPIDEMIC_DEFAULTS,
    gossipIntervalMs: epidemic.intervalMs,
    fanout: epidemic.fanout,
    requestTimeoutMs,
  };
}
