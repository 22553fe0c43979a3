import type { NodeId } from "#main/kernel/machine.ts";
import { createRandom } from "#main/kernel/prng.ts";
import { MiniWorld } from "#main/kernel/testing/mini-world.ts";
import { ms } from "#main/kernel/time.ts";
import { Aggregation } from "../aggregation.ts";
import { aggregationCodec } from "../codec.ts";
import { AGGREGATION_DEFAULTS, type AggregationOptions } from "../options.ts";
import type {
  AggregateFunction,
  AggregationEvent,
  AggregationInput,
  AggregationMessage,
  Estimate,
} from "../types.ts";

/** Nodes that all know each other, in a small world; messages take 5 ms. */
export class AggregationMesh extends MiniWorld<
  AggregationInput,
  AggregationMessage,
  AggregationEvent,
  never
> {
  readonly nodes = new Map<NodeId, Aggregation>();
  readonly #options: AggregationOptions;
  readonly #seed: number;

  constructor(values: readonly number[], options: Partial<AggregationOptions> = {}, seed = 1) {
    super({ codec: aggregationCodec, latencyUs: ms(5) });
    this.#options = { ...AGGREGATION_DEFAULTS, ...options };
    this.#seed = seed;
    values.forEach((value, i) => this.boot(`n${i}`, value));
  }

  get ids(): NodeId[] {
    return [...this.nodes.keys()];
  }

  boot(self: NodeId, value: number | null): void {
    const node = new Aggregation({
      self,
      options: this.#options,
      random: createRandom(this.#seed).fork(self),
      peers: () => this.ids,
      isMember: (id) => id.startsWith("n"),
    });
    this.nodes.set(self, node);
    this.add(self, node);
    this.input(self, { kind: "start", now: this.now });
    this.setValue(self, value);
  }

  /** The process ends and everybody knows. */
  kill(self: NodeId): void {
    this.remove(self);
    this.nodes.delete(self);
  }

  setValue(self: NodeId, value: number | null): void {
    this.input(self, { kind: "value", now: this.now, metric: "load", value });
  }

  estimate(node: NodeId, which: AggregateFunction): Estimate | undefined {
    return this.nodes.get(node)?.estimates("load")?.[which];
  }

  /** One estimate of every node. */
  values(which: AggregateFunction): (number | null | undefined)[] {
    return this.ids.map((node) => this.estimate(node, which)?.value);
  }
}
