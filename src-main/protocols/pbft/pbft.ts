/**
 * Practical Byzantine Fault Tolerance (Castro and Liskov, OSDI'99) behind the seam of all agreement
 * protocols. This file only hands inputs to the parts and lets them go on until nothing follows.
 */
import { assert, unreachable } from "#main/kernel/assert.ts";
import type {
  Consensus,
  ConsensusOrder,
  ConsensusRefusal,
  ConsensusStatus,
  LogEntryNote,
} from "#main/kernel/consensus.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import type { Micros } from "#main/kernel/time.ts";
import { estimateSilence } from "./amnesia.ts";
import { Checkpoints } from "./checkpoints.ts";
import { Client } from "./client.ts";
import { batchDigest } from "./digest.ts";
import { checkpointRecord, restoreReplica } from "./durable.ts";
import { EarlyVotes } from "./early-votes.ts";
import { EvidenceStore } from "./evidence.ts";
import { Execution } from "./execution.ts";
import { Handover } from "./handover.ts";
import { noteOfSlot } from "./notes.ts";
import { validatePbftOptions } from "./options.ts";
import { Ordering } from "./ordering.ts";
import { Replica } from "./replica.ts";
import { Requests, requestKey } from "./requests.ts";
import { Retransmission } from "./retransmit.ts";
import { MAX_LIFE, type PbftSetup } from "./setup.ts";
import type { Executed, ReplyContent } from "./state.ts";
import { statusOf } from "./status.ts";
import { Transfer } from "./transfer.ts";
import type {
  BatchMessage,
  Decided,
  Evidence,
  PbftEffect,
  PbftInput,
  PbftMessage,
  PbftMessageType,
  PbftRecord,
  Request,
} from "./types.ts";
import { ViewChanges } from "./view-change.ts";

const TIMERS = { view: "view", client: "client", status: "status", fetch: "fetch" } as const;

export class Pbft implements Consensus<PbftMessage, PbftRecord> {
  readonly #setup: PbftSetup;
  readonly #replica: Replica;
  readonly #client: Client;
  readonly #requests: Requests;
  readonly #evidence: EvidenceStore;
  readonly #early = new EarlyVotes();
  readonly #ordering: Ordering;
  readonly #execution: Execution;
  readonly #checkpoints: Checkpoints;
  readonly #viewChanges: ViewChanges;
  readonly #transfer: Transfer;
  readonly #retransmission: Retransmission;
  readonly #handover: Handover;
  #writable = true;
  #started = false;

  constructor(setup: PbftSetup) {
    const { members, options, life } = setup;
    const problems = validatePbftOptions(options, members.length);
    assert(problems.length === 0, problems.join("; "));
    assert(members.length > 0 && new Set(members).size === members.length, "members differ");
    assert(Number.isInteger(life) && life >= 0 && life <= MAX_LIFE, "a life is a whole number");
    this.#setup = setup;
    const replica = new Replica(setup);
    this.#replica = replica;
    this.#requests = new Requests(replica, (request, content) => this.#reply(request, content));
    this.#client = new Client(replica, life, (request) =>
      this.#requests.receive(replica.self, request),
    );
    this.#evidence = new EvidenceStore(replica);
    this.#ordering = new Ordering(replica, this.#requests, this.#evidence, this.#early);
    this.#execution = new Execution(replica, (executed) => this.#onExecuted(executed));
    this.#checkpoints = new Checkpoints(replica, this.#evidence, () => this.#onStable());
    const [requests, ordering, execution] = [this.#requests, this.#ordering, this.#execution];
    const [checkpoints, evidence] = [this.#checkpoints, this.#evidence];
    this.#viewChanges = new ViewChanges({ replica, requests, ordering, checkpoints, evidence });
    this.#transfer = new Transfer(replica, checkpoints, () => this.#requests.prune());
    this.#retransmission = new Retransmission({ replica, ordering, execution, checkpoints });
    this.#handover = new Handover(replica, this.#viewChanges);
    restoreReplica(replica, checkpoints, setup.restore);
    this.#viewChanges.restore(replica.demand);
  }

  /** Messages by type that this node sent; a reply to its own client is one, unsent. */
  get sent(): ReadonlyMap<PbftMessageType, number> {
    return this.#replica.sent;
  }

  /** Proofs against members, oldest first; bounded. */
  get evidence(): readonly Evidence[] {
    return this.#evidence.all;
  }

  /** The longest from a request's arrival to its execution here, in microseconds. */
  get slowestUs(): Micros {
    return this.#requests.slowest;
  }

  /** Messages and requests kept, by kind: what the bounds of memory are tested by. */
  get kept(): Readonly<Record<string, number>> {
    const slots = this.#replica.slots();
    return {
      slots: slots.length,
      votes: slots.reduce((sum, { prepares, commits }) => sum + prepares.size + commits.size, 0),
      batches: slots.reduce((sum, { batches }) => sum + batches.size, 0),
      early: this.#early.size,
      requests: this.#requests.size,
      checkpoints: this.#checkpoints.size,
      viewChanges: this.#viewChanges.size,
      evidence: this.#evidence.all.length,
    };
  }

  step(input: PbftInput): readonly PbftEffect[] {
    const replica = this.#replica;
    replica.now = Math.max(replica.now, input.now);
    if (!this.#started && input.kind !== "start") {
      return this.#tooEarly(input);
    }
    switch (input.kind) {
      case "start":
        this.#started = true;
        this.#start();
        break;
      case "message":
        this.#receive(input.from, input.message);
        break;
      case "timer":
        replica.out.fired(input.timer);
        this.#onTimer(input.timer);
        break;
      default:
        this.#order(input);
    }
    this.#settle();
    return replica.out.take();
  }

  /**
   * A driver hands on what comes while the node above still writes that it begins. Until its start a
   * replica does not know what it numbered, or whether it lost its disk, and must not sign anything.
   */
  #tooEarly(input: PbftInput): readonly PbftEffect[] {
    if (input.kind === "writable") {
      this.#writable = input.writable;
    } else if ("request" in input) {
      this.#refuse(input.request, "busy", "this node is about to start");
    }
    return this.#replica.out.take();
  }

  #start(): void {
    const replica = this.#replica;
    const { members: voters, quorum, faults: tolerates, isMember, out } = replica;
    const { restore, amnesia } = this.#setup;
    const config = { kind: "config", index: 0, voters, outgoing: [], learners: [] } as const;
    replica.emit({ ...config, quorum, tolerates, committed: true });
    if (!isMember) {
      replica.tellRole("not a member: requests only");
      return;
    }
    if (amnesia) {
      replica.silentUpTo = Number.POSITIVE_INFINITY;
      out.persist({ kind: "silent", upTo: null });
    } else if (restore.length === 0) {
      out.persist({ kind: "born" });
    }
    replica.tellRole(restore.length === 0 ? "start" : "restart");
    if (replica.active) {
      const inView = replica.slots().filter(({ accepted }) => accepted?.view === replica.view);
      this.#ordering.enterView(Math.max(0, ...inView.map(({ sequence }) => sequence)));
    }
    this.#retransmission.start(amnesia || restore.length > 0);
  }

  #receive(from: NodeId, message: PbftMessage): void {
    if (message.type === "reply") {
      this.#client.onReply(from, message);
      return;
    }
    if (!this.#replica.isMember) {
      return;
    }
    if (message.type === "request") {
      this.#requests.receive(from, message);
      return;
    }
    if (message.sender === this.#replica.self) {
      return;
    }
    if (this.#replica.placeOf(message.sender) === undefined) {
      this.#replica.reject(from, "a message of a node that is no member");
      return;
    }
    this.#receiveMember(from, message);
  }

  #receiveMember(from: NodeId, message: Exclude<PbftMessage, { type: "request" | "reply" }>): void {
    switch (message.type) {
      case "pre-prepare":
        this.#ordering.onPrePrepare(from, message);
        break;
      case "prepare":
      case "commit":
        this.#ordering.receiveVote(from, message);
        break;
      case "checkpoint":
        this.#checkpoints.receive(from, message);
        break;
      case "view-change":
        this.#viewChanges.onViewChange(from, message);
        break;
      case "new-view":
        this.#viewChanges.onNewView(from, message);
        break;
      case "status":
        this.#retransmission.receive(from, message);
        break;
      case "decided":
        this.#onDecided(from, message);
        break;
      case "batch":
        this.#onBatch(message);
        break;
      case "stable":
        if (message.certificate.sequence > this.#replica.low) {
          this.#onStableProof(from, message.certificate);
        }
        break;
      case "fetch":
      case "page":
        this.#onTransfer(from, message);
        break;
      default:
        unreachable(message);
    }
  }

  /** A certificate proves itself, whoever sends it; so its sender's own signature is not needed. */
  #onDecided(from: NodeId, { certificate, batch }: Decided): void {
    const { state, certificates } = this.#replica;
    const { sequence, digest } = certificate;
    const slot = this.#replica.findSlot(sequence);
    const decided = slot?.decided ?? null;
    const known = decided !== null && slot?.batches.has(decided.digest) === true;
    if (!this.#replica.inWindow(sequence) || sequence <= state.sequence || known) {
      return;
    }
    if (batchDigest(batch) !== digest || !certificates.commit(certificate)) {
      this.#replica.reject(from, "a decision without proof");
      return;
    }
    this.#replica.slot(sequence).keepBatch(digest, batch);
    this.#execution.learn(certificate);
  }

  #onBatch({ sequence, batch }: BatchMessage): void {
    const digest = batchDigest(batch);
    const slot = this.#replica.findSlot(sequence);
    if (slot?.accepted?.digest === digest || slot?.decided?.digest === digest) {
      slot.keepBatch(digest, batch);
    }
  }

  #onStableProof(from: NodeId, certificate: Parameters<Checkpoints["learn"]>[0]): void {
    const due = this.#checkpoints.isDue(certificate.sequence);
    if (!due || !this.#replica.certificates.checkpoint(certificate)) {
      this.#replica.reject(from, "a stable checkpoint without proof");
      return;
    }
    this.#checkpoints.learn(certificate);
  }

  #onTransfer(from: NodeId, message: Extract<PbftMessage, { type: "fetch" | "page" }>): void {
    if (from !== message.sender || !this.#replica.verify(message)) {
      this.#replica.reject(from, `a ${message.type} that is not its sender's`);
    } else if (message.type === "fetch") {
      this.#transfer.onFetch(from, message);
    } else {
      this.#transfer.onPage(from, message);
    }
  }

  #order(order: ConsensusOrder): void {
    switch (order.kind) {
      case "writable":
        this.#writable = order.writable;
        break;
      case "propose":
        if (!this.#writable) {
          this.#refuse(order.request, "read-only", "this side of a partition does not write");
        } else {
          this.#client.order(order.request, "command", order.command);
        }
        break;
      case "read":
        this.#client.order(order.request, "read", order.query);
        break;
      case "transfer":
        if (!this.#writable) {
          this.#refuse(order.request, "read-only", "this side of a partition does not write");
        } else {
          this.#handover.order(order.request, order.to);
        }
        break;
      case "reconfigure":
        this.#refuse(order.request, "not-supported", "the members of a pBFT group are fixed");
        break;
      default:
        unreachable(order);
    }
  }

  #refuse(request: number, code: ConsensusRefusal, message: string): void {
    this.#replica.emit({ kind: "answered", request, outcome: { ok: false, code, message } });
  }

  #onTimer(timer: string): void {
    switch (timer) {
      case TIMERS.client:
        this.#client.onTimer();
        this.#handover.onTimer();
        break;
      case TIMERS.view:
        this.#viewChanges.onTimer();
        break;
      case TIMERS.status:
        this.#retransmission.onTimer();
        break;
      case TIMERS.fetch:
        this.#transfer.onTimer();
        break;
      default:
        assert(false, `no timer ${timer}`);
    }
  }

  /** Lets every part go on until nothing more follows from what is known. */
  #settle(): void {
    if (this.#replica.isMember) {
      while (
        this.#ordering.advance() ||
        this.#execute() ||
        this.#checkpoints.advance() ||
        this.#viewChanges.advance() ||
        this.#ordering.propose() ||
        estimateSilence(this.#replica, this.#retransmission)
      ) {
        // Each round brought something new; there is only so much in the window.
      }
      this.#transfer.update();
      this.#viewChanges.updateTimer();
      this.#retransmission.update(this.#unsettled());
    }
    this.#handover.update();
    this.#setTimers();
  }

  #execute(): boolean {
    if (!this.#execution.next()) {
      return false;
    }
    this.#checkpoints.executed();
    return true;
  }

  #unsettled(): boolean {
    const { active, state, silentUpTo } = this.#replica;
    return (
      !active ||
      this.#requests.size > 0 ||
      this.#ordering.last > state.sequence ||
      this.#checkpoints.ahead !== null ||
      silentUpTo === Number.POSITIVE_INFINITY
    );
  }

  #setTimers(): void {
    const { out } = this.#replica;
    out.timer(TIMERS.view, this.#viewChanges.due);
    out.timer(TIMERS.client, earlier(this.#client.due, this.#handover.due));
    out.timer(TIMERS.status, this.#retransmission.due);
    out.timer(TIMERS.fetch, this.#transfer.due);
  }

  #onExecuted({ request, reply }: Executed): void {
    const key = requestKey(request);
    this.#requests.executed(request);
    this.#ordering.executed(request);
    this.#viewChanges.executed(key);
    this.#reply(request, reply);
  }

  #reply(request: Request, content: ReplyContent): void {
    const { self: sender, view } = this.#replica;
    const { sender: client, life } = request;
    const body = { client, life, request: request.sequence };
    const reply = this.#replica.sign({ type: "reply", view, sender, ...body, ...content });
    if (client === sender) {
      this.#replica.count("reply");
      this.#client.onReply(sender, reply);
    } else {
      this.#replica.send(client, reply);
    }
  }

  #onStable(): void {
    this.#viewChanges.applyOrders();
    this.#replica.out.persist(checkpointRecord(this.#replica, this.#checkpoints));
  }

  status(): ConsensusStatus {
    const { last } = this.#ordering;
    const { peers } = this.#retransmission;
    return statusOf(this.#replica, this.#checkpoints, { last, peers });
  }

  log(from: number, limit: number): readonly LogEntryNote[] {
    const slots = this.#replica.slots().filter(({ sequence }) => sequence >= from);
    return slots.flatMap((slot) => noteOfSlot(slot) ?? []).slice(0, limit);
  }
}

function earlier(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b);
}
