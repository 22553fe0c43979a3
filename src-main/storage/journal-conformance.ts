/** The suite every journal passes. Import it from a test file only. */
import { afterEach, describe, expect, it } from "vitest";
import type { AuditIntent, Journal } from "./journal.ts";

export const INTENT: AuditIntent = {
  timeMs: 1_700_000_000_000,
  actor: "console 1",
  role: "operator",
  mesh: "demo",
  command: "node.kill",
  summary: "Kill E",
};

export function describeJournal(name: string, open: () => Journal): void {
  describe(`journal: ${name}`, () => {
    const opened: Journal[] = [];
    const create = (): Journal => {
      const journal = open();
      opened.push(journal);
      return journal;
    };
    afterEach(() => {
      for (const journal of opened.splice(0)) journal.close();
    });

    it("numbers completed entries from 1 and lists the newest first", () => {
      const journal = create();
      const first = journal.beginAudit(INTENT);
      const second = journal.beginAudit({ ...INTENT, command: "time.play", reason: "because" });
      expect(journal.listAudit({ limit: 10 })).toEqual([]);
      const error = { code: "forbidden", message: "No.", retryable: false } as const;
      journal.completeAudit(second, { outcome: "refused", error });
      journal.completeAudit(first, { outcome: "done" });
      expect(journal.listAudit({ limit: 10 })).toEqual([
        { ...INTENT, id: 2, outcome: "done" },
        { ...INTENT, command: "time.play", reason: "because", id: 1, outcome: "refused", error },
      ]);
    });

    it("pages backwards with beforeId", () => {
      const journal = create();
      for (let count = 0; count < 5; count += 1) {
        journal.completeAudit(journal.beginAudit(INTENT), { outcome: "done" });
      }
      const ids = (beforeId: number | undefined, limit: number): number[] =>
        journal.listAudit({ beforeId, limit }).map((entry) => entry.id);
      expect(ids(undefined, 2)).toEqual([5, 4]);
      expect(ids(4, 2)).toEqual([3, 2]);
      expect(ids(2, 2)).toEqual([1]);
      expect(ids(1, 2)).toEqual([]);
    });

    it("completes an intent once only", () => {
      const journal = create();
      const ticket = journal.beginAudit(INTENT);
      journal.completeAudit(ticket, { outcome: "done" });
      expect(() => journal.completeAudit(ticket, { outcome: "done" })).toThrow(/no open audit/);
      expect(journal.listAudit({ limit: 10 })).toHaveLength(1);
    });

    it("keeps a setting's last value and knows nothing of one never set", () => {
      const journal = create();
      expect(journal.getSetting("ui")).toBeUndefined();
      journal.setSetting("ui", { theme: "dark" });
      journal.setSetting("ui", { theme: "light" });
      expect(journal.getSetting("ui")).toEqual({ theme: "light" });
    });

    it("refuses everything once closed, and closes twice without a word", () => {
      const journal = create();
      journal.close();
      journal.close();
      expect(() => journal.beginAudit(INTENT)).toThrow(/journal is closed/);
      expect(() => journal.getSetting("ui")).toThrow(/journal is closed/);
    });
  });
}
