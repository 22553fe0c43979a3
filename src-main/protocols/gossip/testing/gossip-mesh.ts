import type { NodeId } from "#main/kernel/machine.ts";
import { createRandom } from "#main/kernel/prng.ts";
import { ms } from "#main/kernel/time.ts";
import { gossipCodec } from "../codec.ts";
import { Gossip } from "../gossip.ts";
import { GOSSIP_DEFAULTS, type GossipOptions } from "../options.ts";
import type { GossipEvent, GossipInput, GossipMessage, GossipRecord } from "../types.ts";
import { MiniWorld } from "#main/kernel/testing/mini-world.ts";

/** Gossip nodes that all know each other, in a small world; messages take 5 ms. */
export class GossipMesh extends MiniWorld<GossipInput, GossipMessage, GossipEvent, GossipRecord> {
  readonly nodes = new Map<NodeId, Gossip>();
  readonly ids: readonly NodeId[];
  readonly #gossip: GossipOptions;
  readonly #seed: number;
  #lives = 0;

  constructor(ids: readonly NodeId[], options: Partial<GossipOptions> = {}, seed = 1) {
    super({ codec: gossipCodec, latencyUs: ms(5) });
    this.ids = ids;
    this.#gossip = { ...GOSSIP_DEFAULTS, ...options };
    this.#seed = seed;
    ids.forEach((id) => this.boot(id));
  }

  /** Starts a node from what its disk holds. */
  boot(self: NodeId): void {
    this.#lives++;
    const node = new Gossip({
      self,
      options: this.#gossip,
      random: createRandom(this.#seed).fork(`${self} ${this.#lives}`),
      peers: () => this.ids,
      restore: [...(this.disks.get(self) ?? [])],
    });
    this.nodes.set(self, node);
    this.add(self, node);
    this.input(self, { kind: "start", now: this.now });
  }

  wipe(self: NodeId): void {
    this.disks.set(self, []);
  }

  publish(node: NodeId, text: string, urgent = false): void {
    const payload = new TextEncoder().encode(text);
    const input = { kind: "publish", now: this.now, request: 1, topic: "news", payload } as const;
    this.input(node, { ...input, urgent });
  }

  /** Nodes that hold as much as the fullest, with the same digest as `of`. */
  agreeing(of: NodeId): number {
    const digest = this.nodes.get(of)?.digest;
    return [...this.nodes.values()].filter((node) => node.digest === digest).length;
  }
}
