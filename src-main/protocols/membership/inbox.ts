/** What other nodes send: each message is taken apart and handed to the part that answers for it. */
import type { NodeId } from "#main/kernel/machine.ts";
import type { Micros } from "#main/kernel/time.ts";
import type { Claims } from "./claims.ts";
import type { Confirmation } from "./confirmation.ts";
import type { Context } from "./context.ts";
import type { Join } from "./join.ts";
import type { Leave } from "./leave.ts";
import type { MembershipMessage, MemberSnapshot, Update } from "./messages.ts";
import { SelfDefence } from "./self-defence.ts";
import type { Sync } from "./sync.ts";
import type { JoinRefusal } from "./types.ts";
import type { Source, Verdicts } from "./verdicts.ts";

export class Inbox {
  /** Whether this side may change anything; newcomers are refused when not. */
  writable = true;
  readonly #context: Context;
  readonly #claims: Claims;
  readonly #confirmation: Confirmation;
  readonly #join: Join;
  readonly #leave: Leave;
  readonly #sync: Sync;
  readonly #verdicts: Verdicts;
  readonly #defence: SelfDefence;

  constructor(
    context: Context,
    parts: {
      readonly claims: Claims;
      readonly confirmation: Confirmation;
      readonly join: Join;
      readonly leave: Leave;
      readonly sync: Sync;
      readonly verdicts: Verdicts;
    },
  ) {
    this.#context = context;
    this.#claims = parts.claims;
    this.#confirmation = parts.confirmation;
    this.#join = parts.join;
    this.#leave = parts.leave;
    this.#sync = parts.sync;
    this.#verdicts = parts.verdicts;
    this.#defence = new SelfDefence(parts.claims, parts.leave);
  }

  /** A membership message from `from`. */
  receive(from: NodeId, message: MembershipMessage, now: Micros): void {
    switch (message.kind) {
      case "gossip":
        this.apply(message.updates, from, now);
        break;
      case "join":
        this.#admit(from, message, now);
        break;
      case "join-refused":
        this.#join.refused(message.reason);
        break;
      case "votes":
        this.#votesWanted(from, message, now);
        break;
      case "sync":
        this.#sync.compare(from, message.digest, now);
        break;
      case "state":
        this.#merge(from, message, now);
        break;
    }
  }

  /** News that came as gossip, or on the back of another packet. */
  apply(updates: readonly Update[], from: NodeId, now: Micros): void {
    for (const update of updates) {
      if (update.kind === "left") {
        this.#claims.witnessLeaveTime(update.leaveTime);
      }
      if (update.member === this.#context.self) {
        this.#defence.answer(update, from);
      } else {
        this.#applyToOther(update, { now, reason: "gossip", by: from });
      }
    }
  }

  #applyToOther(update: Update, source: Source): void {
    const { member, incarnation } = update;
    switch (update.kind) {
      case "alive":
        this.#verdicts.alive({ id: member, incarnation, metadata: update.metadata }, source);
        break;
      case "suspect":
        this.#verdicts.suspect(member, incarnation, update.accuser, {
          ...source,
          by: update.accuser,
        });
        break;
      case "observed":
        this.#verdicts.observed(member, incarnation, update, source);
        break;
      case "left":
        this.#verdicts.left(update, { ...source, reason: "leave" });
        break;
      case "forgotten":
        this.#verdicts.forgotten(member, incarnation, { ...source, reason: "forgotten" });
        break;
    }
  }

  #merge(from: NodeId, message: Extract<MembershipMessage, { kind: "state" }>, now: Micros): void {
    if (message.wanted) {
      if (this.#join.asking && isForgotten(this.#context.self, from, message.members)) {
        this.#context.table.setAgreed(this.#claims.entry, false);
      }
      // Before merging: the sender does not need to hear its own words.
      this.#sync.send(from, false, now);
    }
    for (const row of message.members) {
      this.#claims.witnessLeaveTime(row.leaveTime);
      if (row.id !== this.#context.self) {
        this.#sync.merge(row, { now, reason: "sync", by: from, quiet: this.#join.asking });
        continue;
      }
      this.#defence.answerRow(row, from);
      if (row.agreed) {
        this.#sync.agree(this.#claims.entry);
      }
    }
    if (message.wanted) {
      this.#join.accepted(from);
    }
  }

  #admit(from: NodeId, message: Extract<MembershipMessage, { kind: "join" }>, now: Micros): void {
    if (message.member.id !== from) {
      // Everybody asks for itself only; who does not is not answered.
      return;
    }
    const { effects } = this.#context;
    const reason = this.#refusal(from);
    if (reason !== null) {
      effects.send(from, { kind: "join-refused", reason });
      effects.emit({ kind: "join-refused", member: from, reason });
      return;
    }
    this.#verdicts.alive(message.member, { now, reason: "joined", by: from });
    this.#sync.welcome(from, now);
  }

  #votesWanted(
    from: NodeId,
    wanted: Extract<MembershipMessage, { kind: "votes" }>,
    now: Micros,
  ): void {
    const entry = this.#context.table.get(wanted.member);
    if (entry?.incarnation === wanted.incarnation) {
      this.#confirmation.answerVotes(from, entry, now);
    }
  }

  /** A member that counts already may always come back: a minority could never recover otherwise. */
  #refusal(joiner: NodeId): JoinRefusal | null {
    const { table, options } = this.#context;
    const known = table.get(joiner);
    if (this.#leave.begun) {
      return "left";
    }
    if (!this.writable && known?.agreed !== true) {
      return "read-only";
    }
    return known === undefined && table.size >= options.maxMembers ? "full" : null;
  }
}

/** A member that counts lets this node in without counting it: it was taken out meanwhile. */
function isForgotten(self: NodeId, via: NodeId, rows: readonly MemberSnapshot[]): boolean {
  const counts = (id: NodeId): boolean => rows.some((row) => row.id === id && row.agreed);
  return counts(via) && !counts(self);
}
