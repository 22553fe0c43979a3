/**
 * The operator's order to replace the primary: this replica demands a later view. Alone it gets
 * none (one replica must never be able to force a view change): all members need the order.
 */
import type { ConsensusOutcome } from "#main/kernel/consensus.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import { type Micros, ms } from "#main/kernel/time.ts";
import type { Replica } from "./replica.ts";
import type { ViewChanges } from "./view-change.ts";

interface Pending {
  readonly request: number;
  readonly view: number;
  readonly until: Micros;
}

/** Orders under way at once. */
const MAX_PENDING = 16;

export class Handover {
  readonly #replica: Replica;
  readonly #viewChanges: ViewChanges;
  #pending: Pending[] = [];

  constructor(replica: Replica, viewChanges: ViewChanges) {
    this.#replica = replica;
    this.#viewChanges = viewChanges;
  }

  get due(): Micros | null {
    return this.#pending.length === 0 ? null : Math.min(...this.#pending.map((one) => one.until));
  }

  order(request: number, to: NodeId | null): void {
    const { isMember, options, now } = this.#replica;
    if (!isMember) {
      this.#refuse(request, "not-a-member", "only members can demand a view");
    } else if (to !== null && this.#replica.placeOf(to) === undefined) {
      this.#refuse(request, "bad-change", `${to} is no member`);
    } else if (!this.#replica.mayDemandViews() || this.#pending.length >= MAX_PENDING) {
      this.#refuse(request, "busy", "this member cannot demand a view now");
    } else {
      const view = this.#target(to);
      this.#pending.push({ request, view, until: now + ms(options.requestTimeoutMs) });
      this.#viewChanges.demand(view, "asked to replace the primary");
    }
  }

  onTimer(): void {
    const { now } = this.#replica;
    for (const { request } of this.#take(({ until }) => until <= now)) {
      this.#refuse(request, "unknown", "no quorum of members demanded the view in time");
    }
  }

  /** Answers what has come true. */
  update(): void {
    const { active, view, state } = this.#replica;
    for (const { request } of this.#take((one) => active && one.view <= view)) {
      const outcome = { ok: true, index: state.sequence, result: new Uint8Array(0) } as const;
      this.#answer(request, outcome);
    }
  }

  /** The next view (the one demanded already counts), or the next one whose primary is `to`. */
  #target(to: NodeId | null): number {
    const { members, view, active } = this.#replica;
    const next = active ? view + 1 : view;
    if (to === null) {
      return next;
    }
    const n = members.length;
    return next + ((members.indexOf(to) - (next % n) + n) % n);
  }

  #take(which: (one: Pending) => boolean): Pending[] {
    const taken = this.#pending.filter(which);
    if (taken.length > 0) {
      this.#pending = this.#pending.filter((one) => !which(one));
    }
    return taken;
  }

  #refuse(
    request: number,
    code: "not-a-member" | "bad-change" | "busy" | "unknown",
    message: string,
  ): void {
    this.#answer(request, { ok: false, code, message });
  }

  #answer(request: number, outcome: ConsensusOutcome): void {
    this.#replica.emit({ kind: "answered", request, outcome });
  }
}
