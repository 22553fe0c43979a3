/** Words that several parts of the consensus view share. */
import type { ConsensusKind } from "#shared/contract/agreement-events.ts";
import { reasonWords } from "../../app/hooks/event-words.ts";
import { formatDuration } from "../../ui/format.ts";

export interface Translate {
  (key: string): string;
  (key: string, params: Readonly<Record<string, unknown>>): string;
}

/** "term 3" of Raft, "view 3" of pBFT, "round 3" where there is no leader. */
export function termWords(t: Translate, kind: ConsensusKind | undefined, term: number): string {
  if (kind === "pbft") return t("consensus:word.view", { term });
  return t(kind === "epidemic" ? "consensus:word.round" : "consensus:word.term", { term });
}

/** Since the start of something: "+12 ms". */
export function offset(at: number, start: number): string {
  return `+${formatDuration(Math.max(0, at - start))}`;
}

export function reasonText(t: Translate, reason: string): string {
  return reasonWords((key, params) => t(key, params), reason);
}

const SHORT = 8;

/** Enough of a digest to tell two apart. */
export function shortDigest(digest: string): string {
  return digest.slice(0, SHORT);
}
