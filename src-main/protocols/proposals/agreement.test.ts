/** Random meshes under random faults: nobody decides differently, and peace brings a decision. */
import { describe, expect, it } from "vitest";
import { createRandom } from "#main/kernel/prng.ts";
import type { Random } from "#main/kernel/random.ts";
import { ms, seconds } from "#main/kernel/time.ts";
import { ProposalsMesh } from "./testing/proposals-mesh.ts";
import type { ProposalId, VotePolicy } from "./types.ts";

const SEEDS = 60;
const FAULTS_END = seconds(20);

interface Run {
  readonly mesh: ProposalsMesh;
  readonly proposals: readonly ProposalId[];
}

/** Loss, cuts, restarts and read-only spells for 20 s, then 20 s of peace. */
function swarm(seed: number): Run {
  const random = createRandom(seed);
  const ids = [..."ABCDEFG"].slice(0, 3 + random.int(5));
  const kinds = ["manual", "accept", "reject"] as const;
  const policy: VotePolicy = { kind: kinds[random.int(3)] ?? "manual" };
  const options = { pushRounds: random.int(4), settleMs: 200 + random.int(2_000), policy };
  const mesh = new ProposalsMesh(ids, options, seed);
  const loss = random.next() * 0.5;
  const proposals = [mesh.call("A", { deadlineMs: 3_000 + random.int(10_000) })];
  let side = new Set<string>();
  mesh.drop = (from, to) => side.has(from) !== side.has(to) || random.next() < loss;
  for (let at = ms(500); at < FAULTS_END; at += ms(500)) {
    mesh.runTo(at);
    side = random.int(4) === 0 ? new Set(ids.filter(() => random.int(2) === 0)) : side;
    disturb(mesh, random, proposals);
  }
  mesh.heal();
  for (const node of ids) {
    if (!mesh.nodes.has(node)) {
      mesh.boot(node);
    }
    mesh.input(node, { kind: "writable", now: mesh.now, writable: true });
  }
  mesh.runTo(FAULTS_END + seconds(20));
  return { mesh, proposals };
}

function disturb(mesh: ProposalsMesh, random: Random, proposals: ProposalId[]): void {
  const node = mesh.ids[random.int(mesh.ids.length)] ?? "A";
  const id = proposals[random.int(proposals.length)];
  if (!mesh.nodes.has(node)) {
    mesh.boot(node);
    return;
  }
  switch (random.int(4)) {
    case 0:
      mesh.kill(node);
      break;
    case 1:
      mesh.input(node, { kind: "writable", now: mesh.now, writable: random.int(2) === 0 });
      break;
    default:
      if (id !== undefined) {
        mesh.vote(node, id, (["yes", "no", "abstain"] as const)[random.int(3)] ?? "yes");
      }
  }
}

describe("agreement", () => {
  const runs = Array.from({ length: SEEDS }, (_, i) => ({ seed: i + 1, ...swarm(i + 1) }));

  it("holds in every run: no two members ever tell different outcomes", () => {
    for (const { seed, mesh } of runs) {
      const told = new Set(mesh.of("decided").map(({ event }) => event.outcome));
      expect(told.size, `seed ${seed}`).toBeLessThanOrEqual(1);
      expect(mesh.of("conflict"), `seed ${seed}`).toEqual([]);
    }
  });

  it("accuses no honest member, over all restarts", () => {
    for (const { seed, mesh } of runs) {
      expect(mesh.of("evidence"), `seed ${seed}`).toEqual([]);
    }
  });

  it("comes once there is peace, unless the members closed differently before it", () => {
    let undecided = 0;
    for (const { seed, mesh, proposals } of runs) {
      for (const id of proposals) {
        const outcomes = mesh.outcomes(id);
        expect(outcomes, `seed ${seed}`).toHaveLength(1);
        const split = new Set(mesh.of("closing").map(({ event }) => event.outcome)).size > 1;
        expect(outcomes[0] !== null || split, `seed ${seed}`).toBe(true);
        undecided += Number(outcomes[0] === null);
      }
    }
    expect(undecided).toBeLessThan(SEEDS / 10);
  });

  it("was tried where it is hard: with decisions of all kinds", () => {
    const outcomes = runs.flatMap(({ mesh }) =>
      mesh.of("decided").map(({ event }) => event.outcome),
    );
    expect(new Set(outcomes)).toEqual(new Set(["accepted", "rejected", "no-quorum"]));
  });
});
