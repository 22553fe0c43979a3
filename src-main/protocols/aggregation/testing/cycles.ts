/**
 * Synchronous cycles, the model in which the literature states its figures: in every cycle each
 * node sends at the same moment, and all of it arrives before the next. Only the schedule is made
 * up here; every decision is `Aggregation.step`'s.
 */
import type { NodeId } from "#main/kernel/machine.ts";
import type { Random } from "#main/kernel/random.ts";
import { ms } from "#main/kernel/time.ts";
import { Aggregation } from "../aggregation.ts";
import { AGGREGATION_DEFAULTS } from "../options.ts";
import type { AggregationMessage } from "../types.ts";

interface Letter {
  readonly from: NodeId;
  readonly to: NodeId;
  readonly message: AggregationMessage;
}

const INTERVAL_MS = 1_000;
const OPTIONS = { ...AGGREGATION_DEFAULTS, roundIntervalMs: INTERVAL_MS, epochMs: 3_600_000 };

export class Cycles {
  readonly nodes = new Map<NodeId, Aggregation>();
  readonly mean: number;
  #cycle = 0;

  constructor(n: number, random: Random) {
    const ids = Array.from({ length: n }, (_, i) => `n${i}`);
    const values = ids.map(() => random.next());
    this.mean = values.reduce((sum, value) => sum + value, 0) / n;
    ids.forEach((self, i) => {
      const node = new Aggregation({
        self,
        options: OPTIONS,
        random: random.fork(self),
        peers: () => ids,
        isMember: () => true,
      });
      node.step({ kind: "start", now: 0 });
      node.step({ kind: "value", now: 0, metric: "load", value: values[i] ?? 0 });
      this.nodes.set(self, node);
    });
  }

  run(): void {
    this.#cycle++;
    const now = this.#cycle * ms(INTERVAL_MS);
    const letters: Letter[] = [];
    const collect = (from: NodeId, input: Parameters<Aggregation["step"]>[0]) => {
      for (const effect of this.nodes.get(from)?.step(input) ?? []) {
        if (effect.kind === "send") {
          letters.push({ from, to: effect.to, message: effect.message });
        }
      }
    };
    for (const id of this.nodes.keys()) {
      collect(id, { kind: "timer", now, timer: "round" });
    }
    for (let letter = letters.shift(); letter !== undefined; letter = letters.shift()) {
      const { from, to, message } = letter;
      collect(to, { kind: "message", now, from, message });
    }
  }

  /** How far sums are from what their weights would have at the true mean: Kempe's potential. */
  potential(): number {
    return this.#sumOf(({ weight, sum }) => (sum - weight * this.mean) ** 2);
  }

  /** Variance of the nodes' estimates of the mean around the true one. */
  variance(): number {
    return this.#sumOf(({ weight, sum }) => (sum / weight - this.mean) ** 2) / this.nodes.size;
  }

  #sumOf(term: (share: { weight: number; sum: number }) => number): number {
    let total = 0;
    for (const node of this.nodes.values()) {
      for (const share of node.mass?.shares ?? []) {
        total += term(share);
      }
    }
    return total;
  }
}
