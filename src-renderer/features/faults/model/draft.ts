/**
 * What a person fills in to break something, and the command that it becomes. Numbers stay text
 * until then, so that half-typed ones are not fought with.
 */
import type { MeshCommandInput } from "#shared/contract/commands.ts";
import type { LinkConditions, LinkScope } from "#shared/contract/primitives.ts";

export const FAULT_KINDS = ["partition", "conditions", "cut", "slow", "clock"] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** Where network conditions hold: everywhere, on all links of the picked nodes, between two sets. */
export const SCOPES = ["mesh", "around", "between"] as const;
export type ScopeChoice = (typeof SCOPES)[number];

export const NUMBER_FIELDS = [
  "latencyMs",
  "jitterMs",
  "lossPercent",
  "duplicatePercent",
  "reorderPercent",
  "bandwidthKiB",
  "delayMs",
  "driftPpm",
  "offsetMs",
  "forSeconds",
] as const;
export type NumberField = (typeof NUMBER_FIELDS)[number];

export interface FaultDraft {
  readonly kind: FaultKind;
  readonly scope: ScopeChoice;
  /** The picked nodes: one side of a partition, the sources of a cut, the nodes slowed. */
  readonly targets: readonly string[];
  /** The other end; empty means every other node. */
  readonly others: readonly string[];
  readonly oneWay: boolean;
  /** As typed; an empty text leaves that aspect alone. */
  readonly numbers: Readonly<Partial<Record<NumberField, string>>>;
}

export type ProblemCode =
  | "pick-nodes"
  | "pick-fewer"
  | "set-something"
  | "number"
  | "range"
  | "overlap";

export interface DraftProblem {
  readonly field: NumberField | "targets" | "others" | "conditions";
  readonly code: ProblemCode;
  /** For "range". */
  readonly min?: number;
  readonly max?: number;
}

/** One command a node for clocks and slow nodes, one command for the rest. */
export type DraftResult =
  | { readonly ok: true; readonly commands: readonly MeshCommandInput[] }
  | { readonly ok: false; readonly problems: readonly DraftProblem[] };

const LIMITS: Readonly<Record<NumberField, readonly [min: number, max: number]>> = {
  latencyMs: [0, 600_000],
  jitterMs: [0, 600_000],
  lossPercent: [0, 100],
  duplicatePercent: [0, 100],
  reorderPercent: [0, 100],
  bandwidthKiB: [0.001, 900_000_000],
  delayMs: [1, 600_000],
  driftPpm: [-500_000, 500_000],
  offsetMs: [-86_400_000, 86_400_000],
  forSeconds: [0.001, 86_400],
};

export const USED_NUMBERS: Readonly<Record<FaultKind, readonly NumberField[]>> = {
  partition: ["forSeconds"],
  cut: ["forSeconds"],
  conditions: [
    "latencyMs",
    "jitterMs",
    "lossPercent",
    "duplicatePercent",
    "reorderPercent",
    "bandwidthKiB",
    "forSeconds",
  ],
  slow: ["delayMs"],
  clock: ["driftPpm", "offsetMs"],
};

export const EMPTY_DRAFT: FaultDraft = {
  kind: "partition",
  scope: "mesh",
  targets: [],
  others: [],
  oneWay: false,
  numbers: {},
};

/** `all`: the names of every node of the mesh. */
export function draftCommands(draft: FaultDraft, all: readonly string[]): DraftResult {
  const { values, problems } = readNumbers(draft);
  const others = othersOf(draft, all);
  problems.push(...pickProblems(draft, others), ...missingValues(draft, values));
  if (problems.length > 0) return { ok: false, problems };
  const forMs = values.forSeconds === undefined ? {} : { forMs: values.forSeconds * 1_000 };
  const { targets, oneWay } = draft;
  switch (draft.kind) {
    case "partition":
      return done([{ type: "network.partition", groups: [[...targets], [...others]], ...forMs }]);
    case "cut":
      return done([{ type: "network.cut", from: [...targets], to: [...others], oneWay, ...forMs }]);
    case "conditions": {
      const scope = scopeOf(draft, others);
      const conditions = conditionsOf(values);
      return done([{ type: "network.conditions", scope, conditions, ...forMs }]);
    }
    case "slow":
      return done(
        targets.map((node) => ({ type: "node.slow", node, delayMs: values.delayMs ?? 0 })),
      );
    case "clock": {
      const { driftPpm = 0, offsetMs = 0 } = values;
      return done(targets.map((node) => ({ type: "clock.skew", node, driftPpm, offsetMs })));
    }
    default:
      return draft.kind satisfies never;
  }
}

function done(commands: readonly MeshCommandInput[]): DraftResult {
  return { ok: true, commands };
}

type Values = Partial<Record<NumberField, number>>;

function readNumbers(draft: FaultDraft): { values: Values; problems: DraftProblem[] } {
  const values: Values = {};
  const problems: DraftProblem[] = [];
  for (const field of USED_NUMBERS[draft.kind]) {
    const text = draft.numbers[field]?.trim() ?? "";
    if (text === "") continue;
    const value = Number(text);
    const [min, max] = LIMITS[field];
    if (!Number.isFinite(value)) problems.push({ field, code: "number" });
    else if (value < min || value > max) problems.push({ field, code: "range", min, max });
    else values[field] = value;
  }
  return { values, problems };
}

function othersOf(draft: FaultDraft, all: readonly string[]): readonly string[] {
  if (draft.others.length > 0) return draft.others;
  const picked = new Set(draft.targets);
  return all.filter((id) => !picked.has(id));
}

function pickProblems(draft: FaultDraft, others: readonly string[]): DraftProblem[] {
  if (draft.kind === "conditions" && draft.scope === "mesh") return [];
  if (draft.targets.length === 0) return [{ field: "targets", code: "pick-nodes" }];
  if (!hasTwoEnds(draft)) return [];
  if (others.length === 0) return [{ field: "targets", code: "pick-fewer" }];
  const picked = new Set(draft.targets);
  if (others.some((id) => picked.has(id))) return [{ field: "others", code: "overlap" }];
  return [];
}

export function hasTwoEnds(draft: Pick<FaultDraft, "kind" | "scope">): boolean {
  if (draft.kind === "partition" || draft.kind === "cut") return true;
  return draft.kind === "conditions" && draft.scope === "between";
}

function missingValues(draft: FaultDraft, values: Values): DraftProblem[] {
  const typed = (field: NumberField): boolean => (draft.numbers[field]?.trim() ?? "") !== "";
  const needed = USED_NUMBERS[draft.kind].filter((field) => field !== "forSeconds");
  if (needed.length === 0 || needed.some(typed) || Object.keys(values).length > 1) return [];
  return [{ field: "conditions", code: "set-something" }];
}

function scopeOf(draft: FaultDraft, others: readonly string[]): LinkScope {
  if (draft.scope === "mesh") return { kind: "mesh" };
  if (draft.scope === "around") return { kind: "around", nodes: [...draft.targets] };
  const ends = { from: [...draft.targets], to: [...others] };
  return draft.oneWay ? { kind: "between", ...ends, oneWay: true } : { kind: "between", ...ends };
}

/** Percent become probabilities, KiB/s bytes a second. */
function conditionsOf(values: Values): LinkConditions {
  const { latencyMs, jitterMs, lossPercent, duplicatePercent, reorderPercent } = values;
  const { bandwidthKiB } = values;
  return {
    ...(latencyMs === undefined ? {} : { latencyMs }),
    ...(jitterMs === undefined ? {} : { jitterMs }),
    ...(lossPercent === undefined ? {} : { loss: lossPercent / 100 }),
    ...(duplicatePercent === undefined ? {} : { duplicate: duplicatePercent / 100 }),
    ...(reorderPercent === undefined ? {} : { reorder: reorderPercent / 100 }),
    ...(bandwidthKiB === undefined
      ? {}
      : { bandwidth: Math.max(1, Math.round(bandwidthKiB * 1_024)) }),
  };
}
