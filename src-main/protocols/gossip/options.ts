import { MAX_FANOUT } from "./adapt.ts";
import { MAX_PAYLOAD_BYTES } from "./limits.ts";

/** How rounds exchange rumours. */
export type GossipMode = "push" | "pull" | "push-pull";

/**
 * When a mongering node loses interest (Demers et al. 1987, section 1.4). `feedback` reacts to
 * "knew it already", `blind` to every copy sent; `counter` stops at the k-th such event, `coin`
 * stops at each with probability 1/k.
 */
export type StopRule = "feedback-counter" | "feedback-coin" | "blind-counter" | "blind-coin";

export interface GossipOptions {
  /**
   * Push is quick at the start, pull at the tail, push-pull in both at about the sum of the cost.
   */
  readonly mode: GossipMode;
  /** Time between rounds. Lower spreads faster and costs proportionally more messages. */
  readonly gossipIntervalMs: number;
  /**
   * Peers contacted per round. Higher spreads faster; cost is proportional, gain logarithmic.
   * "auto": about ln n, fewer while the allowance of the round does not pay for that (`adapt.ts`).
   */
  readonly fanout: number | "auto";
  /**
   * A rumour is pushed for this multiple of the expected rounds to all. Raising it makes push
   * reach more under loss; lowering it leaves more to anti-entropy.
   */
  readonly spreadMultiplier: number;
  /** Time between mongering sends of hot rumours. Lower makes urgent rumours faster. */
  readonly mongerIntervalMs: number;
  /** Peers per mongering send. */
  readonly mongerFanout: number;
  readonly stopRule: StopRule;
  /** The k of the stop rule. Each step up divides the residue by about three. */
  readonly stopAfter: number;
  /**
   * Whether the counter of feedback starts again at 0 with every contact that was not in vain, so
   * that only k vain ones in a row cool. Costs up to a tenth more copies and leaves a quarter less
   * residue. An answer that is lost or later than the next send counts as not in vain.
   */
  readonly counterResets: boolean;
  /** Every how many rounds sets are compared with one peer; 0 turns anti-entropy off. */
  readonly antiEntropyEvery: number;
  /** Sequences kept per origin; older ones are dropped and never delivered again. */
  readonly windowPerOrigin: number;
  /** Rumours kept in all; the oldest by Lamport time go first. */
  readonly maxRumours: number;
  /** Origins (and epochs of origins) remembered; the ones longest silent go first. */
  readonly maxStreams: number;
  /** Bytes of rumour copies a node sends per round, all kinds together. */
  readonly bytesPerRound: number;
  /**
   * Bytes of rumour copies a node sends per second on the average; takes the place of
   * `bytesPerRound`. What is saved may go at once, up to one large rumour. null: not limited so.
   */
  readonly bandwidthBytesPerSecond: number | null;
}

export const GOSSIP_DEFAULTS: GossipOptions = {
  mode: "push-pull",
  gossipIntervalMs: 2_000,
  fanout: 3,
  spreadMultiplier: 2,
  mongerIntervalMs: 100,
  mongerFanout: 1,
  stopRule: "feedback-counter",
  stopAfter: 3,
  counterResets: true,
  antiEntropyEvery: 5,
  windowPerOrigin: 512,
  maxRumours: 4_096,
  maxStreams: 16_384,
  bytesPerRound: 256 * 1_024,
  bandwidthBytesPerSecond: null,
};

interface Range {
  readonly name: keyof GossipOptions;
  readonly low: number;
  readonly high: number;
  readonly whole: boolean;
  /** What may stand in the place of a number. */
  readonly or?: "auto" | null;
}

const DAY_MS = 86_400_000;

const RANGES: readonly Range[] = [
  { name: "gossipIntervalMs", low: 1, high: DAY_MS, whole: false },
  { name: "fanout", low: 1, high: MAX_FANOUT, whole: true, or: "auto" },
  { name: "spreadMultiplier", low: 0.1, high: 100, whole: false },
  { name: "mongerIntervalMs", low: 1, high: DAY_MS, whole: false },
  { name: "mongerFanout", low: 1, high: 32, whole: true },
  { name: "stopAfter", low: 1, high: 100, whole: true },
  { name: "antiEntropyEvery", low: 0, high: 1_000, whole: true },
  { name: "windowPerOrigin", low: 1, high: 4_096, whole: true },
  { name: "maxRumours", low: 1, high: 65_536, whole: true },
  { name: "maxStreams", low: 1, high: 65_536, whole: true },
  { name: "bytesPerRound", low: 2 * MAX_PAYLOAD_BYTES, high: 1e9, whole: true },
  { name: "bandwidthBytesPerSecond", low: 1, high: 1e9, whole: false, or: null },
];

const MODES: readonly string[] = ["push", "pull", "push-pull"] satisfies GossipMode[];
const STOP_RULES: readonly string[] = [
  "feedback-counter",
  "feedback-coin",
  "blind-counter",
  "blind-coin",
] satisfies StopRule[];

/** All problems at once; empty when the options are usable. */
export function validateGossipOptions(options: GossipOptions): string[] {
  const problems: string[] = [];
  for (const { name, low, high, whole, or } of RANGES) {
    if (or !== undefined && options[name] === or) {
      continue;
    }
    const value = Number(options[name]);
    if (!(value >= low && value <= high) || (whole && !Number.isInteger(value))) {
      problems.push(`${name} must be ${whole ? "a whole number from " : ""}${low} to ${high}`);
    }
  }
  if (!MODES.includes(options.mode)) {
    problems.push(`mode must be one of ${MODES.join(", ")}`);
  }
  if (!STOP_RULES.includes(options.stopRule)) {
    problems.push(`stopRule must be one of ${STOP_RULES.join(", ")}`);
  }
  return problems;
}
