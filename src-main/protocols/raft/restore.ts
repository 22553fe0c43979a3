/** What the records of former lives add up to, or why they are not what a member wrote. */
import { configProblem, decodeConfig } from "./config.ts";
import { type Entry, isOrdered } from "./entry.ts";
import { EMPTY_BASE, RaftLog } from "./log.ts";
import type { HardState, RaftRecord, Snapshot } from "./types.ts";

export interface Restored {
  readonly hard: HardState;
  readonly snapshot: Snapshot | null;
  readonly log: RaftLog;
}

export type Restoration =
  | { readonly ok: true; readonly state: Restored }
  /** The node may start without memory (`amnesia`), never with what is left. */
  | { readonly ok: false; readonly code: "damaged"; readonly message: string };

export const FRESH: HardState = { term: 0, votedFor: null, amnesia: false };

/** Reads records, oldest first. Looks at everything that a later promise could rest on. */
export function restoreRecords(records: readonly RaftRecord[]): Restoration {
  let hard = FRESH;
  let snapshot: Snapshot | null = null;
  const log = new RaftLog();
  for (const [place, record] of records.entries()) {
    const problem = problemOf(record, hard, log);
    if (problem !== null) {
      return { ok: false, code: "damaged", message: `record ${place}: ${problem}` };
    }
    switch (record.kind) {
      case "hard":
        hard = record;
        break;
      case "entries":
        overwrite(log, record.entries);
        break;
      case "checkpoint":
        ({ hard, snapshot } = record);
        log.reset(snapshot ?? EMPTY_BASE);
        log.append(record.entries);
        break;
    }
  }
  const { term, votedFor, amnesia } = hard;
  return { ok: true, state: { hard: { term, votedFor, amnesia }, snapshot, log } };
}

function overwrite(log: RaftLog, entries: readonly Entry[]): void {
  const [first] = entries;
  if (first !== undefined && first.index <= log.last) {
    log.truncate(first.index);
  }
  log.append(entries);
}

function problemOf(record: RaftRecord, hard: HardState, log: RaftLog): string | null {
  switch (record.kind) {
    case "hard":
      return problemOfHard(record, hard);
    case "entries": {
      const first = record.entries[0]?.index ?? 0;
      if (first < log.first || first > log.last + 1) {
        return `entries from ${first} on do not belong to a log of ${log.first} to ${log.last}`;
      }
      return problemOfRun(record.entries, log.term(first - 1) ?? 0, hard.term);
    }
    case "checkpoint": {
      const base = record.snapshot ?? EMPTY_BASE;
      const first = record.entries[0]?.index ?? base.index + 1;
      if (first !== base.index + 1) {
        return `entries from ${first} on do not follow the snapshot at ${base.index}`;
      }
      const run = problemOfRun(record.entries, base.term, record.hard.term);
      return run ?? problemOfHard(record.hard, hard);
    }
  }
}

function problemOfHard(next: HardState, before: HardState): string | null {
  if (next.term < before.term) {
    return `term ${next.term} after term ${before.term}`;
  }
  const changed = before.votedFor !== null && next.votedFor !== before.votedFor;
  return next.term === before.term && changed ? `two votes in term ${next.term}` : null;
}

function problemOfRun(entries: readonly Entry[], prevTerm: number, term: number): string | null {
  if (!isOrdered(entries, prevTerm, term)) {
    return "terms of entries fall, or are ahead of the member's";
  }
  const bad = entries.find(({ kind, data }) => kind === "config" && !isConfig(data));
  return bad === undefined ? null : `entry ${bad.index} is no configuration`;
}

export function isConfig(data: Uint8Array): boolean {
  const config = decodeConfig(data);
  return config !== null && configProblem(config.voters, config.learners) === null;
}
