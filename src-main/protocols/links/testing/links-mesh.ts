import type { NodeId } from "#main/kernel/machine.ts";
import { createRandom } from "#main/kernel/prng.ts";
import { type Micros, ms } from "#main/kernel/time.ts";
import { linksCodec } from "../codec.ts";
import { type Robustness, robustness } from "../disjoint.ts";
import { LinkSet } from "../graph.ts";
import { Links } from "../links.ts";
import { LINKS_DEFAULTS, type LinksOptions } from "../options.ts";
import { formMesh } from "../topology.ts";
import type { LinkMemberState, LinksEvent, LinksInput, LinksMessage } from "../types.ts";
import { MiniWorld } from "#main/kernel/testing/mini-world.ts";

export interface LinksMeshPlan {
  readonly ids: readonly NodeId[];
  readonly options?: Partial<LinksOptions>;
  readonly seed?: number;
  readonly zoneOf?: (id: NodeId) => string;
  readonly latencyUs?: Micros | ((from: NodeId, to: NodeId) => Micros);
}

/** A formed mesh of links machines; what membership would say, the test says. */
export class LinksMesh extends MiniWorld<LinksInput, LinksMessage, LinksEvent, never> {
  readonly nodes = new Map<NodeId, Links>();
  readonly #plan: LinksMeshPlan;
  readonly #links: LinksOptions;
  #lives = 0;

  constructor(plan: LinksMeshPlan) {
    super({ codec: linksCodec, latencyUs: plan.latencyUs ?? ms(5) });
    this.#plan = plan;
    this.#links = { ...LINKS_DEFAULTS, ...plan.options };
    const { kind, minNeighbours, maxNeighbours } = this.#links;
    const members = plan.ids.map((id) => ({ id, zone: this.zone(id) }));
    const random = this.#shared().fork("topology");
    const formed = formMesh({ kind, members, random, minNeighbours, maxNeighbours });
    plan.ids.forEach((id) => this.#boot(id, formed));
  }

  zone(id: NodeId): string {
    return this.#plan.zoneOf?.(id) ?? "";
  }

  /** A node that knows nobody yet; membership introduces it and the others to each other. */
  join(id: NodeId): void {
    this.#boot(id, null);
    for (const other of this.nodes.keys()) {
      if (other !== id) {
        this.tell(id, other, "alive");
        this.tell(other, id, "alive");
      }
    }
  }

  /** The process ends; `nodes` no longer lists it. */
  kill(id: NodeId): void {
    this.remove(id);
    this.nodes.delete(id);
  }

  /** Membership's verdict on `member` reaches everybody else. */
  declare(member: NodeId, state: LinkMemberState): void {
    for (const id of this.nodes.keys()) {
      if (id !== member) {
        this.tell(id, member, state);
      }
    }
  }

  tell(node: NodeId, member: NodeId, state: LinkMemberState): void {
    const zone = this.zone(member);
    this.input(node, { kind: "member", now: this.now, member, state, zone });
  }

  trace(from: NodeId, to: NodeId): void {
    this.input(from, { kind: "trace", now: this.now, request: 1, to });
  }

  /** The links that both ends hold. */
  graph(): LinkSet {
    const graph = new LinkSet(this.nodes.keys());
    for (const [id, node] of this.nodes) {
      for (const peer of node.peers) {
        if (this.nodes.get(peer)?.peers.includes(id) === true) {
          graph.add(id, peer);
        }
      }
    }
    return graph;
  }

  robustness(): Robustness {
    return robustness(this.graph());
  }

  degrees(): number[] {
    return [...this.nodes.values()].map((node) => node.degree);
  }

  /** Different digests of the graph among the nodes: 1 when all see the same overlay. */
  views(): number {
    return new Set([...this.nodes.values()].map((node) => node.graphDigest)).size;
  }

  #boot(self: NodeId, formed: ReturnType<typeof formMesh> | null): void {
    this.#lives++;
    const node = new Links({
      self,
      zone: this.zone(self),
      options: this.#links,
      random: createRandom(this.#plan.seed ?? 1).fork(`${self} ${this.#lives}`),
      shared: this.#shared(),
      formed,
    });
    this.nodes.set(self, node);
    this.add(self, node);
    this.input(self, { kind: "start", now: this.now });
  }

  #shared() {
    return createRandom(this.#plan.seed ?? 1).fork("shared");
  }
}
