import type { NodeId } from "#main/kernel/machine.ts";
import { hasDisjointRoutes, type Robustness, robustness } from "./disjoint.ts";
import type { LinkSet } from "./graph.ts";
import type { LinksState } from "./state.ts";

/** Drawn at random beside the second hops, so that zones and far parts get their chance. */
const SAMPLE = 16;
/** In meshes up to this size everybody is looked at. */
const SMALL_MESH = 64;
/** What-if checks of the whole graph per choice in a larger mesh: each costs O(n). */
const MAX_TRIALS = 8;

interface Candidate {
  readonly id: NodeId;
  /** Compared from the left, lower is better. */
  readonly rank: readonly number[];
}

/**
 * Whom to offer a link, best first: who mends a weak overlay, then who lacks links, then second
 * hops (a link to one closes a cycle around the lost node), then zones little linked so far, then
 * low latency, then low degree, then chance. `lost`: peers whose links went recently.
 */
export function rankCandidates(state: LinksState, lost: readonly NodeId[]): NodeId[] {
  const nearby = secondHops(state, lost);
  const { max } = state.rule();
  const candidates: Candidate[] = [];
  for (const id of pool(state, nearby)) {
    const degree = state.overlay.claimed(id).length;
    if (degree < max && isOpen(state, id)) {
      candidates.push({ id, rank: rank(state, id, nearby) });
    }
  }
  const ordered = candidates.sort(compareRanks).map((candidate) => candidate.id);
  return menders(state, ordered);
}

/** Links that would make the overlay less weak come first. */
function menders(state: LinksState, ordered: NodeId[]): NodeId[] {
  const before = state.overlay.robustness();
  if (hasDisjointRoutes(before)) {
    return ordered;
  }
  const graph = state.overlay.graph();
  const trials = graph.size <= SMALL_MESH ? ordered.length : MAX_TRIALS;
  const mending = ordered.slice(0, trials).filter((id) => mends(graph, [state.self, id], before));
  return [...mending, ...ordered.filter((id) => !mending.includes(id))];
}

/** Whether the link makes the overlay connected, or fewer nodes weak. */
export function mends(
  graph: LinkSet,
  [a, b]: readonly [NodeId, NodeId],
  before: Robustness,
): boolean {
  if (!graph.add(a, b)) {
    return false;
  }
  const after = robustness(graph);
  graph.remove(a, b);
  const reconnects = after.components < before.components;
  return reconnects || after.weak.length < before.weak.length;
}

function isOpen(state: LinksState, id: NodeId): boolean {
  return state.directory.state(id) === "alive" && state.table.isFree(id);
}

function pool(state: LinksState, nearby: ReadonlySet<NodeId>): Iterable<NodeId> {
  const { directory, random } = state;
  return directory.size <= SMALL_MESH
    ? directory.others()
    : new Set([...nearby, ...directory.sample(SAMPLE, random)]);
}

function secondHops(state: LinksState, lost: readonly NodeId[]): Set<NodeId> {
  const hops = new Set<NodeId>();
  for (const via of [...lost, ...state.table.peers]) {
    for (const id of state.overlay.claimed(via)) {
      if (id !== state.self) {
        hops.add(id);
      }
    }
  }
  return hops;
}

function rank(state: LinksState, id: NodeId, nearby: ReadonlySet<NodeId>): number[] {
  const { overlay, directory, table, random } = state;
  const degree = overlay.claimed(id).length;
  const zone = directory.zone(id);
  const sameZone = table.peers.filter((peer) => directory.zone(peer) === zone).length;
  return [
    Number(degree >= state.rule().min),
    Number(!nearby.has(id)),
    sameZone,
    estimateUs(state, id),
    degree,
    random.next(),
  ];
}

/** The best route over one common neighbour bounds the round trip from above. */
export function estimateUs(state: LinksState, id: NodeId): number {
  const { overlay, table } = state;
  let best = Infinity;
  for (const link of table.links) {
    const onward = overlay.roundTripUs(link.peer, id);
    if (onward > 0 && link.roundTripUs > 0) {
      best = Math.min(best, link.roundTripUs + onward);
    }
  }
  return best;
}

function compareRanks(a: Candidate, b: Candidate): number {
  for (const [i, left] of a.rank.entries()) {
    const right = b.rank[i] ?? 0;
    if (left !== right) {
      return left < right ? -1 : 1;
    }
  }
  return 0;
}
