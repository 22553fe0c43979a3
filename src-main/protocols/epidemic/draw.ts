import type { Random } from "#main/kernel/random.ts";

/** Up to `count` different ones, uniformly. */
export function drawSome(from: readonly number[], count: number, random: Random): number[] {
  const rest = [...from];
  const drawn: number[] = [];
  while (drawn.length < count && rest.length > 0) {
    drawn.push(...rest.splice(random.int(rest.length), 1));
  }
  return drawn;
}
