/**
 * Full state exchange (memberlist's push-pull): now and then a node compares digests with a random
 * member, and with a random lost one; only when they differ do the tables travel. Heals what gossip
 * missed, and brings both sides of a healed partition together.
 */
import type { NodeId } from "#main/kernel/machine.ts";
import type { Micros } from "#main/kernel/time.ts";
import { ms } from "#main/kernel/time.ts";
import type { Confirmation, Votes } from "./confirmation.ts";
import type { Context } from "./context.ts";
import { TIMER } from "./context.ts";
import { syncScale } from "./formulas.ts";
import type { MemberSnapshot } from "./messages.ts";
import { type Entry, REMEMBERED } from "./table.ts";
import type { Tombstones } from "./tombstones.ts";
import type { Source, Verdicts } from "./verdicts.ts";

/** A joiner has no roster yet, so it is told the names. */
type VotesForm = "named" | "short";

export class Sync {
  readonly #context: Context;
  readonly #verdicts: Verdicts;
  readonly #confirmation: Confirmation;
  readonly #tombstones: Tombstones;

  constructor(
    context: Context,
    parts: {
      readonly verdicts: Verdicts;
      readonly confirmation: Confirmation;
      readonly tombstones: Tombstones;
    },
  ) {
    this.#context = context;
    this.#verdicts = parts.verdicts;
    this.#confirmation = parts.confirmation;
    this.#tombstones = parts.tombstones;
  }

  /** A random phase, so that a mesh that starts together does not compare all at once. */
  start(now: Micros): void {
    const { effects, random } = this.#context;
    effects.timer(TIMER.sync, now + random.int(this.#interval()));
  }

  tick(now: Micros): void {
    const { effects, table, random } = this.#context;
    effects.timer(TIMER.sync, now + this.#interval());
    for (const list of [table.live, table.lost]) {
      const to = list.length === 0 ? undefined : list[random.int(list.length)];
      if (to !== undefined) {
        this.ask(to);
      }
    }
  }

  /** Compares states with the member: it answers with its own when they differ. */
  ask(to: NodeId): void {
    const { effects, table } = this.#context;
    effects.send(to, { kind: "sync", digest: table.syncDigest() });
  }

  /** Somebody compares. Equal tables need no exchange, unless votes may still have to meet. */
  compare(from: NodeId, digest: string, now: Micros): void {
    const { table } = this.#context;
    const votesOpen = table.lost.some((id) => table.get(id)?.state === "unreachable");
    if (votesOpen || digest !== table.syncDigest()) {
      this.send(from, true, now);
    }
  }

  send(to: NodeId, wanted: boolean, now: Micros): void {
    this.#context.effects.send(to, {
      kind: "state",
      wanted,
      members: this.#snapshots(now, "short"),
    });
  }

  /** The answer to a joiner; tells it also when it is buried here, so that it can rise above it. */
  welcome(to: NodeId, now: Micros): void {
    const members = this.#snapshots(now, "named");
    const buried = this.#tombstones.incarnation(to, now);
    if (buried !== undefined && this.#context.table.get(to) === undefined) {
      members.push({
        id: to,
        state: "left",
        incarnation: buried,
        metadata: { zone: "", address: "", tags: {} },
        agreed: false,
        leaveTime: 0,
        observations: [],
      });
    }
    this.#context.effects.send(to, { kind: "state", wanted: true, members });
  }

  /** Takes over one row of somebody's table about another member. */
  merge(row: MemberSnapshot, source: Source): void {
    if (row.state === "left") {
      this.#mergeLeft(row, source);
      return;
    }
    this.#verdicts.alive(row, source);
    if (row.state !== "alive" && source.by !== null) {
      // Dead is downgraded to suspect: the accused gets its time to refute. The observers of its
      // death come along, and make it dead here when that time is over.
      this.#verdicts.suspect(row.id, row.incarnation, source.by, source);
      this.#verdicts.observed(row.id, row.incarnation, row, source);
    }
    const entry = this.#context.table.get(row.id);
    if (row.agreed && entry !== undefined && entry.state !== "left") {
      this.agree(entry);
    }
  }

  agree(entry: Entry): void {
    const { table, effects } = this.#context;
    if (!entry.agreed) {
      table.setAgreed(entry, true);
      effects.emit({ kind: "agreed", member: entry.id, of: table.agreedSize });
    }
  }

  /** A member that is only remembered is told as it began: that it counts, and no accusation. */
  snapshot(entry: Entry, now: Micros, form: VotesForm): MemberSnapshot {
    if (entry.incarnation === REMEMBERED) {
      const { id, metadata, agreed, leaveTime } = entry;
      const row = { id, metadata, agreed, leaveTime, observations: [] } as const;
      return { ...row, state: "alive", incarnation: 0 };
    }
    return {
      id: entry.id,
      state: entry.state,
      incarnation: entry.incarnation,
      metadata: entry.metadata,
      agreed: entry.agreed,
      leaveTime: entry.leaveTime,
      ...this.#votes(entry, now, form),
    };
  }

  #votes(entry: Entry, now: Micros, form: VotesForm): Votes {
    const { options, table } = this.#context;
    const ballots = form === "named" ? undefined : this.#confirmation.ballots(entry, now);
    if (ballots !== undefined) {
      return { observations: [], ballots };
    }
    const limit = entry.state === "dead" ? table.size : options.observersPerUpdate;
    return { observations: this.#confirmation.observations(entry, now, limit) };
  }

  /** Nobody is created by a farewell; but old news about who left must not create it either. */
  #mergeLeft(row: MemberSnapshot, source: Source): void {
    if (this.#context.table.get(row.id) === undefined) {
      this.#tombstones.bury(row.id, row.incarnation, source.now);
      return;
    }
    this.#verdicts.left(
      {
        kind: "left",
        member: row.id,
        incarnation: row.incarnation,
        leaveTime: row.leaveTime,
      },
      source,
    );
  }

  #snapshots(now: Micros, form: VotesForm): MemberSnapshot[] {
    return Array.from(this.#context.table.entries(), (entry) => this.snapshot(entry, now, form));
  }

  #interval(): Micros {
    const { options, table } = this.#context;
    return ms(options.syncIntervalMs * syncScale(table.present));
  }
}
