import { MAX_COMMAND_BYTES } from "#main/kernel/sessions.ts";

export interface RaftOptions {
  /**
   * Election timeouts are drawn from [min, max], anew for each election. Lower finds a dead leader
   * sooner, but elects needlessly in a slow network; a wider range splits fewer votes. The range
   * wants to be ten times the one-way latency or more.
   */
  readonly electionTimeoutMinMs: number;
  readonly electionTimeoutMaxMs: number;
  /** A leader's sign of life. At most a third of the shortest election timeout. */
  readonly heartbeatIntervalMs: number;
  /** Ask whether an election could be won before disturbing anybody with a new term. */
  readonly preVote: boolean;
  /** A leader that hears no quorum for an election timeout steps down; its followers protect it. */
  readonly checkQuorum: boolean;
  /** A request that is not decided by then is answered ("unknown" if it may have been proposed). */
  readonly requestTimeoutMs: number;
  /** Pause before a forwarded request is sent again. Lower bears losses better, costs entries. */
  readonly retryIntervalMs: number;
  /** Requests of this node under way at once; more are refused as "busy". */
  readonly maxPendingRequests: number;
  /** Largest command, in bytes; also the largest query. */
  readonly maxCommandBytes: number;
  /** Entries and bytes of one append; a single larger entry still goes, alone. */
  readonly maxAppendEntries: number;
  readonly maxAppendBytes: number;
  /** Appends and bytes on their way to one member. Higher fills long links, costs memory. */
  readonly maxInFlightAppends: number;
  readonly maxInFlightBytes: number;
  /** Bytes of entries that are not committed yet; a leader refuses proposals beyond as "busy". */
  readonly maxUncommittedBytes: number;
  /** Reads that wait at the leader for a round of heartbeats. */
  readonly maxPendingReads: number;
  /** A snapshot is taken when this many entries were applied since the last one. */
  readonly snapshotEveryEntries: number;
  /** Entries kept before a snapshot for members that are a little behind. */
  readonly trailingEntries: number;
  readonly snapshotChunkBytes: number;
  /** A larger snapshot is neither sent nor accepted. */
  readonly maxSnapshotBytes: number;
  /** Client sessions: all members must have the same, or their states part. */
  readonly maxSessions: number;
  readonly sessionExpiryMs: number;
}

export const RAFT_DEFAULTS: RaftOptions = {
  electionTimeoutMinMs: 150,
  electionTimeoutMaxMs: 300,
  heartbeatIntervalMs: 50,
  preVote: true,
  checkQuorum: true,
  requestTimeoutMs: 5_000,
  retryIntervalMs: 500,
  maxPendingRequests: 128,
  maxCommandBytes: 64 * 1024,
  maxAppendEntries: 256,
  maxAppendBytes: 64 * 1024,
  maxInFlightAppends: 32,
  maxInFlightBytes: 1024 * 1024,
  maxUncommittedBytes: 4 * 1024 * 1024,
  maxPendingReads: 1_024,
  snapshotEveryEntries: 10_000,
  trailingEntries: 1_000,
  snapshotChunkBytes: 64 * 1024,
  maxSnapshotBytes: 64 * 1024 * 1024,
  maxSessions: 1_024,
  sessionExpiryMs: 3_600_000,
};

/** For members on several continents, up to 150 ms apart one way. */
export const RAFT_WAN: RaftOptions = {
  ...RAFT_DEFAULTS,
  electionTimeoutMinMs: 1_500,
  electionTimeoutMaxMs: 3_000,
  heartbeatIntervalMs: 300,
  requestTimeoutMs: 15_000,
  retryIntervalMs: 2_000,
  maxInFlightAppends: 128,
  maxInFlightBytes: 8 * 1024 * 1024,
};

/** Limits of the format, and of what options may ask for. */
export const RAFT_LIMITS = {
  members: 256,
  entriesPerAppend: 4_096,
  entryBytes: MAX_COMMAND_BYTES + 1_024,
  commandsPerForward: 1_024,
  snapshotBytes: 1024 * 1024 * 1024,
  chunkBytes: 4 * 1024 * 1024,
  entriesPerRecord: 10_000_000,
} as const;

type Range = readonly [name: keyof RaftOptions, min: number, max: number];

const MAX_MS = 3_600_000;
const GIB = 1024 * 1024 * 1024;
const RANGES: readonly Range[] = [
  ["electionTimeoutMinMs", 1, MAX_MS],
  ["electionTimeoutMaxMs", 1, MAX_MS],
  ["heartbeatIntervalMs", 1, MAX_MS],
  ["requestTimeoutMs", 1, MAX_MS],
  ["retryIntervalMs", 1, MAX_MS],
  ["maxPendingRequests", 1, 128],
  ["maxCommandBytes", 1, MAX_COMMAND_BYTES],
  ["maxAppendEntries", 1, RAFT_LIMITS.entriesPerAppend],
  ["maxAppendBytes", 1, GIB],
  ["maxInFlightAppends", 1, 65_536],
  ["maxInFlightBytes", 1, GIB],
  ["maxUncommittedBytes", 1, GIB],
  ["maxPendingReads", 1, 1_000_000],
  ["snapshotEveryEntries", 1, RAFT_LIMITS.entriesPerRecord],
  ["trailingEntries", 0, RAFT_LIMITS.entriesPerRecord],
  ["snapshotChunkBytes", 1, RAFT_LIMITS.chunkBytes],
  ["maxSnapshotBytes", 1, RAFT_LIMITS.snapshotBytes],
  ["maxSessions", 1, 65_536],
  ["sessionExpiryMs", 1_000, 1e12],
];

/** All problems at once; empty when the options are usable. */
export function validateRaftOptions(options: RaftOptions): string[] {
  const problems: string[] = [];
  for (const [name, min, max] of RANGES) {
    const value = options[name];
    if (typeof value !== "number" || !(value >= min && value <= max)) {
      problems.push(`${name} must be ${min} to ${max}`);
    } else if (!name.endsWith("Ms") && !Number.isInteger(value)) {
      problems.push(`${name} must be a whole number`);
    }
  }
  const { electionTimeoutMinMs, electionTimeoutMaxMs, heartbeatIntervalMs } = options;
  if (electionTimeoutMaxMs < electionTimeoutMinMs) {
    problems.push("electionTimeoutMaxMs must not be less than electionTimeoutMinMs");
  }
  if (heartbeatIntervalMs * 2 > electionTimeoutMinMs) {
    problems.push("heartbeatIntervalMs must be at most half of electionTimeoutMinMs");
  }
  if (options.requestTimeoutMs * 2 > options.sessionExpiryMs) {
    problems.push("sessionExpiryMs must be at least twice requestTimeoutMs");
  }
  return problems;
}
