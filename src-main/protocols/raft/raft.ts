/** One member of a Raft group, or a node that passes requests on to it. See the README. */
import { assert, unreachable } from "#main/kernel/assert.ts";
import type {
  Consensus,
  ConsensusOutcome,
  ConsensusPeer,
  ConsensusStatus,
  ConsensusTimer,
  LogEntryNote,
} from "#main/kernel/consensus.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import type { SessionCommand } from "#main/kernel/sessions.ts";
import { type Micros, ms } from "#main/kernel/time.ts";
import { type Answer, Applier } from "./applying.ts";
import { quorumSize } from "./config.ts";
import { Elections } from "./election.ts";
import { Following } from "./following.ts";
import type { Asker, PendingRead } from "./leadership.ts";
import { Membership } from "./membership.ts";
import { validateRaftOptions } from "./options.ts";
import { Reads } from "./reads.ts";
import { Recovery } from "./recovery.ts";
import { Replication } from "./replication.ts";
import { type LocalLeader, Requests } from "./requests.ts";
import { FRESH, restoreRecords } from "./restore.ts";
import { RaftLog } from "./log.ts";
import { becomeFollower, becomeLeader } from "./roles.ts";
import type { RaftSetup } from "./setup.ts";
import { SnapshotSender } from "./snapshot-sender.ts";
import { Snapshots } from "./snapshots.ts";
import {
  ELECTION_TIMER,
  HEARTBEAT_TIMER,
  RaftState,
  REQUEST_TIMER,
  TRANSFER_TIMER,
} from "./state.ts";
import { Transfers } from "./transfers.ts";
import type { Ask, RaftEffect, RaftInput, RaftMessage, RaftRecord } from "./types.ts";

type MessageInput = Extract<RaftInput, { kind: "message" }>;

export class Raft implements Consensus<RaftMessage, RaftRecord> {
  /** Why the records of former lives were not used; null when they made sense. */
  readonly damage: string | null;
  readonly #state: RaftState;
  readonly #applier: Applier;
  readonly #following: Following;
  readonly #elections: Elections;
  readonly #sender: SnapshotSender;
  readonly #snapshots: Snapshots;
  readonly #replication: Replication;
  readonly #reads: Reads;
  readonly #transfers: Transfers;
  readonly #membership: Membership;
  readonly #recovery: Recovery;
  readonly #requests: Requests;

  /** Asserts that the options are valid. Restores the application from the records. */
  constructor(setup: RaftSetup) {
    const problems = validateRaftOptions(setup.options);
    assert(problems.length === 0, `raft options: ${problems.join("; ")}`);
    const restored = restoreRecords(setup.restore);
    this.damage = restored.ok ? null : restored.message;
    const state = restored.ok
      ? new RaftState(setup, restored.state)
      : new RaftState(
          { ...setup, amnesia: true },
          { hard: FRESH, snapshot: null, log: new RaftLog() },
        );
    this.#state = state;
    this.#applier = new Applier(state, setup.app, (answer) => this.#onAnswer(answer));
    if (state.snapshot !== null) {
      this.#applier.restore(state.snapshot);
    }
    this.#following = new Following(state, this.#applier);
    this.#snapshots = new Snapshots(state, this.#applier, this.#following);
    this.#sender = new SnapshotSender(state);
    this.#elections = new Elections(state, () => this.#onElected());
    this.#replication = new Replication(state, this.#applier, this.#sender, {
      committed: () => this.#onCommitted(),
      caughtUp: (node) => this.#transfers.caughtUp(node),
    });
    const tell = (asker: Asker, outcome: ConsensusOutcome) => this.#tell(asker, outcome);
    this.#reads = new Reads(state, (read) => this.#deliver(read));
    this.#transfers = new Transfers(state, tell);
    this.#membership = new Membership(state, this.#replication, tell);
    this.#recovery = new Recovery(state);
    this.#requests = new Requests(state, this.#applier, this.#localLeader());
  }

  step(input: RaftInput): readonly RaftEffect[] {
    const state = this.#state;
    if (state.life === 0 && input.kind !== "start") {
      return state.out.take();
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
    const { role, term, leader, votedFor, config, log, commit, applied, snapshot } = this.#state;
    const { voters, outgoing, learners } = config;
    return {
      protocol: "raft",
      role,
      term,
      leader,
      votedFor,
      voters,
      outgoing,
      learners,
      quorum: quorumSize(config),
      tolerates: 0,
      first: log.first,
      last: log.last,
      committed: commit,
      applied,
      snapshot: snapshot && {
        index: snapshot.index,
        term: snapshot.term,
        bytes: snapshot.data.length,
      },
      timers: this.#timers(),
      peers: this.#peers(),
    };
  }

  log(from: number, limit: number): readonly LogEntryNote[] {
    const { log } = this.#state;
    const start = Math.max(from, log.first);
    if (start > log.last || limit < 1) {
      return [];
    }
    return log
      .slice(start, limit, Number.MAX_SAFE_INTEGER)
      .map(({ index, term, digest, kind, data }) => ({
        index,
        term,
        digest,
        what: kind,
        bytes: data.length,
      }));
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

  #start(now: Micros): void {
    const state = this.#state;
    state.life = now + 1;
    this.#requests.start();
    if (state.amnesia) {
      const { hard, snapshot, log } = state;
      const entries = log.slice((snapshot?.index ?? 0) + 1, log.last, Number.MAX_SAFE_INTEGER);
      state.out.persist({ kind: "checkpoint", hard, snapshot, entries });
      this.#recovery.ask();
    }
    state.drawElectionDeadline();
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
    if (state.now < state.electionDeadline) {
      state.armElectionTimer();
      return;
    }
    if (state.amnesia) {
      this.#recovery.ask();
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
        break;
      case "vote":
        this.#elections.onVote(from, message);
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
        this.#sendLocated(from);
        break;
      case "located":
        this.#requests.onLocated(from, message);
        break;
      case "forward":
        this.#onForward(from, message.commands);
        break;
      case "answer":
        this.#requests.onAnswer(message);
        break;
      case "read-index":
        this.#onRead({ node: from, id: message.id }, null);
        break;
      case "query":
        this.#onRead({ node: from, id: message.id }, message.query);
        break;
      case "read-index-reply":
        this.#requests.onReadIndex(message.id, message.index);
        break;
      case "query-reply":
        this.#requests.onQueryReply(message);
        break;
      case "ask":
        this.#onAsk({ node: from, id: message.id }, message.ask);
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

  #onForward(from: NodeId, commands: readonly SessionCommand[]): void {
    if (this.#state.role !== "leader") {
      this.#sendLocated(from);
    } else if (commands.length > 0 && this.#obstacle() === null) {
      // Otherwise silence: the sender repeats it, and must not take a refusal of this copy for
      // one of all copies.
      this.#replication.propose(commands, from);
    }
  }

  #onRead(asker: Asker, query: Uint8Array | null): void {
    if (this.#state.role === "leader") {
      this.#reads.request(asker, query);
    } else {
      this.#sendLocated(asker.node);
    }
  }

  #onAsk(asker: Asker, ask: Ask): void {
    if (this.#state.role !== "leader") {
      this.#tell(asker, { ok: false, code: "no-leader", message: "the leader has changed" });
    } else if (ask.order === "transfer") {
      this.#transfers.begin(asker, ask.to);
    } else {
      this.#membership.begin(asker, ask);
    }
  }

  #sendLocated(to: NodeId): void {
    const { term, leader, config } = this.#state;
    this.#state.send(to, { kind: "located", term, leader, voters: config.voters });
  }

  #tell(asker: Asker, outcome: ConsensusOutcome): void {
    if (asker.node === this.#state.self) {
      this.#requests.onAskReply(asker.id, outcome);
    } else {
      this.#state.send(asker.node, { kind: "ask-reply", id: asker.id, outcome });
    }
  }

  #deliver({ asker, query, index }: PendingRead): void {
    const { self, applied } = this.#state;
    const { node, id } = asker;
    if (node === self) {
      this.#requests.onReadIndex(id, index);
    } else if (query === null) {
      this.#state.send(node, { kind: "read-index-reply", id, index });
    } else {
      const result = this.#applier.query(query);
      this.#state.send(node, { kind: "query-reply", id, index: applied, result });
    }
  }

  #onAnswer(answer: Answer): void {
    const proposers = this.#state.leadership?.proposers;
    const proposer = proposers?.get(answer.index);
    if (proposer !== undefined) {
      proposers?.delete(answer.index);
      this.#state.send(proposer, answer);
    }
    this.#requests.onAnswer(answer);
  }

  #obstacle(): ReturnType<LocalLeader["obstacle"]> {
    const { writable, leadership, options } = this.#state;
    if (!writable) {
      return { code: "read-only", message: "the leader is read-only" };
    }
    if (this.#transfers.underWay) {
      return { code: "busy", message: "leadership is being handed over" };
    }
    return leadership !== null && leadership.uncommittedBytes >= options.maxUncommittedBytes
      ? { code: "busy", message: "too much is proposed and not yet agreed" }
      : null;
  }

  #localLeader(): LocalLeader {
    return {
      obstacle: () => this.#obstacle(),
      propose: (commands, proposer) => this.#replication.propose(commands, proposer),
      read: (asker, query) => this.#reads.request(asker, query),
      ask: (asker, ask) => this.#onAsk(asker, ask),
    };
  }

  #timers(): ConsensusTimer[] {
    const { role, electionDeadline } = this.#state;
    return role === "leader" ? [] : [{ timer: ELECTION_TIMER, at: electionDeadline }];
  }

  #peers(): ConsensusPeer[] {
    const progress = this.#state.leadership?.progress ?? [];
    return [...progress].map(([node, peer]) => ({
      node,
      match: peer.match,
      next: peer.next,
      state: peer.lost ? "lost" : peer.state,
      inFlight: peer.inFlight,
    }));
  }
}

type LocatedMessage = Extract<RaftMessage, { kind: "located" }>;
