/** What the parts of one pBFT machine share. Each part's own state stays in the part. */
import type { ConsensusEvent, ConsensusRole } from "#main/kernel/consensus.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import type { SigningContext } from "#main/kernel/signed-content.ts";
import type { Micros } from "#main/kernel/time.ts";
import type { PbftOptions } from "./options.ts";
import { Outbox } from "./outbox.ts";
import { maxFaults, pbftQuorum, primaryOf } from "./quorum.ts";
import type { PbftSetup } from "./setup.ts";
import { CertificateVerifier, pbftContext, signMessage, verifyMessage } from "./signing.ts";
import { Slot } from "./slot.ts";
import { ReplicatedState } from "./state.ts";
import type {
  CheckpointCertificate,
  NewView,
  PbftMessage,
  PbftMessageType,
  UnsignedMessage,
  ViewChange,
} from "./types.ts";

export class Replica {
  readonly self: NodeId;
  readonly members: readonly NodeId[];
  readonly others: readonly NodeId[];
  readonly isMember: boolean;
  readonly faults: number;
  readonly quorum: number;
  readonly options: PbftOptions;
  readonly certificates: CertificateVerifier;
  readonly out = new Outbox();
  readonly state: ReplicatedState;
  /** Protocol messages by type; a reply to a client at the own node counts as one. */
  readonly sent = new Map<PbftMessageType, number>();
  now: Micros = 0;
  view = 0;
  /** False from this replica's demand for `view` until that view's NEW-VIEW. */
  active = true;
  /** The proof of `low`; null while that is 0. */
  stable: CheckpointCertificate | null = null;
  /** This replica's standing demand for `view`, and what made the present view. */
  demand: ViewChange | null = null;
  newView: NewView | null = null;
  /**
   * After a lost disk: up to here an earlier life may have signed what this one does not know of
   * (infinity: not known yet). It neither votes there nor demands views until it is behind.
   */
  silentUpTo = 0;
  readonly #setup: PbftSetup;
  readonly #context: SigningContext;
  readonly #slots = new Map<number, Slot>();
  readonly #places: ReadonlyMap<NodeId, number>;

  constructor(setup: PbftSetup) {
    const { self, members, options, signer } = setup;
    this.#setup = setup;
    this.self = self;
    this.members = members;
    this.others = members.filter((member) => member !== self);
    this.isMember = members.includes(self);
    this.options = options;
    this.faults = options.faults ?? maxFaults(members.length);
    this.quorum = pbftQuorum(members.length, this.faults);
    this.#context = pbftContext(setup.mesh, setup.epoch);
    this.#places = new Map(members.map((member, place) => [member, place]));
    this.certificates = new CertificateVerifier(signer, this.#context, members, this.quorum);
    this.state = new ReplicatedState(setup.app, options.sessions);
  }

  /** The low watermark h: the last stable checkpoint. */
  get low(): number {
    return this.stable?.sequence ?? 0;
  }

  /** The high watermark H = h + L. */
  get high(): number {
    return this.low + this.options.window;
  }

  get primary(): NodeId {
    return primaryOf(this.members, this.view);
  }

  get leads(): boolean {
    return this.isMember && this.active && this.primary === this.self;
  }

  get role(): ConsensusRole {
    if (!this.isMember) {
      return "peer";
    }
    if (!this.active) {
      return "view-change";
    }
    return this.primary === this.self ? "primary" : "backup";
  }

  /** A member's place in the list; undefined for who is none. */
  placeOf(node: NodeId): number | undefined {
    return this.#places.get(node);
  }

  inWindow(sequence: number): boolean {
    return sequence > this.low && sequence <= this.high;
  }

  /** Whether a vote or a proposal for this sequence cannot contradict one of an earlier life. */
  maySign(sequence: number): boolean {
    return sequence > this.silentUpTo;
  }

  mayDemandViews(): boolean {
    return this.low >= this.silentUpTo;
  }

  /** The slot, made when it is new: only for sequences in the window. */
  slot(sequence: number): Slot {
    const standing = this.#slots.get(sequence);
    if (standing !== undefined) {
      return standing;
    }
    const slot = new Slot(sequence);
    this.#slots.set(sequence, slot);
    return slot;
  }

  findSlot(sequence: number): Slot | undefined {
    return this.#slots.get(sequence);
  }

  /** In the order of their sequences. */
  slots(): Slot[] {
    return [...this.#slots.values()].sort((a, b) => a.sequence - b.sequence);
  }

  /** Forgets everything up to the stable checkpoint (section 4.3). */
  truncate(): void {
    for (const sequence of this.#slots.keys()) {
      if (sequence <= this.low) {
        this.#slots.delete(sequence);
      }
    }
  }

  sign<Message extends UnsignedMessage>(message: Message) {
    return signMessage(this.#setup.signer, this.#context, message);
  }

  verify(message: PbftMessage): boolean {
    return verifyMessage(this.#setup.signer, this.#context, message);
  }

  send(to: NodeId, message: PbftMessage): void {
    this.count(message.type);
    this.out.send(to, message);
  }

  /** To all other members. */
  broadcast(message: PbftMessage): void {
    for (const member of this.others) {
      this.send(member, message);
    }
  }

  count(type: PbftMessageType): void {
    this.sent.set(type, (this.sent.get(type) ?? 0) + 1);
  }

  emit(event: ConsensusEvent): void {
    this.out.emit(event);
  }

  /** Only for what no correct member sends: it is held against the neighbour it came from. */
  reject(from: NodeId, reason: string): void {
    this.emit({ kind: "rejected", from, reason });
  }

  tellRole(reason: string): void {
    const { role, view: term } = this;
    const leader = this.active || !this.isMember ? this.primary : null;
    this.emit({ kind: "role", role, term, leader, reason });
  }
}
