import type { ProposalView } from "#shared/view/state-model.ts";

export interface DecisionProps {
  readonly proposal: ProposalView;
}
