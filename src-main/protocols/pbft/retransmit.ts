/**
 * Retransmission, which the paper leaves out: members tell each other now and then what they have,
 * and each sends what another one lacks. Answers are bounded by a status, statuses by time.
 */
import type { ConsensusPeer } from "#main/kernel/consensus.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import { type Micros, ms } from "#main/kernel/time.ts";
import type { Checkpoints } from "./checkpoints.ts";
import type { Execution } from "./execution.ts";
import { MAX_STATUS_SLOTS, MAX_WANTED } from "./limits.ts";
import type { Ordering } from "./ordering.ts";
import type { Replica } from "./replica.ts";
import type { Slot } from "./slot.ts";
import { stableMessage } from "./transfer.ts";
import type { Batch, Digest, SlotStatus, Status } from "./types.ts";

/** Decisions sent in answer to one status. */
const DECIDED_PER_STATUS = 8;
const CHECKPOINTS_PER_STATUS = 4;

export class Retransmission {
  readonly #replica: Replica;
  readonly #ordering: Ordering;
  readonly #execution: Execution;
  readonly #checkpoints: Checkpoints;
  readonly #latest = new Map<NodeId, Status>();
  #round = 0;
  #at: Micros | null = null;

  constructor(parts: {
    readonly replica: Replica;
    readonly ordering: Ordering;
    readonly execution: Execution;
    readonly checkpoints: Checkpoints;
  }) {
    this.#replica = parts.replica;
    this.#ordering = parts.ordering;
    this.#execution = parts.execution;
    this.#checkpoints = parts.checkpoints;
  }

  get due(): Micros | null {
    return this.#at;
  }

  /** What the others said last. */
  get peers(): ConsensusPeer[] {
    return this.#replica.others.map((node) => {
      const status = this.#latest.get(node);
      const match = status?.sequence ?? 0;
      const state = status === undefined ? "unknown" : status.active ? "active" : "view-change";
      return { node, match, next: match + 1, state, inFlight: status?.slots.length ?? 0 };
    });
  }

  /** Stable checkpoints that members claim. Claims: only a certificate proves one. */
  claims(): number[] {
    return [...this.#latest.values()].map(({ stable }) => stable);
  }

  /** The first status, at once or only when it is time. */
  start(soon: boolean): void {
    const { now, options, others } = this.#replica;
    if (others.length > 0) {
      this.#at = soon ? now : now + ms(options.idleStatusIntervalMs);
    }
  }

  /** `unsettled`: something is under way, so that what was lost is asked for soon. */
  update(unsettled: boolean): void {
    const { now, options } = this.#replica;
    if (this.#at !== null && unsettled) {
      this.#at = Math.min(this.#at, now + ms(options.statusIntervalMs));
    }
  }

  onTimer(): void {
    const { now, options } = this.#replica;
    if (this.#at !== null && this.#at <= now) {
      this.#at = now + ms(options.idleStatusIntervalMs);
      this.#replica.broadcast(this.#status());
    }
  }

  receive(from: NodeId, status: Status): void {
    const replica = this.#replica;
    if (from !== status.sender || !replica.verify(status)) {
      replica.reject(from, "a status that is not its sender's");
      return;
    }
    this.#latest.set(from, status);
    this.#noticeLag(status);
    const turn = this.#isMyTurn(from, status.round);
    this.#helpWithView(from, status, turn);
    this.#helpWithState(from, status, turn);
    if (turn) {
      this.#sendWanted(from, status.wanted);
    }
    if (status.view === replica.view && status.active && replica.active) {
      this.#helpWithRounds(from, status);
    }
  }

  /** Who hears that it lacks something says so soon, or it would get it only when it is idle. */
  #noticeLag({ view, sequence, slots }: Status): void {
    const replica = this.#replica;
    const { last } = this.#ordering;
    const behind = view > replica.view || sequence > replica.state.sequence;
    if (behind || slots.some((slot) => slot.prePrepared && slot.sequence > last)) {
      this.update(true);
    }
  }

  #status(): Status {
    const { view, active, self: sender, state, low: stable } = this.#replica;
    const { sequence } = state;
    const slots = this.#openSlots()
      .slice(0, MAX_STATUS_SLOTS)
      .map((slot) => this.#describe(slot));
    const wanted = this.#execution.missing().slice(0, MAX_WANTED);
    const round = this.#round++;
    const body = { active, stable, round, slots, wanted };
    return this.#replica.sign({ type: "status", view, sequence, sender, ...body });
  }

  #openSlots(): Slot[] {
    const { sequence } = this.#replica.state;
    return this.#replica.slots().filter((slot) => slot.sequence > sequence);
  }

  #describe({ sequence, accepted, prepares, commits }: Slot): SlotStatus {
    const prePrepared = accepted?.view === this.#replica.view;
    return {
      sequence,
      prePrepared,
      prepares: this.#places(prepares.keys()),
      commits: this.#places(commits.keys()),
    };
  }

  #places(nodes: Iterable<NodeId>): number[] {
    const places = [...nodes].flatMap((node) => this.#replica.placeOf(node) ?? []);
    return places.sort((a, b) => a - b);
  }

  /**
   * What anybody could send is sent by f + 1 members at a time, other ones each round: one of them
   * is correct, and whoever is unreachable is not asked for ever.
   */
  #isMyTurn(of: NodeId, round: number): boolean {
    const { members, self, faults } = this.#replica;
    const [mine, theirs] = [members.indexOf(self), members.indexOf(of)];
    const others = members.length - 1;
    const distance = (mine - theirs - 1 + members.length) % members.length;
    return (distance + (round % others)) % others <= faults;
  }

  #helpWithView(to: NodeId, status: Status, turn: boolean): void {
    const { view, active, newView, demand } = this.#replica;
    if (active && newView !== null && turn) {
      if (status.view < view || (status.view === view && !status.active)) {
        this.#replica.send(to, newView);
      }
    }
    if (demand !== null && status.view <= view) {
      this.#replica.send(to, demand);
    }
  }

  #helpWithState(to: NodeId, status: Status, turn: boolean): void {
    const { state, low, stable } = this.#replica;
    for (const own of this.#checkpoints.ownAbove(status.stable, CHECKPOINTS_PER_STATUS)) {
      this.#replica.send(to, own);
    }
    if (!turn) {
      return;
    }
    if (stable !== null && status.stable < low) {
      this.#replica.send(to, stableMessage(this.#replica, stable));
    }
    for (let i = 1; i <= DECIDED_PER_STATUS && status.sequence + i <= state.sequence; i++) {
      this.#sendDecided(to, status.sequence + i);
    }
  }

  #sendDecided(to: NodeId, sequence: number): void {
    const slot = this.#replica.findSlot(sequence);
    const certificate = slot?.decided ?? null;
    const batch = certificate === null ? undefined : slot?.batches.get(certificate.digest);
    if (certificate !== null && batch !== undefined) {
      const { self: sender } = this.#replica;
      const { view } = certificate;
      const body = { certificate, batch };
      this.#replica.send(
        to,
        this.#replica.sign({ type: "decided", view, sequence, sender, ...body }),
      );
    }
  }

  #sendWanted(to: NodeId, wanted: readonly Digest[]): void {
    const { self: sender } = this.#replica;
    for (const { sequence, batches } of wanted.length === 0 ? [] : this.#replica.slots()) {
      for (const digest of wanted) {
        const batch: Batch | undefined = batches.get(digest);
        if (batch !== undefined) {
          const unsigned = { type: "batch", view: 0, sequence, sender, batch } as const;
          this.#replica.send(to, this.#replica.sign(unsigned));
        }
      }
    }
  }

  /** This replica's own messages of the rounds that the other one has not finished. */
  #helpWithRounds(to: NodeId, status: Status): void {
    const { self, leads, view } = this.#replica;
    const mine = this.#replica.placeOf(self) ?? 0;
    const told = new Map(status.slots.map((slot) => [slot.sequence, slot]));
    const open = this.#replica.slots().filter(({ sequence }) => sequence > status.sequence);
    for (const slot of open.slice(0, MAX_STATUS_SLOTS)) {
      const theirs = told.get(slot.sequence);
      if (leads && theirs?.prePrepared !== true && slot.accepted?.view === view) {
        const proposal = this.#ordering.prePrepareOf(slot);
        if (proposal !== null && proposal.batch.requests.length > 0) {
          this.#replica.send(to, proposal);
        }
      }
      for (const type of ["prepare", "commit"] as const) {
        const has = type === "prepare" ? theirs?.prepares : theirs?.commits;
        const vote = has?.includes(mine) === true ? null : this.#ordering.ownVote(slot, type);
        if (vote !== null) {
          this.#replica.send(to, vote);
        }
      }
    }
  }
}
