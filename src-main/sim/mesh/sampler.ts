import type { MeshEventOf } from "#shared/contract/events.ts";
import type { Micros } from "#main/kernel/time.ts";
import type { Traffic } from "../world/post.ts";
import type { World } from "../world/world.ts";

/** Above this many nodes a sample says nothing about single ones. */
export const MAX_NODES_SAMPLED = 300;

interface Counts {
  received: number;
  sent: number;
}

/** Turns running totals into what happened within each window. */
export class Sampler {
  readonly #world: World;
  readonly #perNode: Counts[] = [];
  #last: Traffic;

  constructor(world: World) {
    this.#world = world;
    this.#last = { ...world.traffic };
  }

  sample(windowUs: Micros): Omit<MeshEventOf<"metrics.sampled">, "seq" | "at"> {
    const now = this.#world.traffic;
    const last = this.#last;
    this.#last = { ...now };
    const delivered = now.delivered - last.delivered;
    const sample = {
      type: "metrics.sampled",
      windowUs,
      sent: now.sent - last.sent,
      delivered,
      dropped: dropped(now) - dropped(last),
      bytes: now.bytes - last.bytes,
      ...(delivered === 0
        ? {}
        : { latencyMs: round((now.latencyUs - last.latencyUs) / delivered / 1_000) }),
    } as const;
    const perNode = this.#sampleNodes();
    return perNode === undefined ? sample : { ...sample, perNode };
  }

  #sampleNodes(): MeshEventOf<"metrics.sampled">["perNode"] {
    const processes = this.#world.processes.filter(
      (process) => this.#world.find(process.id) === process,
    );
    if (processes.length > MAX_NODES_SAMPLED) {
      return undefined;
    }
    return processes.map((process) => {
      const last = this.#perNode[process.index] ?? { received: 0, sent: 0 };
      const { received, sent } = process;
      this.#perNode[process.index] = { received, sent };
      return { node: process.id, received: received - last.received, sent: sent - last.sent };
    });
  }
}

function dropped(traffic: Traffic): number {
  return traffic.lost + traffic.cut + traffic.deadReceiver;
}

/** To whole microseconds, so that the number is short in JSON. */
function round(milliseconds: number): number {
  return Math.round(milliseconds * 1_000) / 1_000;
}
