/** Which active faults lie on a link, and what they do to it. */
import type { LinkScope } from "#shared/contract/primitives.ts";
import type { FaultView } from "#shared/view/model.ts";

/** `cut`: nothing passes. `half-cut`: one direction is cut. `degraded`: slower or lossy. */
export type LinkCondition = "clear" | "degraded" | "half-cut" | "cut";

export interface LinkFaults {
  readonly condition: LinkCondition;
  /** Ids of the faults that lie on the link, in order of their start. */
  readonly faults: readonly string[];
}

const CLEAR: LinkFaults = { condition: "clear", faults: [] };

/** Prepared once for each change of the faults: sets instead of lists, so that a link costs O(faults). */
export interface FaultIndex {
  of(a: string, b: string): LinkFaults;
  /** The side of the newest partition that a node is on; `undefined` without a partition. */
  sideOf(node: string): number | undefined;
  readonly sides: number;
}

interface Rule {
  readonly id: string;
  /** What passes from `from` to `to`. */
  directed(from: string, to: string): "clear" | "degraded" | "cut";
}

export function indexFaults(faults: Iterable<FaultView>): FaultIndex {
  const rules: Rule[] = [];
  let sideOf: ((node: string) => number) | undefined;
  let sides = 0;
  for (const fault of faults) {
    const { spec } = fault;
    if (spec.kind === "partition") {
      const side = sidesOf(spec.groups);
      sideOf = side;
      sides = spec.groups.length;
      rules.push({ id: fault.id, directed: (a, b) => (side(a) === side(b) ? "clear" : "cut") });
    } else if (spec.kind === "cut") {
      rules.push({ id: fault.id, directed: cutRule(spec.from, spec.to, spec.oneWay) });
    } else if (spec.kind === "conditions") {
      const within = scopeRule(spec.scope);
      rules.push({ id: fault.id, directed: (a, b) => (within(a, b) ? "degraded" : "clear") });
    }
  }
  return { of: (a, b) => judge(rules, a, b), sideOf: (node) => sideOf?.(node), sides };
}

/** Nodes that are in no group stay with the first. */
function sidesOf(groups: readonly (readonly string[])[]): (node: string) => number {
  const side = new Map(groups.flatMap((group, i) => group.map((node) => [node, i] as const)));
  return (node) => side.get(node) ?? 0;
}

function cutRule(
  from: readonly string[],
  to: readonly string[],
  oneWay: boolean,
): Rule["directed"] {
  const sources = new Set(from);
  const targets = new Set(to);
  return (a, b) => {
    const forward = sources.has(a) && targets.has(b);
    const backward = !oneWay && sources.has(b) && targets.has(a);
    return forward || backward ? "cut" : "clear";
  };
}

function scopeRule(scope: LinkScope): (from: string, to: string) => boolean {
  if (scope.kind === "mesh") return () => true;
  if (scope.kind === "around") {
    const nodes = new Set(scope.nodes);
    return (a, b) => nodes.has(a) || nodes.has(b);
  }
  const sources = new Set(scope.from);
  const targets = new Set(scope.to);
  const oneWay = scope.oneWay === true;
  return (a, b) =>
    (sources.has(a) && targets.has(b)) || (!oneWay && sources.has(b) && targets.has(a));
}

function judge(rules: readonly Rule[], a: string, b: string): LinkFaults {
  const faults: string[] = [];
  let cutForward = false;
  let cutBackward = false;
  for (const rule of rules) {
    const forward = rule.directed(a, b);
    const backward = rule.directed(b, a);
    if (forward !== "clear" || backward !== "clear") faults.push(rule.id);
    cutForward ||= forward === "cut";
    cutBackward ||= backward === "cut";
  }
  if (faults.length === 0) return CLEAR;
  if (cutForward && cutBackward) return { condition: "cut", faults };
  return { condition: cutForward || cutBackward ? "half-cut" : "degraded", faults };
}
