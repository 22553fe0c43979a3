import type { GossipMode } from "../../contract/primitives.ts";
import type { MeshView, RumourView } from "../model.ts";

export interface RumourConvergence {
  /** Of the nodes that run now. */
  readonly reached: number;
  readonly running: number;
  /** Microseconds from publication to the last running node; `undefined` until then. */
  readonly tookUs: number | undefined;
  /** Gossip intervals that took, or have passed so far; unknown without gossip settings. */
  readonly rounds: number | undefined;
  readonly expectedRounds: number | undefined;
}

export function convergenceOf(view: MeshView, rumour: RumourView): RumourConvergence {
  let reached = 0;
  for (const id of rumour.reached.keys()) {
    if (view.nodes.get(id)?.process === "running") reached += 1;
  }
  const { publishedAt, convergedAt } = rumour;
  const gossip = view.mesh.gossip;
  const elapsed = (convergedAt ?? view.at) - publishedAt;
  const { running } = view.counts;
  return {
    reached,
    running,
    tookUs: convergedAt === undefined ? undefined : elapsed,
    rounds: gossip && elapsed / (gossip.intervalMs * 1_000),
    expectedRounds: gossip && expectedRounds(gossip.mode, running, gossip.fanout),
  };
}

/**
 * Rounds until a rumour is at all of `n` nodes, by theory and up to a constant. Push: log2 n + ln n
 * (Pittel 1987) with fanout 1. Pull: as fast at first, then the share s of those without it turns
 * to s² each round (Demers et al. 1987, §1.3). Push-pull: log3 n + log2 ln n (Karp et al. 2000).
 * With a fanout f each informed node reaches f more a round, so the bases grow with it.
 */
export function expectedRounds(mode: GossipMode, n: number, fanout: number): number {
  if (n < 2) return 0;
  if (mode === "push") return logBase(1 + fanout, n) + Math.log(n) / fanout;
  const growth = mode === "pull" ? logBase(1 + fanout, n) : logBase(1 + 2 * fanout, n);
  return growth + logBase(1 + fanout, Math.max(1, Math.log(n)));
}

function logBase(base: number, value: number): number {
  return Math.log(value) / Math.log(base);
}
