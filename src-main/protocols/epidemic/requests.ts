import type { Micros } from "#main/kernel/time.ts";

interface Pending {
  readonly request: number;
  readonly deadline: Micros;
}

/** Requests of this life that wait for an answer, by the sequence of the proposal made of them. */
export class PendingRequests {
  readonly #pending = new Map<number, Pending>();

  /** The earliest deadline; null when nothing waits. Requests are added in order of deadline. */
  get next(): Micros | null {
    let earliest: Micros | null = null;
    for (const { deadline } of this.#pending.values()) {
      earliest = Math.min(earliest ?? deadline, deadline);
    }
    return earliest;
  }

  add(sequence: number, request: number, deadline: Micros): void {
    this.#pending.set(sequence, { request, deadline });
  }

  /** The request became another proposal. */
  move(from: number, to: number): void {
    const pending = this.#pending.get(from);
    if (pending !== undefined) {
      this.#pending.delete(from);
      this.#pending.set(to, pending);
    }
  }

  /** The request that waits for this proposal; it is answered now. */
  take(sequence: number): number | undefined {
    const pending = this.#pending.get(sequence);
    this.#pending.delete(sequence);
    return pending?.request;
  }

  /** Requests whose time is out; they wait no more. */
  takeExpired(now: Micros): number[] {
    const expired: number[] = [];
    for (const [sequence, { request, deadline }] of this.#pending) {
      if (deadline <= now) {
        this.#pending.delete(sequence);
        expired.push(request);
      }
    }
    return expired;
  }
}
