/**
 * The normal case: PRE-PREPARE, PREPARE, COMMIT (section 4.2). The primary numbers requests, the
 * backups agree to the number, and everybody makes sure that enough others did.
 */
import type { CountedPhase, RoundPhase } from "#main/kernel/consensus.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import type { Micros } from "#main/kernel/time.ts";
import { batchDigest, NULL_BATCH, NULL_DIGEST, shortDigest } from "./digest.ts";
import type { EarlyVotes } from "./early-votes.ts";
import type { EvidenceStore } from "./evidence.ts";
import { Exposure } from "./exposure.ts";
import { noteOf } from "./notes.ts";
import { logTimeOf, proposalProblem } from "./proposal-rules.ts";
import { primaryOf } from "./quorum.ts";
import type { Replica } from "./replica.ts";
import { type Requests, requestKey } from "./requests.ts";
import { type CastVote, countFor, type Slot, votesFor } from "./slot.ts";
import type { Batch, Commit, Digest, PrePrepare, Prepare, Request } from "./types.ts";

/** With batching, rounds under way before requests wait for each other. */
const OPEN_ROUNDS = 2;

export class Ordering {
  readonly #replica: Replica;
  readonly #requests: Requests;
  readonly #evidence: EvidenceStore;
  readonly #early: EarlyVotes;
  readonly #exposure: Exposure;
  /** Slots that a vote may have changed. */
  readonly #touched = new Set<number>();
  /** What this primary numbered and has not executed. */
  #assigned = new Set<string>();
  /** The last number that the primary gave. */
  #last = 0;
  /** The present primary signed two proposals for one number. */
  #equivocated = false;

  constructor(replica: Replica, requests: Requests, evidence: EvidenceStore, early: EarlyVotes) {
    this.#replica = replica;
    this.#requests = requests;
    this.#evidence = evidence;
    this.#early = early;
    this.#exposure = new Exposure(replica);
  }

  get primaryEquivocated(): boolean {
    return this.#equivocated;
  }

  /** The last sequence number in use, as far as this replica knows. */
  get last(): number {
    return Math.max(this.#last, this.#replica.state.sequence);
  }

  /** A view begins, or goes on after a restart. `last`: the highest number in use. */
  enterView(last: number): void {
    this.#last = last;
    this.#equivocated = false;
    this.#touched.clear();
    this.#exposure.reset();
    this.#assigned = new Set();
    for (const slot of this.#replica.slots()) {
      slot.clearVotes();
      const { accepted } = slot;
      if (accepted?.view === this.#replica.view) {
        this.#remember(slot);
        this.#vote(slot, accepted.digest);
        this.#recallCertificate(slot);
      }
    }
    for (const vote of this.#early.take(this.#replica.view)) {
      this.onVote(vote);
    }
  }

  /** An order of the NEW-VIEW: agreed to like a pre-prepare, known by its digest. */
  takeOver(slot: Slot, digest: Digest): void {
    const { view, primary } = this.#replica;
    if (digest === NULL_DIGEST) {
      slot.keepBatch(digest, NULL_BATCH);
    }
    if (slot.decided !== null && slot.decided.digest !== digest) {
      // Only with more than f faulty members; at least this replica does not help.
      this.#replica.reject(primary, "a new view against what was decided");
      return;
    }
    this.#remember(slot);
    this.#replica.emit({ kind: "appended", entries: [noteOf(slot, view, digest)] });
    this.#tellRound(slot.sequence, digest, "pre-prepared");
    this.#vote(slot, digest);
  }

  /** Numbers what waits, while the window has room. True when it did something. */
  propose(): boolean {
    const { leads, state, options, high } = this.#replica;
    const earliest = leads ? this.#earliestTime() : null;
    if (earliest === null) {
      return false;
    }
    let proposed = false;
    while (this.last < high && this.#replica.maySign(this.last + 1)) {
      const requests = this.#nextRequests();
      const open = this.last - state.sequence;
      const wait = options.batchMax > 1 && open >= OPEN_ROUNDS;
      if (requests.length === 0 || (wait && requests.length < options.batchMax)) {
        break;
      }
      this.#proposeBatch({ time: Math.max(this.#replica.now, earliest), requests });
      proposed = true;
    }
    return proposed;
  }

  onPrePrepare(from: NodeId, message: PrePrepare): void {
    const replica = this.#replica;
    const { view, sequence, sender, digest } = message;
    if (sender !== primaryOf(replica.members, view)) {
      replica.reject(from, "pre-prepare of a member that is not the primary");
      return;
    }
    if (view !== replica.view || !replica.active || !replica.inWindow(sequence)) {
      return;
    }
    const slot = replica.findSlot(sequence);
    const accepted = slot?.accepted?.view === view ? slot.accepted : null;
    if (accepted?.digest === digest) {
      return;
    }
    if (!replica.verify(message)) {
      replica.reject(from, "bad signature of a pre-prepare");
      return;
    }
    if (accepted !== null) {
      this.#onSecondProposal(slot as Slot, message);
      return;
    }
    const problem = proposalProblem(replica, message);
    if (problem !== null) {
      // What the digest stands for is the primary's doing; other requests are the neighbour's.
      replica.reject(batchDigest(message.batch) === digest ? sender : from, problem);
      return;
    }
    this.#accept(replica.slot(sequence), message);
  }

  /** A vote whose signature was not checked yet. */
  receiveVote(from: NodeId, message: Prepare | Commit): void {
    const replica = this.#replica;
    const { view, sequence, sender, digest } = message;
    if (message.type === "prepare" && sender === primaryOf(replica.members, view)) {
      replica.reject(from, "a prepare of the primary");
      return;
    }
    if (view < replica.view || !replica.inWindow(sequence)) {
      return;
    }
    const slot = replica.findSlot(sequence);
    const known = (message.type === "prepare" ? slot?.prepares : slot?.commits)?.get(sender);
    const here = view === replica.view && replica.active;
    if (here && known?.digest === digest) {
      return;
    }
    if (!replica.verify(message)) {
      replica.reject(from, `bad signature of a ${message.type}`);
      return;
    }
    if (here) {
      this.onVote(message);
    } else {
      this.#early.add(message);
    }
  }

  /** A well signed vote of the present view. */
  onVote(message: Prepare | Commit): void {
    const { sequence, sender, digest, signature, type } = message;
    if (!this.#replica.inWindow(sequence)) {
      return;
    }
    const slot = this.#replica.slot(sequence);
    const votes = type === "prepare" ? slot.prepares : slot.commits;
    const standing = votes.get(sender);
    if (standing !== undefined) {
      if (standing.digest !== digest) {
        const first = { ...message, digest: standing.digest, signature: standing.signature };
        this.#evidence.add("equivocation", first, message);
      }
      return;
    }
    this.#cast(slot, type, sender, { digest, signature });
    this.#showProposal(slot, message);
  }

  /** Looks at the slots that changed; true when one of them went on. */
  advance(): boolean {
    const touched = [...this.#touched].sort((a, b) => a - b);
    this.#touched.clear();
    let went = false;
    for (const sequence of touched) {
      const slot = this.#replica.findSlot(sequence);
      if (slot !== undefined) {
        went = this.#prepared(slot) || went;
        went = this.#committed(slot) || went;
      }
    }
    return went;
  }

  /** The request was executed: the primary need not remember that it numbered it. */
  executed(request: Request): void {
    this.#assigned.delete(requestKey(request));
  }

  /** This replica's own messages of a round, for a member that lacks them. */
  ownVote(slot: Slot, type: "prepare" | "commit"): Prepare | Commit | null {
    const { self: sender, view } = this.#replica;
    const vote = (type === "prepare" ? slot.prepares : slot.commits).get(sender);
    return vote === undefined ? null : { type, view, sequence: slot.sequence, sender, ...vote };
  }

  prePrepareOf(slot: Slot): PrePrepare | null {
    const { accepted, sequence } = slot;
    const batch = accepted === null ? undefined : slot.batches.get(accepted.digest);
    if (accepted === null || batch === undefined) {
      return null;
    }
    const sender = primaryOf(this.#replica.members, accepted.view);
    return { type: "pre-prepare", sequence, sender, batch, ...accepted };
  }

  /**
   * Log time must not go backwards, also behind what an earlier primary proposed. Null while this
   * primary lacks the requests, and so the time, of a proposal that its NEW-VIEW took over.
   */
  #earliestTime(): Micros | null {
    const { state, view } = this.#replica;
    let earliest = state.time;
    for (let sequence = state.sequence + 1; sequence <= this.#last; sequence++) {
      const slot = this.#replica.findSlot(sequence);
      if (slot?.accepted?.view !== view || !slot.batches.has(slot.accepted.digest)) {
        return null;
      }
      earliest = Math.max(earliest, logTimeOf(slot, view));
    }
    return earliest;
  }

  #nextRequests(): Request[] {
    const { batchMax, batchMaxBytes } = this.#replica.options;
    const requests: Request[] = [];
    let bytes = 0;
    for (const request of this.#requests.all()) {
      if (this.#assigned.has(requestKey(request))) {
        continue;
      }
      bytes += request.payload.length;
      if (requests.length === batchMax || (requests.length > 0 && bytes > batchMaxBytes)) {
        break;
      }
      requests.push(request);
    }
    return requests;
  }

  #proposeBatch(batch: Batch): void {
    const replica = this.#replica;
    const { view, self: sender } = replica;
    const sequence = this.last + 1;
    const digest = batchDigest(batch);
    const message = replica.sign({ type: "pre-prepare", view, sequence, sender, digest, batch });
    this.#tellRound(sequence, digest, "proposed");
    this.#accept(replica.slot(sequence), message);
    replica.broadcast(message);
  }

  #accept(slot: Slot, message: PrePrepare): void {
    const replica = this.#replica;
    const { view, sequence, digest, signature, batch } = message;
    slot.accepted = { view, digest, signature };
    slot.keepBatch(digest, batch);
    this.#last = Math.max(this.#last, sequence);
    this.#remember(slot);
    replica.out.persist({ kind: "pre-prepare", message });
    replica.emit({ kind: "appended", entries: [noteOf(slot, view, digest)] });
    this.#tellRound(sequence, digest, "pre-prepared");
    this.#vote(slot, digest);
  }

  /** The backup's PREPARE; the primary's pre-prepare stands for its own. */
  #vote(slot: Slot, digest: Digest): void {
    const { self, primary } = this.#replica;
    if (self !== primary && this.#replica.maySign(slot.sequence)) {
      this.#castOwn(slot, "prepare", digest);
    }
    this.#touched.add(slot.sequence);
  }

  /** quorum - 1 prepares of distinct backups that match the pre-prepare (section 4.2). */
  #prepared(slot: Slot): boolean {
    const replica = this.#replica;
    const { view, quorum } = replica;
    const { accepted, sequence } = slot;
    if (accepted === null || accepted.view !== view || slot.certificate?.view === view) {
      return false;
    }
    const { digest, signature } = accepted;
    const votes = votesFor(slot.prepares, digest);
    if (votes.length < quorum - 1) {
      return false;
    }
    slot.certificate = { view, sequence, digest, signature, votes: votes.slice(0, quorum - 1) };
    replica.out.persist({ kind: "prepared", certificate: slot.certificate });
    this.#tellRound(sequence, digest, "prepared");
    if (replica.maySign(sequence)) {
      this.#castOwn(slot, "commit", digest);
    }
    this.#touched.add(sequence);
    return true;
  }

  /** committed-local: prepared, and a quorum of commits, the own one included. */
  #committed(slot: Slot): boolean {
    const { view, quorum } = this.#replica;
    const { certificate, sequence } = slot;
    if (certificate?.view !== view || slot.decided?.view === view) {
      return false;
    }
    const { digest } = certificate;
    const votes = votesFor(slot.commits, digest);
    if (votes.length < quorum) {
      return false;
    }
    const first = slot.decided === null;
    slot.decided = { view, sequence, digest, votes: votes.slice(0, quorum) };
    if (first) {
      this.#tellRound(sequence, digest, "committed");
    }
    return first;
  }

  #castOwn(slot: Slot, type: "prepare" | "commit", digest: Digest): void {
    const replica = this.#replica;
    const { view, self: sender } = replica;
    const message = replica.sign({ type, view, sequence: slot.sequence, sender, digest });
    this.#cast(slot, type, sender, { digest, signature: message.signature });
    replica.broadcast(message);
  }

  #cast(slot: Slot, phase: CountedPhase & ("prepare" | "commit"), from: NodeId, vote: CastVote) {
    const { view: term, quorum, active } = this.#replica;
    const votes = phase === "prepare" ? slot.prepares : slot.commits;
    votes.set(from, vote);
    this.#touched.add(slot.sequence);
    const needed = phase === "prepare" ? quorum - 1 : quorum;
    const have = countFor(votes, vote.digest);
    if (active) {
      this.#replica.emit({
        kind: "counted",
        term,
        index: slot.sequence,
        phase,
        from,
        have,
        needed,
      });
    }
  }

  /**
   * A backup that votes for another digest was sent another proposal: it is shown this one, so
   * that both replicas hold the proof against the primary.
   */
  #showProposal(slot: Slot, vote: Prepare | Commit): void {
    const { accepted } = slot;
    const { view } = this.#replica;
    if (accepted === null || accepted.view !== view || accepted.digest === vote.digest) {
      return;
    }
    if (vote.sender !== this.#replica.self) {
      this.#exposure.pass(vote);
    }
    const proposal = this.prePrepareOf(slot);
    if (proposal !== null && !slot.shown.has(vote.sender) && vote.sender !== this.#replica.self) {
      slot.shown.add(vote.sender);
      this.#replica.send(vote.sender, proposal);
    }
  }

  #onSecondProposal(slot: Slot, message: PrePrepare): void {
    const { accepted } = slot;
    if (accepted === null) {
      return;
    }
    // A proposal of a NEW-VIEW may have come without its requests: the digest is what was signed.
    const known = this.prePrepareOf(slot);
    const { batch } = known ?? { batch: NULL_BATCH };
    if (!this.#evidence.add("equivocation", { ...message, ...accepted, batch }, message)) {
      return;
    }
    this.#equivocated = true;
    for (const proposal of [known, message]) {
      if (proposal !== null && batchDigest(proposal.batch) === proposal.digest) {
        this.#replica.broadcast(proposal);
      }
    }
  }

  #remember(slot: Slot): void {
    const { accepted, sequence, batches } = slot;
    if (accepted === null || sequence <= this.#replica.state.sequence) {
      return;
    }
    for (const request of batches.get(accepted.digest)?.requests ?? []) {
      this.#assigned.add(requestKey(request));
    }
  }

  /** After a restart: what was prepared in this view has its votes, and this replica's commit. */
  #recallCertificate(slot: Slot): void {
    const { view, sequence } = { view: this.#replica.view, sequence: slot.sequence };
    const { certificate } = slot;
    if (certificate?.view !== view) {
      return;
    }
    const { digest } = certificate;
    for (const { sender, signature } of certificate.votes) {
      slot.prepares.set(sender, { digest, signature });
    }
    if (this.#replica.maySign(sequence)) {
      this.#castOwn(slot, "commit", digest);
    }
  }

  #tellRound(index: number, digest: Digest, phase: RoundPhase): void {
    const { view: term } = this.#replica;
    this.#replica.emit({ kind: "round", term, index, phase, digest: shortDigest(digest) });
  }
}
