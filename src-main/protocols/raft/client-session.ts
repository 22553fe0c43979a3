/**
 * The session under which this node's commands are executed exactly once. It is opened through
 * the log before the first command; each life opens its own, and leaves it after a long silence,
 * before the members could forget it.
 */
import { SESSION_DEFAULTS } from "#main/kernel/sessions.ts";
import { type Micros, ms } from "#main/kernel/time.ts";
import { sessionName } from "./applying.ts";

export class ClientSession {
  /** What an opening is proposed as. */
  readonly base: string;
  /** When the opening was last sent; null when none is under way. */
  openingSentAt: Micros | null = null;
  readonly #idleLimit: Micros;
  #name: string | null = null;
  #usedAt: Micros = 0;
  #sequence = 0;

  constructor(self: string, life: number, expiryMs: number) {
    this.base = `${self}/${life.toString(36)}`;
    this.#idleLimit = ms(expiryMs) / 2;
  }

  /** Null when one has to be opened first. */
  current(now: Micros): string | null {
    if (this.#name !== null && now - this.#usedAt > this.#idleLimit) {
      this.#name = null;
    }
    return this.#name;
  }

  opened(index: number, now: Micros): void {
    this.openingSentAt = null;
    if (this.#name === null) {
      this.#name = sessionName(this.base, index);
      this.#usedAt = now;
    }
  }

  used(name: string, now: Micros): void {
    if (name === this.#name) {
      this.#usedAt = now;
    }
  }

  expired(name: string): void {
    if (name === this.#name) {
      this.#name = null;
    }
  }

  /** The next sequence, or null while too much before it is unanswered. */
  next(answered: number): number | null {
    return this.#sequence >= answered + SESSION_DEFAULTS.maxUnanswered ? null : ++this.#sequence;
  }

  /** The highest sequence that was given out. */
  get last(): number {
    return this.#sequence;
  }
}
