import { SESSION_DEFAULTS, type SessionOptions } from "#main/kernel/sessions.ts";
import { MAX_BATCH, MAX_PAGE_BYTES, MAX_PAYLOAD_BYTES, MAX_WINDOW } from "./limits.ts";
import { maxFaults } from "./quorum.ts";

/** All members of a group must have the same values in the first block. */
export interface PbftOptions {
  /** Faulty members to bear (f); null: as many as the size allows, 0 with fewer than 4 members. */
  readonly faults: number | null;
  /** Sequence numbers between checkpoints (K). Lower truncates sooner, costs snapshots. */
  readonly checkpointEvery: number;
  /** Sequence numbers between the watermarks (L), at least 2 K. Higher bears a slow checkpoint. */
  readonly window: number;
  /** Bytes of one page of a state; part of what checkpoints are digests of. */
  readonly pageBytes: number;
  readonly sessions: SessionOptions;
  /** Requests ordered by one round. 1 shows every request's own round; higher is faster. */
  readonly batchMax: number;
  readonly batchMaxBytes: number;
  /** Largest command or query, in bytes. */
  readonly maxCommandBytes: number;

  /** A backup that waits this long for a request demands a new view. Lower suspects needlessly. */
  readonly viewTimeoutMs: number;
  /** The timeout doubles with each view that brings nothing, up to this. */
  readonly viewTimeoutMaxMs: number;
  /** A proposed log time further ahead of the own clock is not agreed to. */
  readonly maxClockAheadMs: number;
  /** Pause before a client asks all replicas, and then between repetitions. */
  readonly clientRetryMs: number;
  /** After this long a request that was not answered ends as unknown. */
  readonly requestTimeoutMs: number;
  /** Requests of this node under way at once; more are refused as busy. */
  readonly maxPendingRequests: number;
  /** Requests that a replica keeps for one client, and for all of them. */
  readonly maxRequestsPerClient: number;
  readonly maxRequests: number;
  /** How often members tell what they lack while something is under way, and while nothing is. */
  readonly statusIntervalMs: number;
  readonly idleStatusIntervalMs: number;
  /** A replica behind a stable checkpoint waits this long before it fetches the state. */
  readonly transferAfterMs: number;
  /** An unanswered page is asked of the next member after this. */
  readonly fetchTimeoutMs: number;
}

/** For simulated and small meshes: checkpoints come soon enough to be seen. */
export const PBFT_DEFAULTS: PbftOptions = {
  faults: null,
  checkpointEvery: 16,
  window: 64,
  pageBytes: 32 * 1024,
  sessions: SESSION_DEFAULTS,
  batchMax: 1,
  batchMaxBytes: 512 * 1024,
  viewTimeoutMs: 1_000,
  viewTimeoutMaxMs: 60_000,
  maxClockAheadMs: 60_000,
  clientRetryMs: 400,
  requestTimeoutMs: 5_000,
  maxPendingRequests: 128,
  maxCommandBytes: 64 * 1024,
  maxRequestsPerClient: 256,
  maxRequests: 4_096,
  statusIntervalMs: 250,
  idleStatusIntervalMs: 2_000,
  transferAfterMs: 200,
  fetchTimeoutMs: 300,
};

/** The values of the paper's experiments (section 7.1). */
export const PBFT_PAPER: PbftOptions = { ...PBFT_DEFAULTS, checkpointEvery: 128, window: 256 };

/** For throughput: requests that wait share a round (section 5.1 of the paper's later version). */
export const PBFT_BATCHED: PbftOptions = { ...PBFT_PAPER, batchMax: 64 };

type NumberName = Exclude<keyof PbftOptions, "faults" | "sessions">;
type Range = readonly [name: NumberName, min: number, max: number];

const MAX_MS = 3_600_000;
const RANGES: readonly Range[] = [
  ["checkpointEvery", 1, MAX_WINDOW / 2],
  ["window", 2, MAX_WINDOW],
  ["pageBytes", 64, MAX_PAGE_BYTES],
  ["batchMax", 1, MAX_BATCH],
  ["batchMaxBytes", 1, 64 * 1024 * 1024],
  ["viewTimeoutMs", 1, MAX_MS],
  ["viewTimeoutMaxMs", 1, MAX_MS],
  ["maxClockAheadMs", 1, 24 * MAX_MS],
  ["clientRetryMs", 1, MAX_MS],
  ["requestTimeoutMs", 1, MAX_MS],
  ["maxPendingRequests", 1, 256],
  ["maxCommandBytes", 1, MAX_PAYLOAD_BYTES],
  ["maxRequestsPerClient", 1, 4_096],
  ["maxRequests", 1, 65_536],
  ["statusIntervalMs", 1, MAX_MS],
  ["idleStatusIntervalMs", 1, MAX_MS],
  ["transferAfterMs", 0, MAX_MS],
  ["fetchTimeoutMs", 1, MAX_MS],
];

/** All problems at once for a group of `n` members; empty when the options are usable. */
export function validatePbftOptions(options: PbftOptions, n: number): string[] {
  const problems: string[] = [];
  for (const [name, min, max] of RANGES) {
    const value = options[name];
    if (!(value >= min && value <= max)) {
      problems.push(`${name} must be ${min} to ${max}`);
    } else if (!name.endsWith("Ms") && !Number.isInteger(value)) {
      problems.push(`${name} must be a whole number`);
    }
  }
  if (options.window < 2 * options.checkpointEvery) {
    problems.push("window must be at least twice checkpointEvery");
  }
  if (options.viewTimeoutMaxMs < options.viewTimeoutMs) {
    problems.push("viewTimeoutMaxMs must not be less than viewTimeoutMs");
  }
  if (options.maxPendingRequests > options.sessions.maxUnanswered) {
    problems.push("maxPendingRequests must not be more than a session keeps answers");
  }
  return [...problems, ...faultProblems(options.faults, n)];
}

function faultProblems(faults: number | null, n: number): string[] {
  if (faults === null) {
    return [];
  }
  if (!Number.isInteger(faults) || faults < 0) {
    return ["faults must be a whole number from 0, or null"];
  }
  return faults > maxFaults(n)
    ? [`faults: to bear ${faults} takes ${3 * faults + 1} members, not ${n}`]
    : [];
}
