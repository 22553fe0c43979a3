/**
 * Random meshes, random faults, in two phases: while things go wrong nobody may be buried without a
 * quorum; when everything is healed all must come to one view. A failing seed becomes a named test.
 */
import { describe, expect, it } from "vitest";
import type { NodeId } from "#main/kernel/machine.ts";
import { createRandom } from "#main/kernel/prng.ts";
import type { Random } from "#main/kernel/random.ts";
import { Cluster } from "./testing/cluster.ts";

interface Run {
  readonly cluster: Cluster;
  readonly ids: readonly NodeId[];
  readonly down: Set<NodeId>;
}

function misfortune({ cluster, ids, down }: Run, random: Random): void {
  const id = ids[random.int(ids.length)] ?? "";
  switch (random.int(5)) {
    case 0:
      cluster.kill(id);
      down.add(id);
      break;
    case 1:
      if (down.delete(id)) {
        cluster.resume(id);
      }
      break;
    case 2: {
      const members = ids.filter((other) => other !== id);
      cluster.kill(id);
      down.delete(id);
      cluster.boot(id, random.int(2) === 0 ? cluster.record(id) : null, members);
      break;
    }
    case 3: {
      const edge = 1 + random.int(ids.length - 1);
      cluster.cut(ids.slice(0, edge), ids.slice(edge));
      break;
    }
    default:
      cluster.heal();
  }
}

function swarm(seed: number): void {
  const random = createRandom(seed);
  const ids = Array.from({ length: 3 + random.int(8) }, (_, i) => `n${i}`);
  const cluster = new Cluster({
    ids,
    formed: true,
    seed,
    detect: true,
    latencyMs: 1 + random.int(150),
    options: { observersPerUpdate: 1 + random.int(8), syncIntervalMs: 5_000 + random.int(30_000) },
  });
  const run: Run = { cluster, ids, down: new Set() };
  for (let i = 0; i < 12; i++) {
    cluster.run(random.int(20_000));
    misfortune(run, random);
  }
  for (const { event } of cluster.eventsOf("confirmed")) {
    expect(event.of).toBe(ids.length);
    expect(new Set(event.observers).size).toBeGreaterThan(ids.length / 2);
    expect(event.observers).not.toContain(event.member);
  }
  cluster.heal();
  for (const id of run.down) {
    cluster.resume(id);
  }
  cluster.run(240_000);
  const views = ids.map((id) =>
    [...cluster.machine(id).members()]
      .map((view) => `${view.id}:${view.state}:${view.incarnation}:${view.agreed}`)
      .sort()
      .join(" "),
  );
  expect(new Set(views).size, views.join("\n")).toBe(1);
  expect(views[0]?.match(/:alive:/g)).toHaveLength(ids.length);
  expect(new Set(ids.map((id) => cluster.machine(id).digest())).size).toBe(1);
}

describe("random faults", () => {
  it.each(Array.from({ length: 40 }, (_, i) => i + 1))("seed %i", swarm);
});
