/** The promises that a mesh is checked against, and how they stand. */
import type { ConsensusKind } from "#shared/contract/agreement-events.ts";
import type { MeshView, Violation } from "#shared/view/model.ts";
import { consensusKind } from "#shared/view/select/leadership.ts";

export const INVARIANT_GROUPS = [
  {
    id: "agreement",
    invariants: [
      "state-machine-safety",
      "equal-states",
      "execution-order",
      "commit-monotonic",
      "applied-is-committed",
      "term-monotonic",
      "equal-snapshots",
      "evidence-is-true",
    ],
  },
  {
    id: "raft",
    invariants: [
      "election-safety",
      "log-matching",
      "leader-completeness",
      "committed-is-kept",
      "commit-agrees",
    ],
  },
  { id: "pbft", invariants: ["prepared-unique"] },
  {
    id: "memory",
    invariants: ["answered-is-agreed", "read-only-writes-nothing", "memory-converges"],
  },
  {
    id: "membership",
    invariants: [
      "dead-needs-quorum",
      "certificate-is-quorum",
      "no-false-death",
      "incarnation-monotone",
      "read-only-publishes-nothing",
      "equal-members",
      "equal-rumours",
    ],
  },
  {
    id: "world",
    invariants: ["conservation", "time-monotone", "durable-before-send", "node-does-not-fail"],
  },
] as const;
/** Broken promises are shown first, whatever they are about. */
export type InvariantGroupId = (typeof INVARIANT_GROUPS)[number]["id"] | "broken" | "other";

/** Noticed the moment they break; nobody counts how often they hold. */
const WATCHED: ReadonlySet<string> = new Set(["durable-before-send", "node-does-not-fail"]);

/** `watched`: noticed when it breaks, not counted. `unknown`: nobody told that it was looked at. */
export type InvariantState = "held" | "broken" | "watched" | "unknown";

export interface InvariantRow {
  readonly invariant: string;
  /** This console has words for it. */
  readonly known: boolean;
  readonly state: InvariantState;
  /** `undefined`: not told. */
  readonly checks: number | undefined;
  readonly violations: number;
  /** The newest one that was kept. */
  readonly last: Violation | undefined;
}

export interface InvariantGroup {
  readonly id: InvariantGroupId;
  readonly rows: readonly InvariantRow[];
  /** The mesh agrees in another way: these are never looked at here. */
  readonly elsewhere: boolean;
}

export interface InvariantSummary {
  /** Promises that were looked at, and how often all together. */
  readonly checked: number;
  readonly checks: number;
  /** Promises that were broken. */
  readonly broken: number;
  readonly groups: readonly InvariantGroup[];
}

export function invariantSummary(view: MeshView): InvariantSummary {
  const last = new Map(view.violations.map((violation) => [violation.invariant, violation]));
  const row = (invariant: string, known: boolean): InvariantRow =>
    rowOf(view, { invariant, known, last: last.get(invariant) });
  const named = new Set<string>(INVARIANT_GROUPS.flatMap(({ invariants }) => invariants));
  const strangers = [...new Set([...view.invariants.keys(), ...last.keys()])]
    .filter((invariant) => !named.has(invariant))
    .sort((a, b) => (a < b ? -1 : 1));
  const all: readonly Omit<InvariantGroup, "elsewhere">[] = [
    ...INVARIANT_GROUPS.map(({ id, invariants }) => ({
      id,
      rows: invariants.map((invariant) => row(invariant, true)),
    })),
    { id: "other", rows: strangers.map((invariant) => row(invariant, false)) },
  ];
  const rows = all.flatMap((group) => group.rows);
  const broken = rows.filter(isBroken);
  const kind = consensusKind(view);
  const groups = all
    .map((group) => ({ id: group.id, rows: group.rows.filter((each) => !isBroken(each)) }))
    .map((group) => ({ ...group, elsewhere: isElsewhere(group, kind) }))
    // What does not concern this mesh comes last.
    .sort((a, b) => Number(a.elsewhere) - Number(b.elsewhere));
  return {
    checked: rows.filter(({ checks = 0 }) => checks > 0).length,
    checks: rows.reduce((sum, { checks = 0 }) => sum + checks, 0),
    broken: broken.length,
    groups: [{ id: "broken" as const, rows: broken, elsewhere: false }, ...groups].filter(
      (group) => group.rows.length > 0,
    ),
  };
}

const isBroken = ({ state }: InvariantRow): boolean => state === "broken";

/** Never true of a group of which anything was looked at, or while the protocol is not known. */
function isElsewhere(
  { id, rows }: Pick<InvariantGroup, "id" | "rows">,
  kind: ConsensusKind | undefined,
): boolean {
  if (kind === undefined || rows.some(({ state }) => state !== "unknown")) return false;
  if (id === "agreement") return kind === "none";
  return (id === "raft" || id === "pbft") && id !== kind;
}

function rowOf(
  view: MeshView,
  { invariant, known, last }: Pick<InvariantRow, "invariant" | "known" | "last">,
): InvariantRow {
  const count = view.invariants.get(invariant);
  const told = view.violations.filter((each) => each.invariant === invariant).length;
  // The totals come now and then, a violation at once.
  const violations = Math.max(count?.violations ?? 0, told);
  const checks = count === undefined || count.checks === 0 ? undefined : count.checks;
  return { invariant, known, state: stateOf(), checks, violations, last };

  function stateOf(): InvariantState {
    if (violations > 0) return "broken";
    if (checks !== undefined) return "held";
    return WATCHED.has(invariant) && view.invariants.size > 0 ? "watched" : "unknown";
  }
}

export function sameSummary(a: InvariantSummary, b: InvariantSummary): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
