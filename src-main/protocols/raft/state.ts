/** What one member knows and has promised; every part of the machine works on this one object. */
import type { ConsensusEvent, ConsensusRole } from "#main/kernel/consensus.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import type { Random } from "#main/kernel/random.ts";
import { type Micros, ms } from "#main/kernel/time.ts";
import { type GroupConfig, isMember, isVoter, makeConfig, quorumSize } from "./config.ts";
import { ConfigHistory } from "./config-history.ts";
import type { Entry, EntryKind } from "./entry.ts";
import { makeEntry, noteOf } from "./entry.ts";
import { drawElectionTimeout, logTime } from "./formulas.ts";
import type { Leadership } from "./leadership.ts";
import type { RaftLog } from "./log.ts";
import type { RaftOptions } from "./options.ts";
import { Outlet } from "./outlet.ts";
import type { Restored } from "./restore.ts";
import type { RaftSetup } from "./setup.ts";
import type { HardState, RaftMessage, Snapshot } from "./types.ts";

export const ELECTION_TIMER = "election";
export const HEARTBEAT_TIMER = "heartbeat";
export const REQUEST_TIMER = "requests";
export const TRANSFER_TIMER = "transfer";

export class RaftState {
  readonly self: NodeId;
  readonly options: RaftOptions;
  readonly random: Random;
  readonly out = new Outlet();
  readonly log: RaftLog;
  readonly configs: ConfigHistory;
  now: Micros = 0;
  /** When this life began; 0 before it did. */
  life = 0;
  term: number;
  votedFor: NodeId | null;
  /** Set while nothing is known of the promises of a former life. */
  amnesia: boolean;
  role: ConsensusRole;
  leader: NodeId | null = null;
  commit: number;
  applied: number;
  snapshot: Snapshot | null;
  /** When an election begins if nothing is heard; the timer may fire earlier and is set anew. */
  electionDeadline: Micros = 0;
  /** When the present leader was last heard. */
  heardLeaderAt: Micros = 0;
  /** Set exactly while `role` is leader. */
  leadership: Leadership | null = null;
  writable = true;
  #electionTimerAt: Micros | null = null;

  constructor(setup: RaftSetup, restored: Restored) {
    this.self = setup.self;
    this.options = setup.options;
    this.random = setup.random.fork("raft");
    this.log = restored.log;
    this.snapshot = restored.snapshot;
    ({ term: this.term, votedFor: this.votedFor, amnesia: this.amnesia } = restored.hard);
    this.amnesia ||= setup.amnesia;
    const founded = makeConfig(setup.members, setup.learners ?? []);
    const { snapshot, log } = restored;
    this.configs = new ConfigHistory(
      snapshot === null
        ? { index: 0, config: founded }
        : { index: snapshot.index, config: snapshot.config },
    );
    this.configs.append(log.slice(log.first, log.last, Number.MAX_SAFE_INTEGER));
    this.commit = snapshot?.index ?? 0;
    this.applied = this.commit;
    this.role = this.restingRole();
  }

  get config(): GroupConfig {
    return this.configs.latest.config;
  }

  /** What this node is when it neither leads nor campaigns. */
  restingRole(): ConsensusRole {
    if (isVoter(this.config, this.self)) {
      return "follower";
    }
    return isMember(this.config, this.self) ? "learner" : "peer";
  }

  get isMember(): boolean {
    return isMember(this.config, this.self);
  }

  /**
   * Only who votes may campaign, and only with all its memory. A voter whose removal is not known
   * to be committed still may: perhaps nobody else has the log to win with (section 4.2.2).
   */
  get mayCampaign(): boolean {
    const { previous, latest } = this.configs;
    const votes =
      isVoter(latest.config, this.self) ||
      (latest.index > this.commit && isVoter(previous.config, this.self));
    return votes && !this.amnesia;
  }

  /** Whether silence of the leader is any of its business. */
  get watchesLeader(): boolean {
    return this.isMember || this.mayCampaign;
  }

  /** A leader was heard so recently that nobody has a reason to campaign. */
  get leaderAlive(): boolean {
    return (
      this.role === "leader" ||
      (this.leader !== null &&
        this.now - this.heardLeaderAt < ms(this.options.electionTimeoutMinMs))
    );
  }

  get hard(): HardState {
    return { term: this.term, votedFor: this.votedFor, amnesia: this.amnesia };
  }

  persistHard(): void {
    this.out.persist({ kind: "hard", ...this.hard });
  }

  send(to: NodeId, message: RaftMessage): void {
    this.out.send(to, message);
  }

  emit(event: ConsensusEvent): void {
    this.out.emit(event);
  }

  emitRole(reason: string): void {
    const { role, term, leader } = this;
    this.emit({ kind: "role", role, term, leader, reason });
  }

  emitConfig(): void {
    const { index, config } = this.configs.latest;
    const { voters, outgoing, learners } = config;
    this.emit({
      kind: "config",
      index,
      voters,
      outgoing,
      learners,
      quorum: quorumSize(config),
      tolerates: 0,
      committed: index <= this.commit,
    });
  }

  reject(from: NodeId, reason: string): void {
    this.emit({ kind: "rejected", from, reason });
  }

  /** A timeout of its own for every election: who splits a vote once should not do so again. */
  drawElectionDeadline(): void {
    this.electionDeadline = this.now + drawElectionTimeout(this.options, this.random);
    this.armElectionTimer();
  }

  /**
   * Heartbeats put the deadline off all the time; the timer is left alone until it fires, and is
   * then set to where the deadline is by now.
   */
  armElectionTimer(): void {
    const at = this.#electionTimerAt;
    if (at === null || at > this.electionDeadline) {
      this.#electionTimerAt = this.electionDeadline;
      this.out.timer(ELECTION_TIMER, this.electionDeadline);
    }
  }

  electionTimerFired(): void {
    this.#electionTimerAt = null;
  }

  /** Entries that this leader adds behind its log. */
  draft(kind: EntryKind, data: Uint8Array): Entry {
    const time = logTime(this.now, this.log.lastTime);
    return makeEntry({ index: this.log.last + 1, term: this.term, time, kind, data });
  }

  /**
   * Writes entries to log and disk, in place of what the log has there; what is said from here on
   * waits for the disk. `meanwhile` says what need not wait: a leader's appends to others.
   */
  append(entries: readonly Entry[], meanwhile: () => void = () => undefined): void {
    const from = entries[0]?.index ?? this.log.last + 1;
    const to = this.log.last;
    const configBefore = this.configs.latest.index;
    if (from <= to) {
      this.log.truncate(from);
      this.configs.truncate(from);
    }
    this.log.append(entries);
    this.configs.append(entries);
    meanwhile();
    this.out.persist({ kind: "entries", entries });
    if (from <= to) {
      this.emit({ kind: "truncated", from, to });
    }
    this.emit({ kind: "appended", entries: entries.map(noteOf) });
    if (this.configs.latest.index !== configBefore) {
      this.emitConfig();
    }
  }
}
