/** A member's disk, and what may be said with what is on it. */
import type { NodeId } from "#main/kernel/machine.ts";
import type { RaftMessage, RaftRecord } from "../types.ts";

export class DurableDisk {
  readonly wasWiped: boolean;
  records: RaftRecord[] = [];
  #term = 0;
  #votedFor: NodeId | null = null;
  #base = 0;
  /** Terms of the entries behind the base. */
  #terms: number[] = [];

  constructor(wasWiped = false) {
    this.wasWiped = wasWiped;
  }

  get last(): number {
    return this.#base + this.#terms.length;
  }

  write(record: RaftRecord, checkpoint: boolean): void {
    if (checkpoint) {
      this.records = [];
    }
    this.records.push(record);
    switch (record.kind) {
      case "hard":
        [this.#term, this.#votedFor] = [record.term, record.votedFor];
        break;
      case "entries":
        this.#terms.length = (record.entries[0]?.index ?? 0) - this.#base - 1;
        this.#terms.push(...record.entries.map(({ term }) => term));
        break;
      case "checkpoint":
        [this.#term, this.#votedFor] = [record.hard.term, record.hard.votedFor];
        this.#base = record.snapshot?.index ?? 0;
        this.#terms = record.entries.map(({ term }) => term);
        break;
    }
  }

  holds(index: number, term: number): boolean {
    return index <= this.#base || this.#terms[index - this.#base - 1] === term;
  }

  /** Why a message promises more than what is on the disk, or null. */
  allows(self: NodeId, message: RaftMessage): string | null {
    if ("term" in message && message.kind !== "pre-vote" && message.kind !== "pre-vote-reply") {
      if (message.term > this.#term && message.kind !== "located") {
        return `${self} speaks in term ${message.term} with ${this.#term} on disk`;
      }
    }
    switch (message.kind) {
      case "vote":
        return this.#votedFor === self ? null : `${self} campaigns without its own vote on disk`;
      case "vote-reply":
        return message.granted && this.#votedFor === null
          ? `${self} grants a vote that is not on disk`
          : null;
      case "append-reply":
        return message.ok && message.match > this.last
          ? `${self} acknowledges ${message.match} with ${this.last} on disk`
          : null;
      default:
        return null;
    }
  }
}
