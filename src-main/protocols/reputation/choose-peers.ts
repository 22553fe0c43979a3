import type { NodeId } from "#main/kernel/machine.ts";
import type { Random } from "#main/kernel/random.ts";

export interface Candidate {
  readonly member: NodeId;
  readonly score: number;
  /** Watched members come in only by the random share. */
  readonly trusted: boolean;
}

/**
 * Up to `count` of the candidates: the best scores, equal ones in random order, and a share drawn
 * from all. Without it newcomers would starve, and whoever captured a selection would keep it.
 */
export function choosePeers(
  candidates: readonly Candidate[],
  count: number,
  exploreShare: number,
  random: Random,
): NodeId[] {
  const explored = Math.min(count, Math.ceil(count * exploreShare));
  const shuffled = shuffle(candidates, random);
  const best = shuffled.filter(({ trusted }) => trusted).sort((a, b) => b.score - a.score);
  const chosen = best.slice(0, count - explored);
  const rest = shuffle(
    candidates.filter((one) => !chosen.includes(one)),
    random,
  );
  return [...chosen, ...rest.slice(0, count - chosen.length)].map(({ member }) => member);
}

/** Fisher and Yates. */
function shuffle<T>(items: readonly T[], random: Random): T[] {
  const shuffled = [...items];
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = random.int(i + 1);
    const [one, other] = [shuffled[i], shuffled[j]];
    if (one !== undefined && other !== undefined) {
      shuffled[i] = other;
      shuffled[j] = one;
    }
  }
  return shuffled;
}
