/** One member of a Raft group, or a node that passes requests on to it. See the README. */
import { assert, unreachable } from "#main/kernel/assert.ts";
import type { Consensus, ConsensusStatus, LogEntryNote } from "#main/kernel/consensus.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import { type Micros, ms } from "#main/kernel/time.ts";
import { boot } from "./boot.ts";
import { Desk } from "./desk.ts";
import { Elections } from "./election.ts";
import { Following } from "./following.ts";
import type { Tell } from "./leadership.ts";
import { Membership } from "./membership.ts";
import { validateRaftOptions } from "./options.ts";
import { refused } from "./outcomes.ts";
import { Reads } from "./reads.ts";
import { Recovery } from "./recovery.ts";
import { Replication } from "./replication.ts";
import { Requests } from "./requests.ts";
import { becomeFollower, becomeLeader } from "./roles.ts";
import type { RaftSetup } from "./setup.ts";
import { SnapshotSender } from "./snapshot-sender.ts";
import { Snapshots } from "./snapshots.ts";
import {
  ELECTION_TIMER,
  HEARTBEAT_TIMER,
  type RaftState,
  REQUEST_TIMER,
  TRANSFER_TIMER,
} from "./state.ts";
import { notesOf, statusOf } from "./status.ts";
import { Transfers } from "./transfers.ts";
import type { RaftEffect, RaftInput, RaftMessage, RaftRecord } from "./types.ts";

type MessageInput = Extract<RaftInput, { kind: "message" }>;

export class Raft implements Consensus<RaftMessage, RaftRecord> {
  /** Why the records of former lives were not used; null when they made sense. */
  readonly damage: string | null;
  readonly #state: RaftState;
  readonly #following: Following;
  readonly #elections: Elections;
  readonly #sender: SnapshotSender;
  readonly #snapshots: Snapshots;
  readonly #replication: Replication;
  readonly #reads: Reads;
  readonly #transfers: Transfers;
  readonly #membership: Membership;
  readonly #recovery: Recovery;
  readonly #desk: Desk;
  readonly #requests: Requests;

  /** Asserts that the options are valid. Restores the application from the records. */
  constructor(setup: RaftSetup) {
    const problems = validateRaftOptions(setup.options);
    assert(problems.length === 0, `raft options: ${problems.join("; ")}`);
    const { state, applier, damage } = boot(setup, (answer) => this.#desk.onAnswer(answer));
    this.#state = state;
    this.damage = damage;
    this.#following = new Following(state, applier);
    this.#snapshots = new Snapshots(state, applier, this.#following);
    this.#sender = new SnapshotSender(state);
    this.#elections = new Elections(state, () => this.#onElected());
    this.#replication = new Replication(state, applier, this.#sender, {
      committed: () => this.#onCommitted(),
      caughtUp: (node) => this.#transfers.caughtUp(node),
    });
    const tell: Tell = (asker, outcome) => this.#desk.tell(asker, outcome);
    this.#reads = new Reads(state, (read) => this.#desk.deliver(read));
    this.#transfers = new Transfers(state, tell);
    this.#membership = new Membership(state, this.#replication, tell);
    this.#recovery = new Recovery(state);
    this.#desk = new Desk(state, {
      applier,
      replication: this.#replication,
      reads: this.#reads,
      transfers: this.#transfers,
      membership: this.#membership,
    });
    this.#requests = new Requests(state, applier, this.#desk);
    this.#desk.serve(this.#requests);
  }

  step(input: RaftInput): readonly RaftEffect[] {
    const state = this.#state;
    if (state.life === 0 && input.kind !== "start") {
      return this.#tooEarly(input);
    }
    const { leader, term, applied, role } = state;
    state.now = Math.max(state.now, input.now);
    this.#dispatch(input);
    if (state.leader !== leader || state.term !== term || state.role !== role) {
      this.#transfers.leaderChanged();
      this.#requests.leaderChanged();
    }
    if (state.applied !== applied) {
      this.#requests.applied();
      this.#recovery.check();
      this.#snapshots.takeIfDue();
    }
    return state.out.take();
  }

  status(): ConsensusStatus {
    return statusOf(this.#state);
  }

  log(from: number, limit: number): readonly LogEntryNote[] {
    return notesOf(this.#state.log, from, limit);
  }

  /** Whether this member still has to recover from the loss of its disk. */
  get amnesia(): boolean {
    return this.#state.amnesia;
  }

  #dispatch(input: RaftInput): void {
    const state = this.#state;
    switch (input.kind) {
      case "start":
        this.#start(input.now);
        break;
      case "message":
        this.#receive(input);
        break;
      case "timer":
        this.#timer(input.timer);
        break;
      case "propose":
        this.#requests.propose(input);
        break;
      case "read":
        this.#requests.read(input);
        break;
      case "transfer":
        this.#requests.ask(input.request, { order: "transfer", to: input.to });
        break;
      case "reconfigure": {
        const { voters, learners } = input;
        this.#requests.ask(input.request, { order: "reconfigure", voters, learners });
        break;
      }
      case "writable":
        state.writable = input.writable;
        if (!input.writable) {
          this.#requests.becameReadOnly();
        }
        break;
      default:
        unreachable(input);
    }
  }

  /** A driver hands on what comes while the node above still writes that it begins. */
  #tooEarly(input: RaftInput): readonly RaftEffect[] {
    const { out } = this.#state;
    if ("request" in input) {
      const outcome = refused("busy", "this node is about to start");
      out.emit({ kind: "answered", request: input.request, outcome });
    }
    return out.take();
  }

  #start(now: Micros): void {
    const state = this.#state;
    state.life = now + 1;
    this.#requests.start();
    if (state.amnesia) {
      // On disk first: the next life would not know that this one knew nothing.
      const { hard, snapshot, log } = state;
      const entries = log.slice((snapshot?.index ?? 0) + 1, log.last, Number.MAX_SAFE_INTEGER);
      state.out.persist({ kind: "checkpoint", hard, snapshot, entries });
      this.#recovery.ask();
    }
    if (state.watchesLeader) {
      state.drawElectionDeadline();
    }
    state.emitRole("start");
    state.emitConfig();
  }

  #timer(timer: string): void {
    const state = this.#state;
    switch (timer) {
      case ELECTION_TIMER:
        this.#onElectionTimer();
        break;
      case HEARTBEAT_TIMER:
        if (state.role === "leader") {
          this.#onHeartbeatTimer();
        }
        break;
      case REQUEST_TIMER:
        this.#requests.timerFired();
        break;
      case TRANSFER_TIMER:
        this.#transfers.timedOut();
        break;
    }
  }

  #onElectionTimer(): void {
    const state = this.#state;
    state.electionTimerFired();
    if (state.role === "leader") {
      return;
    }
    if (state.amnesia) {
      this.#recovery.ask();
    }
    if (state.now < state.electionDeadline) {
      state.armElectionTimer();
      return;
    }
    this.#elections.timedOut();
  }

  #onHeartbeatTimer(): void {
    const state = this.#state;
    state.out.timer(HEARTBEAT_TIMER, state.now + ms(state.options.heartbeatIntervalMs));
    if (state.options.checkQuorum) {
      this.#replication.stepDownIfAlone();
    }
    if (state.role === "leader") {
      this.#reads.beginRound();
      this.#membership.letGo();
    }
  }

  #onElected(): void {
    const state = this.#state;
    becomeLeader(state);
    state.out.timer(HEARTBEAT_TIMER, state.now + ms(state.options.heartbeatIntervalMs));
    this.#replication.begin();
  }

  #onCommitted(): void {
    this.#membership.committed();
    if (this.#state.leadership !== null) {
      this.#reads.committed();
    }
  }

  #receive({ from, message }: MessageInput): void {
    switch (message.kind) {
      case "pre-vote":
        this.#elections.onPreVote(from, message);
        this.#desk.locateIfRemoved(from);
        break;
      case "vote":
        this.#elections.onVote(from, message);
        this.#desk.locateIfRemoved(from);
        break;
      case "pre-vote-reply":
      case "vote-reply":
        this.#elections.onReply(from, message);
        break;
      case "append":
        this.#following.onAppend(from, message);
        break;
      case "heartbeat":
        this.#following.onHeartbeat(from, message);
        break;
      case "snapshot":
        this.#snapshots.onChunk(from, message);
        break;
      case "append-reply":
      case "heartbeat-reply":
      case "snapshot-reply":
        this.#receiveReply(from, message);
        break;
      case "timeout-now":
        this.#onTimeoutNow(from, message.term);
        break;
      case "recover":
        this.#onRecover(from, message.life);
        break;
      case "recover-reply":
        this.#recovery.onReply(from, message);
        break;
      default:
        this.#receiveRequest(from, message);
    }
  }

  #receiveReply(
    from: NodeId,
    message: Extract<RaftMessage, { kind: "append-reply" | "heartbeat-reply" | "snapshot-reply" }>,
  ): void {
    const state = this.#state;
    const { term } = message;
    if (term > state.term) {
      becomeFollower(state, { term, leader: null, reason: "higher-term" });
    }
    if (term !== state.term || state.role !== "leader") {
      return;
    }
    switch (message.kind) {
      case "append-reply":
        this.#replication.onAppendReply(from, message);
        break;
      case "heartbeat-reply":
        this.#replication.onHeartbeatReply(from, message);
        if (state.leadership !== null) {
          this.#reads.answered();
        }
        break;
      case "snapshot-reply": {
        const progress = this.#replication.hear(from, message);
        if (progress !== null) {
          this.#sender.onReply(from, progress, message);
        }
        break;
      }
    }
  }

  /** Requests of other nodes, and answers to ours. */
  #receiveRequest(
    from: NodeId,
    message: Exclude<RaftMessage, { term: number } | { kind: "recover" }> | LocatedMessage,
  ): void {
    switch (message.kind) {
      case "locate":
        this.#desk.locate(from);
        break;
      case "located":
        this.#requests.onLocated(from, message);
        break;
      case "forward":
        this.#desk.onForward(from, message.commands);
        break;
      case "answer":
        this.#requests.onAnswer(message);
        break;
      case "read-index":
        this.#desk.onRead({ node: from, id: message.id }, null);
        break;
      case "query":
        this.#desk.onRead({ node: from, id: message.id }, message.query);
        break;
      case "read-index-reply":
        this.#requests.onReadIndex(message.id, message.index);
        break;
      case "query-reply":
        this.#requests.onQueryReply(message);
        break;
      case "ask":
        this.#desk.onAsk({ node: from, id: message.id }, message.ask);
        break;
      case "ask-reply":
        this.#requests.onAskReply(message.id, message.outcome);
        break;
      default:
        unreachable(message);
    }
  }

  #onTimeoutNow(from: NodeId, term: number): void {
    const state = this.#state;
    if (term === state.term && state.leader === from && state.mayCampaign) {
      this.#elections.campaign("transfer", "vote", true);
    }
  }

  #onRecover(from: NodeId, life: number): void {
    const { term, role, log } = this.#state;
    if (role === "leader") {
      this.#replication.hear(from, { life, lost: true });
    }
    const last = role === "leader" ? log.last : null;
    this.#state.send(from, { kind: "recover-reply", life, term, last });
  }
}

type LocatedMessage = Extract<RaftMessage, { kind: "located" }>;
