import { MAX_COMMAND_BYTES, MAX_MEMBERS } from "./limits.ts";

export interface EpidemicOptions {
  /** Time between rounds while something spreads. Lower decides faster, messages in proportion. */
  readonly gossipIntervalMs: number;
  /** Peers contacted per round. Cost is proportional, the gain in rounds logarithmic. */
  readonly fanout: number;
  /** Time between comparisons with one random member, always. Lower finishes and heals faster. */
  readonly antiEntropyIntervalMs: number;
  /**
   * How long a proposal that a majority holds waits for the word of slower members about the
   * order. Lower answers faster while a member is down, higher reorders less often.
   */
  readonly patienceMs: number;
  /** How long an executed proposal waits for slower members before this one votes to close it. */
  readonly closeAfterMs: number;
  /** After this a proposal that was not carried out is answered with "unknown". */
  readonly requestTimeoutMs: number;
  /** Proposals of one origin kept behind the last checkpoint; its own next one is "busy". */
  readonly windowPerOrigin: number;
  /** Bytes of commands of one origin kept behind the last checkpoint. */
  readonly bytesPerOrigin: number;
  readonly maxCommandBytes: number;
  /** Decided proposals after which a checkpoint is taken; it is taken sooner for want of room. */
  readonly checkpointEvery: number;
  /** Bytes of proposals in one message; a single larger proposal travels alone. */
  readonly messageBytes: number;
}

export const EPIDEMIC_DEFAULTS: EpidemicOptions = {
  gossipIntervalMs: 100,
  fanout: 2,
  antiEntropyIntervalMs: 1_000,
  patienceMs: 1_000,
  closeAfterMs: 10_000,
  requestTimeoutMs: 10_000,
  windowPerOrigin: 64,
  bytesPerOrigin: 1_024 * 1_024,
  maxCommandBytes: 256 * 1_024,
  checkpointEvery: 64,
  messageBytes: 60 * 1_024,
};

const DAY_MS = 86_400_000;

const RANGES: Readonly<Record<keyof EpidemicOptions, readonly [low: number, high: number]>> = {
  gossipIntervalMs: [1, DAY_MS],
  fanout: [1, 32],
  antiEntropyIntervalMs: [1, DAY_MS],
  patienceMs: [0, DAY_MS],
  closeAfterMs: [1, DAY_MS],
  requestTimeoutMs: [1, DAY_MS],
  windowPerOrigin: [1, 512],
  bytesPerOrigin: [1, 64 * 1_024 * 1_024],
  maxCommandBytes: [1, MAX_COMMAND_BYTES],
  checkpointEvery: [1, 4_096],
  messageBytes: [1, 1_024 * 1_024],
};

/** All problems at once; empty when the options are usable. */
export function validateEpidemicOptions(options: EpidemicOptions): string[] {
  const problems: string[] = [];
  for (const [name, [low, high]] of Object.entries(RANGES)) {
    const value = options[name as keyof EpidemicOptions];
    if (!(Number.isInteger(value) && value >= low && value <= high)) {
      problems.push(`${name} must be a whole number from ${low} to ${high}`);
    }
  }
  if (options.bytesPerOrigin < options.maxCommandBytes) {
    problems.push("bytesPerOrigin must not be under maxCommandBytes");
  }
  return problems;
}

/** All problems of a list of members at once. */
export function validateEpidemicMembers(members: readonly string[]): string[] {
  const problems: string[] = [];
  if (members.length < 1 || members.length > MAX_MEMBERS) {
    problems.push(`a group has 1 to ${MAX_MEMBERS} members`);
  }
  if (new Set(members).size !== members.length) {
    problems.push("a member is listed twice");
  }
  return problems;
}

/** Members whose word makes a proposal durable: more than half of all, alive or not. */
export function majorityOf(members: number): number {
  return Math.floor(members / 2) + 1;
}

/**
 * Rounds that a node goes on without hearing anything new: twice what push-pull needs to reach all
 * of `n` with high probability (Karp et al. 2000: log3 n + O(log log n)), once for the news to get
 * there and once for the word of it to come back.
 */
export function spreadRounds(n: number): number {
  return 2 * (Math.ceil(Math.log2(n + 1)) + 3);
}
