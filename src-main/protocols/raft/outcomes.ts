import type { ConsensusOutcome, ConsensusRefusal } from "#main/kernel/consensus.ts";

export function refused(code: ConsensusRefusal, message: string): ConsensusOutcome {
  return { ok: false, code, message };
}
