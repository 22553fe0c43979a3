/**
 * What a host writes down for good: who asked for what and what came of it, and its settings.
 * Every write is durable when the call returns. Failures are `MeshError`s: "journal-locked",
 * "journal-damaged", "version-mismatch", and "limit-reached" when the disk is full.
 */
import type { AuditEntry } from "#shared/contract/protocol.ts";

/** An action before anybody knows what will come of it. */
export type AuditIntent = Omit<AuditEntry, "id" | "outcome" | "error">;
export type AuditVerdict = Pick<AuditEntry, "outcome" | "error">;

export interface AuditPage {
  /** Only entries with a smaller id. */
  readonly beforeId?: number | undefined;
  readonly limit: number;
}

export interface Journal {
  /**
   * Writes an intent before the action runs, so that nothing can happen that is not on record.
   * Returns the ticket to complete it with. An intent whose process ended before its verdict
   * becomes a failed entry when the journal is opened next.
   */
  beginAudit(intent: AuditIntent): number;
  completeAudit(ticket: number, verdict: AuditVerdict): AuditEntry;
  /** Newest first. */
  listAudit(page: AuditPage): readonly AuditEntry[];
  getSetting(key: string): unknown;
  setSetting(key: string, value: unknown): void;
  /** Idempotent. */
  close(): void;
}
