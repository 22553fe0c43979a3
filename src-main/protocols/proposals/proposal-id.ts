import type { ProposalId } from "./types.ts";

/** The id as one string of at most 98 characters: what consoles and maps use. */
export function proposalKey(id: ProposalId): string {
  return `${id.origin}@${id.epoch}#${id.sequence}`;
}
