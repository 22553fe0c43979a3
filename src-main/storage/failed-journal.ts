import type { AuditEntry } from "#shared/contract/protocol.ts";
import type { MeshError } from "#shared/contract/errors.ts";
import type { Journal } from "./journal.ts";

/**
 * Stands in for a journal that could not be opened: whatever needs it is refused with the reason,
 * so the host lives, meshes can be watched, and nothing is done that would leave no record.
 */
export class FailedJournal implements Journal {
  readonly reason: MeshError;

  constructor(reason: MeshError) {
    this.reason = reason;
  }

  beginAudit(): number {
    throw this.reason;
  }

  completeAudit(): AuditEntry {
    throw this.reason;
  }

  listAudit(): readonly AuditEntry[] {
    throw this.reason;
  }

  getSetting(): unknown {
    throw this.reason;
  }

  setSetting(): void {
    throw this.reason;
  }

  close(): void {
    // Nothing was opened.
  }
}
