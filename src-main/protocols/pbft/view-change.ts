/**
 * View changes (sections 4.4 and 4.5.2): a backup that waits too long stops taking part, demands
 * the next view with proof of all it prepared, and goes on when a quorum does the same.
 */
import type { NodeId } from "#main/kernel/machine.ts";
import { type Micros, ms } from "#main/kernel/time.ts";
import type { Checkpoints } from "./checkpoints.ts";
import { NULL_BATCH } from "./digest.ts";
import type { EvidenceStore } from "./evidence.ts";
import { newViewProblem, planNewView, stableOf, viewChangeProblem } from "./new-view.ts";
import type { Ordering } from "./ordering.ts";
import { primaryOf } from "./quorum.ts";
import type { Replica } from "./replica.ts";
import type { Requests } from "./requests.ts";
import type { NewView, Signed, ViewChange } from "./types.ts";

export class ViewChanges {
  readonly #replica: Replica;
  readonly #requests: Requests;
  readonly #ordering: Ordering;
  readonly #checkpoints: Checkpoints;
  readonly #evidence: EvidenceStore;
  /** The latest valid one of each member, for views that have not begun. */
  readonly #demands = new Map<NodeId, ViewChange>();
  /** Views demanded one after the other without anything executed in between. */
  #attempts = 0;
  /** When the demanded view must have begun; null until a quorum demands it. */
  #newViewBy: Micros | null = null;
  /** The request that is waited for, and until when. */
  #waiting: { readonly key: string; readonly until: Micros } | null = null;

  constructor(parts: {
    readonly replica: Replica;
    readonly requests: Requests;
    readonly ordering: Ordering;
    readonly checkpoints: Checkpoints;
    readonly evidence: EvidenceStore;
  }) {
    this.#replica = parts.replica;
    this.#requests = parts.requests;
    this.#ordering = parts.ordering;
    this.#checkpoints = parts.checkpoints;
    this.#evidence = parts.evidence;
  }

  /** T, then 2T, 4T … for views demanded one after the other. */
  get timeout(): Micros {
    const { viewTimeoutMs, viewTimeoutMaxMs } = this.#replica.options;
    const doublings = Math.max(0, this.#attempts - 1);
    return ms(Math.min(viewTimeoutMs * 2 ** Math.min(doublings, 40), viewTimeoutMaxMs));
  }

  /** When `onTimer` wants to be called. */
  get due(): Micros | null {
    return this.#replica.active ? (this.#waiting?.until ?? null) : this.#newViewBy;
  }

  /** VIEW-CHANGEs kept: at most one a member. */
  get size(): number {
    return this.#demands.size;
  }

  onTimer(): void {
    const { view, now } = this.#replica;
    const { due } = this;
    if (due === null || due > now) {
      return;
    }
    const { active } = this.#replica;
    if (active) {
      // Nobody need execute what would only be answered from memory.
      this.#requests.prune();
      if (this.#waiting !== null && !this.#requests.has(this.#waiting.key)) {
        return;
      }
    }
    const reason = active ? "a request was not executed in time" : "no valid new view in time";
    this.demand(view + 1, reason);
  }

  /** A request was executed: the primary does its work. */
  executed(key: string): void {
    if (this.#replica.active) {
      this.#attempts = 0;
    }
    if (this.#waiting?.key === key) {
      this.#waiting = null;
    }
  }

  /**
   * The timer runs while a backup waits for a request, and always for one and the same: so a
   * primary cannot leave one request out by executing others (section 4.4, the end of 4.5.2).
   */
  updateTimer(): void {
    const { active, leads, now } = this.#replica;
    const { oldest } = this.#requests;
    if (!active || leads || oldest === null || !this.#replica.mayDemandViews()) {
      this.#waiting = null;
    } else if (this.#waiting === null || !this.#requests.has(this.#waiting.key)) {
      this.#waiting = { key: oldest, until: now + this.timeout };
    }
  }

  /** Stops taking part in the present view and demands another one. */
  demand(view: number, reason: string): void {
    const replica = this.#replica;
    if (view <= replica.view || !replica.mayDemandViews()) {
      return;
    }
    replica.view = view;
    replica.active = false;
    this.#attempts++;
    this.#newViewBy = null;
    this.#waiting = null;
    const { self: sender, low: sequence, stable } = replica;
    const prepared = replica.slots().flatMap(({ certificate }) => certificate ?? []);
    const type = "view-change";
    const message = replica.sign({ type, view, sequence, sender, stable, prepared });
    replica.demand = message;
    replica.out.persist({ kind: "view-change", message });
    replica.tellRole(reason);
    const candidate = replica.primary;
    const vote = { kind: "vote", term: view, candidate, phase: "view-change" } as const;
    replica.emit({ ...vote, granted: true, reason });
    this.#keep(message);
    replica.broadcast(message);
  }

  onViewChange(from: NodeId, message: ViewChange): void {
    const replica = this.#replica;
    const { view, sender } = message;
    if (view < replica.view || (view === replica.view && replica.active)) {
      return;
    }
    const standing = this.#demands.get(sender);
    if (standing !== undefined && (standing.view > view || sameSignature(standing, message))) {
      return;
    }
    if (!replica.verify(message)) {
      replica.reject(from, "bad signature of a view change");
      return;
    }
    if (standing?.view === view) {
      this.#evidence.add("conflicting-view-change", standing, message);
      return;
    }
    const problem = viewChangeProblem(replica, message);
    if (problem !== null) {
      this.#evidence.add("invalid-view-change", message, null);
      replica.reject(from, problem);
      return;
    }
    this.#keep(message);
  }

  onNewView(from: NodeId, message: NewView): void {
    const replica = this.#replica;
    const { view, sender } = message;
    const { newView } = replica;
    if (view < replica.view || view === 0) {
      return;
    }
    if (view === replica.view && replica.active) {
      if (newView !== null && sender === newView.sender && !sameSignature(newView, message)) {
        this.#onSecondNewView(newView, message);
      }
      return;
    }
    if (sender !== primaryOf(replica.members, view)) {
      replica.reject(from, "a new view of a member that is not its primary");
      return;
    }
    if (!replica.verify(message)) {
      replica.reject(from, "bad signature of a new view");
      return;
    }
    const problem = newViewProblem(replica, message);
    if (problem !== null) {
      this.#evidence.add("invalid-new-view", message, null);
      replica.reject(from, problem);
      return;
    }
    this.#enter(message, "a valid new view");
  }

  #onSecondNewView(first: NewView, second: NewView): void {
    if (this.#replica.verify(second)) {
      this.#evidence.add("equivocation", first, second);
    }
  }

  /** What follows from the demands that arrived. True when something did. */
  advance(): boolean {
    const replica = this.#replica;
    const { view, self, quorum, active } = replica;
    if (active && !replica.leads && this.#ordering.primaryEquivocated) {
      this.demand(view + 1, "the primary signed two proposals for one number");
      return replica.view !== view;
    }
    const joined = this.#viewToJoin();
    if (joined !== null && replica.mayDemandViews()) {
      this.demand(joined, "others demand it, more than can all be faulty");
      return true;
    }
    if (active || this.#demandsFrom(view) < quorum) {
      return false;
    }
    this.#newViewBy ??= replica.now + this.timeout;
    const matching = this.#demandsFor(view);
    if (matching.length < quorum || replica.primary !== self || replica.demand?.view !== view) {
      return false;
    }
    this.#begin(matching);
    return true;
  }

  /** The orders of the NEW-VIEW that came into the window since the view was entered. */
  applyOrders(): void {
    const { newView, view, active } = this.#replica;
    if (newView === null || newView.view !== view || !active) {
      return;
    }
    for (const { sequence, digest, signature } of newView.orders) {
      if (this.#replica.inWindow(sequence)) {
        const slot = this.#replica.slot(sequence);
        if (slot.accepted?.view !== view) {
          slot.accepted = { view, digest, signature };
          this.#ordering.takeOver(slot, digest);
        }
      }
    }
  }

  /** A demand or a view of a former life. */
  restore(demand: ViewChange | null): void {
    if (demand !== null) {
      this.#attempts = 1;
      this.#demands.set(demand.sender, demand);
    }
  }

  #keep(message: ViewChange): void {
    const { sender: from, view: term, stable } = message;
    this.#demands.set(from, message);
    if (stable !== null) {
      this.#checkpoints.learn(stable);
    }
    const { members, self, quorum: needed } = this.#replica;
    if (primaryOf(members, term) === self) {
      const have = this.#demandsFor(term).length;
      const phase = "view-change";
      this.#replica.emit({ kind: "tally", term, phase, from, granted: true, have, needed });
    }
  }

  /**
   * The smallest of the higher views that f + 1 members demand: one of them is correct, so this
   * replica need not wait for its own timer (section 4.5.2).
   */
  #viewToJoin(): number | null {
    const { view, faults, self } = this.#replica;
    const higher = [...this.#demands.values()].filter(
      (demand) => demand.view > view && demand.sender !== self,
    );
    return higher.length > faults ? Math.min(...higher.map((demand) => demand.view)) : null;
  }

  /**
   * Members that left all views before this one. For the timer those that went further count too:
   * their demand for this view may be lost, and they will not repeat it.
   */
  #demandsFrom(view: number): number {
    return [...this.#demands.values()].filter((demand) => demand.view >= view).length;
  }

  #demandsFor(view: number): ViewChange[] {
    return [...this.#demands.values()]
      .filter((demand) => demand.view === view)
      .sort((a, b) => (a.sender < b.sender ? -1 : 1));
  }

  /** The new primary's NEW-VIEW. */
  #begin(viewChanges: readonly ViewChange[]): void {
    const replica = this.#replica;
    const { view, self: sender } = replica;
    const orders = planNewView(viewChanges).orders.map(({ sequence, digest }) => {
      const unsigned = { type: "pre-prepare", view, sequence, sender, digest } as const;
      const { signature } = replica.sign({ ...unsigned, batch: NULL_BATCH });
      return { sequence, digest, signature };
    });
    const unsigned = { type: "new-view", view, sequence: 0, sender, viewChanges, orders } as const;
    const message = replica.sign(unsigned);
    this.#enter(message, "a quorum demands this view");
  }

  #enter(message: NewView, reason: string): void {
    const replica = this.#replica;
    const { view, sender, viewChanges } = message;
    replica.view = view;
    replica.active = true;
    replica.demand = null;
    replica.newView = message;
    replica.out.persist({ kind: "new-view", message });
    this.#newViewBy = null;
    this.#waiting = null;
    for (const [from, demand] of this.#demands) {
      if (demand.view <= view) {
        this.#demands.delete(from);
      }
    }
    if (sender === replica.self) {
      replica.broadcast(message);
    }
    replica.tellRole(reason);
    const stable = stableOf(viewChanges);
    if (stable !== null) {
      this.#checkpoints.learn(stable);
    }
    this.#ordering.enterView(planNewView(viewChanges).high);
    this.applyOrders();
  }
}

function sameSignature(a: Signed, b: Signed): boolean {
  return (
    a.view === b.view &&
    a.signature.length === b.signature.length &&
    a.signature.every((byte, i) => byte === b.signature[i])
  );
}
