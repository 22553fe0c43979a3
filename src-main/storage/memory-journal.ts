import type { AuditEntry } from "#shared/contract/protocol.ts";
import { MeshError } from "#shared/contract/errors.ts";
import type { AuditIntent, AuditPage, AuditVerdict, Journal } from "./journal.ts";

/** The journal's twin for runs that leave no trace (`attach`, tests): gone with the process. */
export class MemoryJournal implements Journal {
  readonly #entries: AuditEntry[] = [];
  readonly #intents = new Map<number, AuditIntent>();
  readonly #settings = new Map<string, string>();
  #tickets = 0;
  #open = true;

  beginAudit(intent: AuditIntent): number {
    this.#check();
    this.#tickets += 1;
    this.#intents.set(this.#tickets, intent);
    return this.#tickets;
  }

  completeAudit(ticket: number, verdict: AuditVerdict): AuditEntry {
    this.#check();
    const intent = this.#intents.get(ticket);
    if (intent === undefined) throw new Error(`there is no open audit intent ${ticket}`);
    this.#intents.delete(ticket);
    const entry = { ...intent, id: this.#entries.length + 1, ...verdict };
    this.#entries.push(entry);
    return entry;
  }

  listAudit(page: AuditPage): readonly AuditEntry[] {
    this.#check();
    const end = Math.min((page.beforeId ?? Number.MAX_SAFE_INTEGER) - 1, this.#entries.length);
    return this.#entries.slice(Math.max(0, end - page.limit), Math.max(0, end)).toReversed();
  }

  getSetting(key: string): unknown {
    this.#check();
    const text = this.#settings.get(key);
    return text === undefined ? undefined : JSON.parse(text);
  }

  setSetting(key: string, value: unknown): void {
    this.#check();
    this.#settings.set(key, JSON.stringify(value));
  }

  close(): void {
    this.#open = false;
  }

  #check(): void {
    if (!this.#open) throw new MeshError("closed", "The journal is closed.");
  }
}
