import type { ConsensusEvent, LogEntryNote } from "#main/kernel/consensus.ts";
import type { Held } from "./replica.ts";
import type { Base } from "./types.ts";

export function entryNote({ proposal, digest }: Held, index: number): LogEntryNote {
  const { lamport, command } = proposal;
  return { index, term: lamport, digest, what: "command", bytes: command.length };
}

export function snapshotNote(base: Base, how: "taken" | "sent" | "installed"): ConsensusEvent {
  const { index, lamport, chain, snapshot } = base;
  const bytes = snapshot.length;
  return { kind: "snapshot", how, term: lamport, index, digest: chain, bytes };
}
