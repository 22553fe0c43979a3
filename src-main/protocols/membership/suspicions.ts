/**
 * Suspicion with Lifeguard's adaptive timeout: the more members accuse independently, the sooner a
 * suspicion becomes a verdict (Lifeguard §IV-B).
 */
import type { NodeId } from "#main/kernel/machine.ts";
import type { Micros } from "#main/kernel/time.ts";
import { ms } from "#main/kernel/time.ts";
import type { Context } from "./context.ts";
import { TIMER } from "./context.ts";
import { expectedAccusers, minSuspicionMs, suspicionMs } from "./formulas.ts";
import type { Entry } from "./table.ts";

interface Suspicion {
  readonly incarnation: number;
  /** The first accuser starts the suspicion; only the others shorten it. */
  readonly accusers: NodeId[];
  readonly expected: number;
  readonly minMs: number;
  readonly maxMs: number;
  startedAt: Micros;
  deadline: Micros;
  /** The member answered this node directly since the suspicion began. */
  answered: boolean;
}

export class Suspicions {
  readonly #context: Context;
  readonly #byMember = new Map<NodeId, Suspicion>();

  constructor(context: Context) {
    this.#context = context;
  }

  start(entry: Entry, accuser: NodeId, now: Micros): void {
    const { options, table } = this.#context;
    const n = table.present;
    const minMs = minSuspicionMs(options.suspicionMultiplier, n, options.probeIntervalMs);
    const suspicion: Suspicion = {
      incarnation: entry.incarnation,
      accusers: [accuser],
      expected: expectedAccusers(options.suspicionMultiplier, n),
      minMs,
      maxMs: minMs * options.suspicionMaxMultiplier,
      startedAt: now,
      deadline: 0,
      answered: false,
    };
    this.#byMember.set(entry.id, suspicion);
    this.#arm(entry.id, suspicion, now);
  }

  /**
   * One more accuser. True when it is one of the first K further ones: those shorten the timeout
   * and are worth passing on.
   */
  accuse(entry: Entry, accuser: NodeId, now: Micros): boolean {
    const suspicion = this.#byMember.get(entry.id);
    if (
      suspicion === undefined ||
      suspicion.accusers.includes(accuser) ||
      suspicion.accusers.length > suspicion.expected
    ) {
      return false;
    }
    suspicion.accusers.push(accuser);
    this.#arm(entry.id, suspicion, now);
    return true;
  }

  /** Who accused first; `undefined` when the member is not suspected. */
  firstAccuser(member: NodeId): NodeId | undefined {
    return this.#byMember.get(member)?.accusers[0];
  }

  answered(member: NodeId): void {
    const suspicion = this.#byMember.get(member);
    if (suspicion !== undefined) {
      suspicion.answered = true;
    }
  }

  cancel(member: NodeId): void {
    if (this.#byMember.delete(member)) {
      this.#context.effects.timer(TIMER.suspicion + member, null);
    }
  }

  /**
   * The timer fired. True when it is the end of the present suspicion of this incarnation, and not
   * of an earlier one, or one that was prolonged. A member that answered this node directly gets its
   * time again: it is there, and was told to refute.
   */
  expire(entry: Entry, now: Micros): boolean {
    const suspicion = this.#byMember.get(entry.id);
    if (
      suspicion === undefined ||
      entry.state !== "suspect" ||
      entry.incarnation !== suspicion.incarnation ||
      now < suspicion.deadline
    ) {
      return false;
    }
    if (suspicion.answered) {
      suspicion.answered = false;
      suspicion.startedAt = now;
      this.#arm(entry.id, suspicion, now);
      return false;
    }
    this.#byMember.delete(entry.id);
    return true;
  }

  /** The deadline always counts from the original start, and may lie in the past. */
  #arm(member: NodeId, suspicion: Suspicion, now: Micros): void {
    const length = ms(suspicionMs(suspicion.accusers.length - 1, suspicion.expected, suspicion));
    suspicion.deadline = suspicion.startedAt + length;
    this.#context.effects.timer(TIMER.suspicion + member, Math.max(now, suspicion.deadline));
  }
}
