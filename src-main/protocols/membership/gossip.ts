/**
 * Spreading news: pieces ride on every packet that leaves anyway (SWIM §4.1), and while there is
 * news, a few random members are told in every gossip interval.
 */
import type { NodeId } from "#main/kernel/machine.ts";
import type { Micros } from "#main/kernel/time.ts";
import { ms } from "#main/kernel/time.ts";
import type { SizedUpdate } from "./broadcasts.ts";
import type { Confirmation } from "./confirmation.ts";
import type { Context } from "./context.ts";
import { TIMER } from "./context.ts";
import { retransmitLimit } from "./formulas.ts";
import type { Update } from "./messages.ts";
import type { Suspicions } from "./suspicions.ts";
import { REMEMBERED } from "./table.ts";

const NO_UPDATES: readonly Update[] = [];

export class Gossip {
  readonly #context: Context;
  readonly #suspicions: Suspicions;
  readonly #confirmation: Confirmation;
  #armed = false;

  constructor(context: Context, suspicions: Suspicions, confirmation: Confirmation) {
    this.#context = context;
    this.#suspicions = suspicions;
    this.#confirmation = confirmation;
  }

  /** Sets the timer when there is news and somebody to tell. */
  arm(now: Micros): void {
    const { news, table, effects, options } = this.#context;
    if (!this.#armed && news.size > 0 && table.live.length + table.lost.length > 0) {
      this.#armed = true;
      effects.timer(TIMER.gossip, now + ms(options.gossipIntervalMs));
    }
  }

  tick(now: Micros): void {
    this.#armed = false;
    const { table, options, random, effects, news } = this.#context;
    if (news.size === 0) {
      return;
    }
    const since = now - ms(options.gossipToTheDeadMs);
    const targets = table.pick(options.gossipNodes, random, (entry) => entry.since > since);
    for (const to of targets) {
      const updates = this.updatesFor(to, options.gossipBudgetBytes, now);
      if (updates.length > 0) {
        effects.send(to, { kind: "gossip", updates });
      }
    }
  }

  /**
   * The updates for a packet to this member; counts as their transmission. What the member is
   * accused of always goes along, whatever the budget (Lifeguard §IV-C, the buddy system).
   */
  updatesFor(to: NodeId, budgetBytes: number, now: Micros): readonly Update[] {
    const { news, table, options } = this.#context;
    const accusation = this.#accusation(to);
    if (news.size === 0) {
      return accusation === null ? NO_UPDATES : [accusation];
    }
    const limit = retransmitLimit(options.retransmitMultiplier, table.present);
    const updates = news.take(budgetBytes, limit, (member, room) =>
      this.#render(member, room, now),
    );
    const told = updates.some(({ kind, member }) => member === to && kind === "suspect");
    return accusation === null || told ? updates : [accusation, ...updates];
  }

  #accusation(to: NodeId): Update | null {
    const { table } = this.#context;
    if (table.accused === 0) {
      return null;
    }
    const entry = table.get(to);
    if (entry === undefined || entry.state === "alive" || entry.state === "left") {
      return null;
    }
    if (entry.incarnation === REMEMBERED) {
      return null;
    }
    const accuser = this.#suspicions.firstAccuser(to) ?? this.#context.self;
    return { kind: "suspect", member: to, incarnation: entry.incarnation, accuser };
  }

  #render(member: NodeId, room: number, now: Micros): SizedUpdate | null {
    const entry = this.#context.table.get(member);
    return entry === undefined ? null : this.#confirmation.render(entry, room, now);
  }
}
