/** What a preview can say, as codes: consoles translate them, `describe.ts` says them in English. */

/** Codes are stable; the comment names the parameters. */
export const PREVIEW_CODES = [
  /** reason (text of the source; empty when it gave none) */
  "not-offered",
  /** role, needed */
  "below-role",
  /** node */
  "unknown-node",
  "already-exists",
  /** node, state */
  "wrong-state",
  /** fault */
  "unknown-fault",
  /** node */
  "on-two-sides",
  /** count, of, nodes */
  "stops",
  "pauses",
  "starts",
  /** nodes */
  "loses-disk",
  "tears-write",
  "leaves",
  "forgets",
  /** present, needed, of, canLose */
  "quorum-kept",
  "quorum-tight",
  "quorum-lost",
  "quorum-regained",
  /** nodes, count, needed, of */
  "side-majority",
  "side-minority",
  /** needed, of */
  "no-side-majority",
  /** count */
  "links-lost",
  /** parts, sizes */
  "overlay-cut",
  /** percent */
  "loses-messages",
  /** ms */
  "delays-messages",
  "delays-node",
  /** node, ppm */
  "skews-clock",
  /** count */
  "clears-faults",
  /** from, to: topology kinds */
  "changes-topology",
  /** count: running nodes */
  "changes-gossip",
  /** ms */
  "ends-by-itself",
  /** stopped, live, of, needed, canLose: voters of consensus */
  "voters-kept",
  "voters-tight",
  "voters-lost",
  /** live, of, needed */
  "voters-regained",
  /** node */
  "loses-leader",
  "leader-cut-off",
  /** nodes, count, needed, of: voters */
  "side-agrees",
  "side-stalls",
  "side-votes-not",
  /** needed, of */
  "no-side-agrees",
  "no-leader",
  /** leader, next: term */
  "steps-down",
  /** leader, to, next: term or view */
  "hands-over",
  "changes-view",
  /** nodes */
  "voters-join",
  "voters-leave",
  /** of, needed, live, canLose */
  "new-quorum",
  "new-quorum-lost",
  /** node */
  "turns-traitor",
  "honest-again",
  /** count, of, tolerates */
  "safety-held",
  "safety-lost",
  /** nodes */
  "voter-forgets",
  /** node */
  "damages-disk",
  /** command: type of the command that takes it back */
  "undone-by",
  "not-undone",
] as const;
export type PreviewCode = (typeof PREVIEW_CODES)[number];

export interface PreviewNote {
  readonly code: PreviewCode;
  readonly params: Readonly<Record<string, string | number>>;
  readonly severity: "info" | "warn" | "danger";
  /** The command would be refused for this. */
  readonly refuses: boolean;
}

type Params = PreviewNote["params"];

export function info(code: PreviewCode, params: Params = {}): PreviewNote {
  return { code, params, severity: "info", refuses: false };
}

export function warn(code: PreviewCode, params: Params = {}): PreviewNote {
  return { code, params, severity: "warn", refuses: false };
}

export function danger(code: PreviewCode, params: Params = {}): PreviewNote {
  return { code, params, severity: "danger", refuses: false };
}

export function refusal(code: PreviewCode, params: Params = {}): PreviewNote {
  return { code, params, severity: "danger", refuses: true };
}

const NAMES_SHOWN = 8;

/** "A, B, C" or, of many, the first ones and an ellipsis. */
export function nameList(nodes: readonly string[]): string {
  const shown = nodes.slice(0, NAMES_SHOWN).join(", ");
  return nodes.length > NAMES_SHOWN ? `${shown}, …` : shown;
}
