/** Agreement, replicated state, decisions and lessons, as far as events tell. */
import type { MeshEventType } from "../contract/events.ts";

type AgreementType = Extract<
  MeshEventType,
  | `consensus.${string}`
  | `request.${string}`
  | `proposal.${string}`
  | `memory.${string}`
  | `aggregate.${string}`
  | `reputation.${string}`
  | "invariants.checked"
  | "lesson.step"
>;

export const agreementHandlers: { readonly [T in AgreementType]: null } = {
  "consensus.role": null,
  "consensus.vote": null,
  "consensus.tally": null,
  "consensus.appended": null,
  "consensus.truncated": null,
  "consensus.round": null,
  "consensus.counted": null,
  "consensus.committed": null,
  "consensus.applied": null,
  "consensus.snapshot": null,
  "consensus.config": null,
  "consensus.evidence": null,
  "consensus.rejected": null,
  "request.submitted": null,
  "request.answered": null,
  "proposal.called": null,
  "proposal.voted": null,
  "proposal.decided": null,
  "proposal.evidence": null,
  "memory.namespace": null,
  "memory.changed": null,
  "memory.exchange": null,
  "aggregate.estimate": null,
  "reputation.changed": null,
  "invariants.checked": null,
  "lesson.step": null,
};
