/** Who votes, as each member sees it. */
import type { MeshEventOf } from "../../contract/events.ts";
import type { AgreementView, ConsensusConfig } from "../agreement-model.ts";
import type { Handlers } from "../handler.ts";
import type { MeshView } from "../model.ts";

/** O(members), and rare. */
function configured(view: MeshView, event: MeshEventOf<"consensus.config">): void {
  const { seq: _seq, type: _type, ...config } = event;
  if (!view.nodes.has(event.node)) return;
  view.agreement.configs.set(event.node, config);
  settleConfig(view.agreement);
}

/** The mesh's configuration follows from those of its members. */
export function settleConfig(agreement: AgreementView): void {
  let best: ConsensusConfig | undefined;
  for (const config of agreement.configs.values()) {
    if (best === undefined || isNewer(config, best)) best = config;
  }
  agreement.config = best;
  agreement.protocol = best?.protocol ?? agreement.protocol;
}

function isNewer(one: ConsensusConfig, other: ConsensusConfig): boolean {
  if (one.committed !== other.committed) return one.committed;
  return one.index > other.index;
}

export const configHandlers: Handlers<"consensus.config"> = { "consensus.config": configured };
