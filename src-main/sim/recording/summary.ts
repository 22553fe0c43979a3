import type { ConsensusKind } from "#shared/contract/agreement-events.ts";
import type { Micros } from "#main/kernel/time.ts";
import { rosterOf } from "../mesh/roster.ts";
import { parseRecordingEnds } from "./format.ts";

/** What a list of recordings shows of one. */
export interface RecordingSummary {
  /** At the start of the run. */
  readonly nodes: number;
  readonly endsAt: Micros;
  readonly consensus: ConsensusKind;
}

/** Reads the first and the last line only. Throws `MeshError` "bad-recording", "version-mismatch". */
export function recordingSummary(text: string): RecordingSummary {
  const { header, end } = parseRecordingEnds(text);
  const { options } = header;
  return { nodes: rosterOf(options).length, endsAt: end.at, consensus: options.consensus.kind };
}
