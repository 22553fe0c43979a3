/** What clients ask while things go wrong: writes, reads, compare-and-set on a few keys. */
import type { Random } from "#main/kernel/random.ts";
import type { PlannedStep, Span } from "./types.ts";

export const CHAOS_NAMESPACE = "chaos";
const KEYS = ["x", "y", "z"] as const;
/** Mean time between two requests. */
const PAUSE_MS = 250;

/** Every value is written once, so that a read tells which write it saw. */
export function drawWorkload(
  random: Random,
  { nodes, span }: { readonly nodes: readonly string[]; readonly span: Span },
): readonly PlannedStep[] {
  const steps: PlannedStep[] = [];
  let value = 0;
  for (let atMs = span.fromMs; atMs < span.toMs; atMs += 1 + random.int(2 * PAUSE_MS)) {
    const node = nodes[random.int(nodes.length)] ?? "A";
    const key = KEYS[random.int(KEYS.length)] ?? "x";
    const target = { node, namespace: CHAOS_NAMESPACE, key };
    const chance = random.next();
    value++;
    if (chance < 0.4) {
      steps.push({ atMs, command: { type: "memory.read", ...target } });
    } else if (chance < 0.85) {
      steps.push({ atMs, command: { type: "memory.write", ...target, value: `v${value}` } });
    } else {
      const expect = `v${Math.max(1, value - random.int(6))}`;
      const write = { type: "memory.write", ...target, value: `v${value}`, expect } as const;
      steps.push({ atMs, command: write });
    }
  }
  return steps;
}
