/**
 * What this node thinks of the others, and what follows: it turns to those of good standing first.
 * Votes are never weighed by it. See the reputation folder's README.
 */
import type { NodeId } from "#main/kernel/machine.ts";
import { type Micros, seconds } from "#main/kernel/time.ts";
import { REPUTATION_DEFAULTS } from "#main/protocols/reputation/options.ts";
import { Reputation } from "#main/protocols/reputation/reputation.ts";
import type {
  ReportKind,
  ReputationRecord,
  Standing as StandingName,
  Verdict,
} from "#main/protocols/reputation/types.ts";
import type { Outbox } from "./outbox.ts";
import { REPUTATION_SLOT } from "./slots.ts";

/** Bad scores fade: how often the ones that are held are looked at again. */
const REVIEW_US = seconds(5);
const REVIEW_TIMER = "node:standing";
/** A score is told again when it moved this far. */
const TELL_STEP = 1;

export interface MemberStanding {
  readonly member: NodeId;
  readonly score: number;
  readonly standing: StandingName;
}

export class Standing {
  readonly #self: NodeId;
  readonly #outbox: Outbox;
  readonly #reputation: Reputation;
  /** As it was told last, of members with a bad score. */
  readonly #told = new Map<NodeId, MemberStanding>();
  #reviewing = false;

  constructor(setup: {
    readonly self: NodeId;
    readonly outbox: Outbox;
    readonly members: () => readonly NodeId[];
    readonly restore: readonly ReputationRecord[];
  }) {
    this.#self = setup.self;
    this.#outbox = setup.outbox;
    this.#reputation = new Reputation({
      self: setup.self,
      options: REPUTATION_DEFAULTS,
      members: setup.members,
      // Proofs reach this node through the protocols, which have checked them.
      verify: () => false,
      restore: setup.restore,
    });
    for (const { member } of setup.restore) {
      this.#told.set(member, { member, score: 0, standing: "good" });
    }
  }

  start(now: Micros): void {
    this.#review(now);
  }

  report(kind: ReportKind, member: NodeId, now: Micros): void {
    if (member === this.#self) {
      return;
    }
    const verdict = this.#reputation.report(kind, member, now);
    if (verdict.before !== verdict.standing) {
      this.#keep(verdict, now);
    }
    this.#tell(member, kind, now);
    this.#plan(now);
  }

  /** Those that this node turns to: all but the graylisted and banned, or all when none is left. */
  choose(nodes: readonly NodeId[], now: Micros): readonly NodeId[] {
    if (this.#told.size === 0) {
      return nodes;
    }
    const good = nodes.filter((node) => {
      const standing = this.#reputation.standing(node, now);
      return standing === "good" || standing === "watched";
    });
    return good.length > 0 ? good : nodes;
  }

  /** Members whose score is not that of a stranger. */
  list(now: Micros): MemberStanding[] {
    return [...this.#told.keys()].map((member) => this.#of(member, now));
  }

  /** One of the node's own timers came; false when it is none of these. */
  fire(timer: string, now: Micros): boolean {
    if (timer !== REVIEW_TIMER) {
      return false;
    }
    this.#reviewing = false;
    this.#review(now);
    return true;
  }

  #review(now: Micros): void {
    for (const member of this.#told.keys()) {
      this.#tell(member, "faded", now);
      if (this.#reputation.score(member, now) === 0) {
        this.#told.delete(member);
      }
    }
    this.#plan(now);
  }

  #tell(member: NodeId, reason: string, now: Micros): void {
    const known = this.#told.get(member);
    const current = this.#of(member, now);
    const moved = Math.abs(current.score - (known?.score ?? 0)) >= TELL_STEP;
    if (known?.standing === current.standing && !moved && current.score !== 0) {
      return;
    }
    this.#told.set(member, current);
    this.#outbox.emit({ type: "reputation.changed", node: this.#self, ...current, reason });
  }

  #of(member: NodeId, now: Micros): MemberStanding {
    const score = this.#reputation.score(member, now);
    return { member, score, standing: this.#reputation.standing(member, now) };
  }

  /** Or a crash of the observer would wash everybody clean. */
  #keep({ member }: Verdict, now: Micros): void {
    const record = this.#reputation.record(member, now);
    if (record !== null) {
      const effects = [{ kind: "persist", record, then: [] }] as const;
      this.#outbox.absorb(REPUTATION_SLOT, effects, now, () => undefined);
    }
  }

  #plan(now: Micros): void {
    if (!this.#reviewing && this.#told.size > 0) {
      this.#reviewing = true;
      this.#outbox.timer(REVIEW_TIMER, now + REVIEW_US);
    }
  }
}

/** How bad it is that a protocol dropped a message for this reason. */
export function faultOf(reason: string): ReportKind {
  if (reason.includes("signature") || reason.includes("not its sender's")) {
    return "invalid-signature";
  }
  return reason.includes("limit") ? "flooding" : "bad-answer";
}
