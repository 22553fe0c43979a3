/** One entry on its way: phases as columns, nodes as rows, each cell with its votes. */
import type { ConsensusKind, CountedPhase } from "../../contract/agreement-events.ts";
import type { Round, RoundCount, RoundNode } from "../agreement-model.ts";
import type { MeshView } from "../model.ts";
import type { RequestView } from "../state-model.ts";
import { consensusQuorum } from "./consensus-quorum.ts";
import { consensusKind } from "./leadership.ts";

export type RoundColumnId =
  | "proposed"
  | "append"
  | "pre-prepare"
  | "prepare"
  | "commit"
  | "seen"
  | "committed"
  | "applied";

interface Column {
  readonly id: RoundColumnId;
  /** When a node got there. */
  readonly mark: Exclude<keyof RoundNode, "digest" | "state"> | undefined;
  /** What a node counts to get there. */
  readonly counts: CountedPhase | undefined;
}

/** The phases of each protocol, in their order. */
const COLUMNS: Readonly<Record<Exclude<ConsensusKind, "none">, readonly Column[]>> = {
  raft: [
    { id: "append", mark: "appended", counts: "append" },
    { id: "committed", mark: "committed", counts: undefined },
    { id: "applied", mark: "applied", counts: undefined },
  ],
  pbft: [
    { id: "pre-prepare", mark: "prePrepared", counts: undefined },
    { id: "prepare", mark: "prepared", counts: "prepare" },
    { id: "commit", mark: "committed", counts: "commit" },
    { id: "applied", mark: "applied", counts: undefined },
  ],
  epidemic: [
    { id: "proposed", mark: "proposed", counts: undefined },
    { id: "seen", mark: undefined, counts: "seen" },
    { id: "committed", mark: "committed", counts: undefined },
    { id: "applied", mark: "applied", counts: undefined },
  ],
};

export interface RoundCell {
  readonly column: RoundColumnId;
  /** When the node got there; `undefined`: not yet, or not told. */
  readonly at: number | undefined;
  readonly count: RoundCount | undefined;
}

export interface RoundRow {
  readonly node: string;
  readonly digest: string | undefined;
  /** Holds something else than most nodes. */
  readonly differs: boolean;
  readonly cells: readonly RoundCell[];
  readonly committed: boolean;
  readonly applied: boolean;
}

export interface RoundProgress {
  readonly round: Round;
  readonly columns: readonly RoundColumnId[];
  /** Voters first, then everybody else who took part. */
  readonly rows: readonly RoundRow[];
  /** Requests that were answered with this entry; several where they are batched. */
  readonly requests: readonly RequestView[];
  readonly committedBy: number;
  readonly appliedBy: number;
  readonly voters: number;
  /** From the first word of it to the first commit anywhere. */
  readonly tookUs: number | undefined;
}

export function roundProgress(view: MeshView, key: string): RoundProgress | undefined {
  const round = view.agreement.rounds.get(key);
  if (round === undefined) return undefined;
  const kind = consensusKind(view);
  const columns = COLUMNS[kind === undefined || kind === "none" ? "raft" : kind];
  const voters = consensusQuorum(view)?.voters ?? [];
  const usual = usualDigest(round);
  const rows = participants(round, voters).map((node) => rowOf(round, node, columns, usual));
  return {
    round,
    columns: columns.map(({ id }) => id),
    rows,
    requests: requestsAt(view, round),
    committedBy: round.committedBy,
    appliedBy: round.appliedBy,
    voters: voters.length,
    tookUs: commitTime(round),
  };
}

/** From the first word of a round to its first commit anywhere. */
export function commitTime(round: Round): number | undefined {
  let first: number | undefined;
  for (const { committed } of round.nodes.values()) {
    if (committed !== undefined) first = Math.min(first ?? committed, committed);
  }
  return first === undefined ? undefined : first - round.startedAt;
}

function participants(round: Round, voters: readonly string[]): readonly string[] {
  const observers = [...round.counts.values()].map((count) => count.observer);
  return [...new Set([...voters, ...round.nodes.keys(), ...observers])];
}

function rowOf(
  round: Round,
  node: string,
  columns: readonly Column[],
  usual: string | undefined,
): RoundRow {
  const marks = round.nodes.get(node);
  const cells = columns.map(({ id, mark, counts }) => {
    const at = mark === undefined ? undefined : marks?.[mark];
    const count = counts === undefined ? undefined : round.counts.get(`${node}~${counts}`);
    return { column: id, at: at ?? count?.reachedAt, count };
  });
  const digest = marks?.digest;
  return {
    node,
    digest,
    differs: digest !== undefined && digest !== usual,
    cells,
    committed: marks?.committed !== undefined,
    applied: marks?.applied !== undefined,
  };
}

function usualDigest(round: Round): string | undefined {
  const holders = new Map<string, number>();
  for (const { digest } of round.nodes.values()) {
    if (digest !== undefined) holders.set(digest, (holders.get(digest) ?? 0) + 1);
  }
  const ranked = [...holders].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  return ranked[0]?.[0];
}

/** Only of an entry that is committed: another may take its index until then. O(requests). */
export function requestsAt(view: MeshView, round: Round): readonly RequestView[] {
  if (round.committedBy === 0) return [];
  const requests = [...view.requests.values()];
  return requests.filter(({ index, code }) => index === round.index && code === "ok");
}
