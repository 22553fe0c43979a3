import { DEFAULT_RETENTION_SITES } from "#main/kernel/crdt/retention.ts";
import { MAX_RETENTION_SITES } from "#main/kernel/crdt/limits.ts";
import { MAX_NAMESPACES } from "./limits.ts";
import type { MemoryMode } from "./modes.ts";

export interface MemoryOptions {
  /** Namespaces that the mesh begins with; they hold before all that are defined later. */
  readonly namespaces: readonly { readonly name: string; readonly mode: MemoryMode }[];
  /**
   * Between two comparisons of this node with a random peer. Lower repairs lost pushes and heals
   * partitions sooner, and costs one small message per node and interval even when all is equal.
   */
  readonly antiEntropyMs: number;
  /** Peers that a fresh change is pushed to by everybody who learns of it; more reach more at once. */
  readonly fanout: number;
  /** A push that is not acknowledged by then is sent again. Longer than a round trip with a write. */
  readonly resendMs: number;
  /** Sends of one push, the first included; then anti-entropy has to do it. */
  readonly maxSends: number;
  /**
   * tau 1: how long every node keeps the certificate of a delete. Longer than any node is usually
   * away; everybody pays for it in memory.
   */
  readonly certificateMs: number;
  /** tau 2: how long the retention sites keep it after that. Longer than any node ever stays away. */
  readonly dormantMs: number;
  /** Nodes that keep it. Each one more makes the loss of all of them less likely. */
  readonly retentionSites: number;
  /** Keys and certificates of all namespaces; one more is refused. */
  readonly maxKeys: number;
  /** Bytes of their states, as they are written. */
  readonly maxBytes: number;
}

const HOUR_MS = 3_600_000;

export const MEMORY_DEFAULTS: MemoryOptions = {
  namespaces: [],
  antiEntropyMs: 2_000,
  fanout: 3,
  resendMs: 500,
  maxSends: 3,
  certificateMs: HOUR_MS,
  dormantMs: 30 * 24 * HOUR_MS,
  retentionSites: DEFAULT_RETENTION_SITES,
  maxKeys: 16_384,
  maxBytes: 16 * 1_024 * 1_024,
};

interface Range {
  readonly name: Exclude<keyof MemoryOptions, "namespaces">;
  readonly low: number;
  readonly high: number;
  readonly whole: boolean;
}

const DAY_MS = 24 * HOUR_MS;

const RANGES: readonly Range[] = [
  { name: "antiEntropyMs", low: 1, high: DAY_MS, whole: false },
  { name: "fanout", low: 1, high: 32, whole: true },
  { name: "resendMs", low: 1, high: DAY_MS, whole: false },
  { name: "maxSends", low: 1, high: 32, whole: true },
  { name: "certificateMs", low: 1, high: 366 * DAY_MS, whole: false },
  { name: "dormantMs", low: 0, high: 3_660 * DAY_MS, whole: false },
  { name: "retentionSites", low: 1, high: MAX_RETENTION_SITES, whole: true },
  { name: "maxKeys", low: 1, high: 2 ** 20, whole: true },
  { name: "maxBytes", low: 1, high: 2 ** 30, whole: true },
];

/** All problems at once; empty when the options are usable. */
export function validateMemoryOptions(options: MemoryOptions): string[] {
  const problems: string[] = [];
  for (const { name, low, high, whole } of RANGES) {
    const value = options[name];
    if (!(value >= low && value <= high) || (whole && !Number.isInteger(value))) {
      problems.push(`${name} must be ${whole ? "a whole number from " : ""}${low} to ${high}`);
    }
  }
  const names = options.namespaces.map(({ name }) => name);
  if (names.length > MAX_NAMESPACES) {
    problems.push(`there can be ${MAX_NAMESPACES} namespaces, not ${names.length}`);
  }
  for (const name of new Set(names.filter((each, i) => names.indexOf(each) !== i))) {
    problems.push(`namespace ${name} is defined twice`);
  }
  return problems;
}
