import type { NodeId } from "#main/kernel/machine.ts";
import { MAX_ELECTORATES } from "./limits.ts";

/**
 * The memberships this node took part in agreeing on, newest last. A proposal whose electorate is
 * none of them is not taken: its caller could have picked who is asked.
 */
export class Electorates {
  readonly #known: string[] = [];

  /** `members` in any order. */
  remember(members: readonly NodeId[]): void {
    const key = keyOf([...members].sort(byText));
    const at = this.#known.indexOf(key);
    if (at >= 0) {
      this.#known.splice(at, 1);
    }
    this.#known.push(key);
    this.#known.splice(0, Math.max(0, this.#known.length - MAX_ELECTORATES));
  }

  /** `electorate` sorted. */
  knows(electorate: readonly NodeId[]): boolean {
    return this.#known.includes(keyOf(electorate));
  }
}

export function byText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** Lengths in front, because a name may contain anything. */
function keyOf(sorted: readonly NodeId[]): string {
  return sorted.map((member) => `${member.length}:${member}`).join(",");
}
