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
  /** Peers contacted per round. Higher spreads faster; cost is proportional, gain logarithmic. */
  readonly fanout: number;
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
}
