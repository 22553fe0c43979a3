/** What the parts of one membership machine share: the table, the news, and the effects of a step. */
import type { NodeId, TimerName } from "#main/kernel/machine.ts";
import type { Random } from "#main/kernel/random.ts";
import type { Micros } from "#main/kernel/time.ts";
import type { BroadcastQueue } from "./broadcasts.ts";
import type { MembershipMessage } from "./messages.ts";
import type { MembershipOptions } from "./options.ts";
import type { MemberTable } from "./table.ts";
import type { MembershipEffect, MembershipEvent, MembershipRecord } from "./types.ts";

const NOTHING: readonly MembershipEffect[] = [];

/** The effects of the step under way, in order. A step without effects allocates nothing. */
export class Effects {
  #list: MembershipEffect[] | null = null;

  emit(event: MembershipEvent): void {
    this.push({ kind: "emit", event });
  }

  send(to: NodeId, message: MembershipMessage): void {
    this.push({ kind: "send", to, message });
  }

  timer(timer: TimerName, at: Micros | null): void {
    this.push({ kind: "timer", timer, at });
  }

  push(effect: MembershipEffect): void {
    this.#list ??= [];
    this.#list.push(effect);
  }

  /** Everything else of the step waits until the record is on disk. */
  persistFirst(record: MembershipRecord): void {
    this.#list = [{ kind: "persist", record, then: this.#list ?? NOTHING }];
  }

  drain(): readonly MembershipEffect[] {
    const list = this.#list ?? NOTHING;
    this.#list = null;
    return list;
  }
}

export interface Context {
  readonly self: NodeId;
  readonly options: MembershipOptions;
  readonly random: Random;
  readonly table: MemberTable;
  readonly news: BroadcastQueue;
  readonly effects: Effects;
}

/** Timers of the machine; those with a slash are followed by a member or a number. */
export const TIMER = {
  gossip: "gossip",
  sync: "sync",
  join: "join",
  agree: "agree",
  observe: "observe",
  reap: "reap",
  leave: "leave",
  left: "left",
  suspicion: "suspect/",
  announce: "announce/",
} as const;
