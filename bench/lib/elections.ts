// Crashes the leader of a Raft group again and again, and notes what it takes to replace it.
import { createRandom } from "../../src-main/kernel/prng.ts";
import type { MeshOptionsInput } from "../../src-shared/contract/mesh-options.ts";
import type { MeshEvent } from "../../src-shared/contract/events.ts";
import { openMesh } from "./sim-bench.ts";

export interface Setting {
  readonly nodes: number;
  readonly minMs: number;
  readonly maxMs: number;
  readonly network: NonNullable<MeshOptionsInput["network"]>;
  /** Followers that are down besides the leader. */
  readonly alsoDown?: number;
  readonly seed: number;
}

export interface Election {
  /** From the crash to the next leader; Infinity when none came in `GIVE_UP_MS`. */
  readonly ms: number;
  /** Terms it took: 1 without a split vote. */
  readonly terms: number;
}

export const GIVE_UP_MS = 10_000;
const US = 1_000;
const LOOK_US = 1_000;
/** Several election timeouts, so that the crash meets a group at rest. */
const REST_TIMEOUTS = 4;

/** `trials` crashes of whoever leads, each at a random instant between two heartbeats. */
export function elections(setting: Setting, trials: number): Election[] {
  const { minMs, maxMs, nodes, network, seed } = setting;
  const heartbeatMs = minMs / 2;
  const random = createRandom(seed).fork("crashes");
  let leader: { readonly node: string; readonly term: number; readonly at: number } | undefined;
  const watch = (event: MeshEvent): void => {
    if (event.type === "consensus.role" && event.role === "leader") {
      leader = { node: event.node, term: event.term, at: event.at };
    }
  };
  // The paper's protocol: what came later (pre-vote, check-quorum) would change the times.
  const raft = {
    electionTimeoutMinMs: minMs,
    electionTimeoutMaxMs: maxMs,
    heartbeatMs,
    preVote: false,
    checkQuorum: false,
  };
  const consensus = { kind: "raft", raft } as const;
  const mesh = openMesh({ nodes, seed, network, consensus, topology: { kind: "full" } }, watch);
  const results: Election[] = [];
  const until = (done: () => boolean, limitMs: number): boolean => {
    const limit = mesh.now + limitMs * US;
    while (!done() && mesh.now < limit) {
      mesh.runUntil(mesh.now + LOOK_US);
    }
    return done();
  };
  const led = (): boolean => leader !== undefined;
  while (results.length < trials && until(led, 100 * GIVE_UP_MS)) {
    const rest = REST_TIMEOUTS * maxMs * US + random.int(Math.ceil(heartbeatMs * US));
    mesh.runUntil(mesh.now + rest);
    const old = leader;
    if (old === undefined) {
      continue;
    }
    const followers = mesh.nodes.map(({ id }) => id).filter((id) => id !== old.node);
    const victims = [old.node, ...followers.slice(0, setting.alsoDown ?? 0)];
    leader = undefined;
    const crashedAt = mesh.now;
    mesh.execute({ type: "node.kill", nodes: victims }, "bench");
    until(led, GIVE_UP_MS);
    const found = leader as typeof old | undefined;
    results.push(
      found === undefined
        ? { ms: Number.POSITIVE_INFINITY, terms: Number.POSITIVE_INFINITY }
        : { ms: (found.at - crashedAt) / US, terms: found.term - old.term },
    );
    mesh.execute({ type: "node.restart", nodes: victims, disk: "keep" }, "bench");
  }
  return results;
}
