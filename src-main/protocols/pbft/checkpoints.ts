/**
 * Checkpoints (section 4.3): every K sequence numbers a replica tells the digest of its state. A
 * quorum of equal ones is a proof that the state is safe with enough correct replicas, and then
 * everything up to it is forgotten.
 */
import { shortDigest } from "./digest.ts";
import type { EvidenceStore } from "./evidence.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import type { Replica } from "./replica.ts";
import { type CastVote, countFor, votesFor } from "./slot.ts";
import { type Snapshot, takeSnapshot } from "./snapshots.ts";
import type { Checkpoint, CheckpointCertificate } from "./types.ts";

export class Checkpoints {
  readonly #replica: Replica;
  readonly #evidence: EvidenceStore;
  readonly #onStable: () => void;
  readonly #votes = new Map<number, Map<NodeId, CastVote>>();
  /** This replica's states: at the last two stable checkpoints, and those not yet stable. */
  readonly #snapshots = new Map<number, Snapshot>();
  #learnt: CheckpointCertificate | null = null;

  constructor(replica: Replica, evidence: EvidenceStore, onStable: () => void) {
    this.#replica = replica;
    this.#evidence = evidence;
    this.#onStable = onStable;
  }

  /** A proven checkpoint whose state this replica does not hold; null when there is none. */
  get ahead(): CheckpointCertificate | null {
    return this.#learnt;
  }

  snapshotAt(sequence: number): Snapshot | undefined {
    return this.#snapshots.get(sequence);
  }

  isDue(sequence: number): boolean {
    return sequence > 0 && sequence % this.#replica.options.checkpointEvery === 0;
  }

  /** After the execution of a sequence number. */
  executed(): void {
    const { state, options, self: sender, low } = this.#replica;
    const { sequence } = state;
    if (!this.isDue(sequence) || sequence <= low) {
      return;
    }
    const snapshot = takeSnapshot(sequence, state.snapshot(), options.pageBytes);
    this.#snapshots.set(sequence, snapshot);
    this.#tell("taken", snapshot);
    const { digest } = snapshot;
    const message = this.#replica.sign({ type: "checkpoint", view: 0, sequence, sender, digest });
    this.#replica.broadcast(message);
    this.#cast(message);
  }

  receive(from: NodeId, message: Checkpoint): void {
    const { sequence, sender, digest, view } = message;
    if (!this.isDue(sequence) || view !== 0) {
      this.#replica.reject(from, "a checkpoint where none is due");
      return;
    }
    if (!this.#replica.inWindow(sequence)) {
      return;
    }
    const standing = this.#votes.get(sequence)?.get(sender);
    if (standing?.digest === digest) {
      return;
    }
    if (!this.#replica.verify(message)) {
      this.#replica.reject(from, "bad signature of a checkpoint");
      return;
    }
    if (standing !== undefined) {
      this.#evidence.add("conflicting-checkpoint", { ...message, ...standing }, message);
      return;
    }
    this.#cast(message);
  }

  /** A certificate that was verified: out of a view change, or sent to this lagging replica. */
  learn(certificate: CheckpointCertificate): void {
    const known = Math.max(this.#replica.low, this.#learnt?.sequence ?? 0);
    if (certificate.sequence > known) {
      this.#learnt = certificate;
    }
  }

  /** True when a checkpoint became stable. */
  advance(): boolean {
    for (const [sequence, votes] of this.#votes) {
      for (const { digest } of votes.values()) {
        if (countFor(votes, digest) >= this.#replica.quorum) {
          const proof = votesFor(votes, digest).slice(0, this.#replica.quorum);
          this.learn({ sequence, digest, votes: proof });
        }
      }
    }
    const certificate = this.#learnt;
    const own = certificate === null ? undefined : this.#snapshots.get(certificate.sequence);
    if (certificate === null || own === undefined) {
      return false;
    }
    if (own.digest !== certificate.digest) {
      // Only with more than f faulty members, or a damaged memory: the agreed state is fetched.
      this.#snapshots.delete(certificate.sequence);
      this.#replica.reject(this.#replica.self, "own state differs from a stable checkpoint");
      return false;
    }
    this.#makeStable(certificate, own);
    return true;
  }

  /** A state that was transferred, verified page by page, and restored. */
  install(certificate: CheckpointCertificate, bytes: Uint8Array): void {
    const snapshot = takeSnapshot(certificate.sequence, bytes, this.#replica.options.pageBytes);
    this.#snapshots.set(certificate.sequence, snapshot);
    this.#tell("installed", snapshot);
    this.#makeStable(certificate, snapshot);
  }

  /** The stable checkpoint of a former life. */
  restore(certificate: CheckpointCertificate, bytes: Uint8Array): void {
    const { sequence } = certificate;
    const { pageBytes } = this.#replica.options;
    this.#snapshots.set(sequence, takeSnapshot(sequence, bytes, pageBytes));
  }

  /** This replica's own messages above `sequence`, for a member whose watermark is that low. */
  ownAbove(sequence: number, limit: number): Checkpoint[] {
    const { self: sender } = this.#replica;
    const own: Checkpoint[] = [];
    for (const [at, votes] of [...this.#votes].sort(([a], [b]) => a - b)) {
      const vote = votes.get(sender);
      if (at > sequence && vote !== undefined && own.length < limit) {
        own.push({ type: "checkpoint", view: 0, sequence: at, sender, ...vote });
      }
    }
    return own;
  }

  /** Votes kept, for tests of what a flood can take. */
  get size(): number {
    return [...this.#votes.values()].reduce((sum, votes) => sum + votes.size, 0);
  }

  tellSent(snapshot: Snapshot): void {
    this.#tell("sent", snapshot);
  }

  #cast({ sequence, sender: from, digest, signature }: Checkpoint): void {
    const votes = this.#votes.get(sequence) ?? new Map<NodeId, CastVote>();
    this.#votes.set(sequence, votes);
    votes.set(from, { digest, signature });
    const { view: term, quorum: needed } = this.#replica;
    const have = countFor(votes, digest);
    const phase = "checkpoint";
    this.#replica.emit({ kind: "counted", term, index: sequence, phase, from, have, needed });
  }

  #makeStable(certificate: CheckpointCertificate, snapshot: Snapshot): void {
    const previous = this.#replica.low;
    this.#replica.stable = certificate;
    this.#learnt = null;
    this.#replica.truncate();
    for (const sequence of this.#votes.keys()) {
      if (sequence <= certificate.sequence) {
        this.#votes.delete(sequence);
      }
    }
    for (const sequence of this.#snapshots.keys()) {
      if (sequence < certificate.sequence && sequence !== previous) {
        this.#snapshots.delete(sequence);
      }
    }
    this.#snapshots.set(certificate.sequence, snapshot);
    this.#onStable();
  }

  #tell(how: "taken" | "sent" | "installed", { sequence: index, digest, bytes }: Snapshot): void {
    const { view: term } = this.#replica;
    const [short, length] = [shortDigest(digest), bytes.length];
    this.#replica.emit({ kind: "snapshot", how, term, index, digest: short, bytes: length });
  }
}
