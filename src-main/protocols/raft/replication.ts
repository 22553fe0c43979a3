/** A leader's side of the log: entries to members, their answers, and what follows for commits. */
import { assert } from "#main/kernel/assert.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import { type SessionCommand, sessionCommandCodec } from "#main/kernel/sessions.ts";
import { ms } from "#main/kernel/time.ts";
import { WireWriter } from "#main/kernel/wire.ts";
import type { Applier } from "./applying.ts";
import { isVoter, membersOf, reachedByQuorum } from "./config.ts";
import { type Entry, entryBytes, makeEntry } from "./entry.ts";
import { commitByCounting, logTime, majority } from "./formulas.ts";
import { commandKey, type Leadership } from "./leadership.ts";
import { Progress } from "./progress.ts";
import { becomeFollower } from "./roles.ts";
import type { SnapshotSender } from "./snapshot-sender.ts";
import type { RaftState } from "./state.ts";
import type { MessageOf } from "./types.ts";

/** What others want to know of a leader's replication. */
export interface ReplicationListener {
  /** The commit index moved in this leadership. */
  committed(): void;
  /** A member's log is known to reach further. */
  caughtUp(node: NodeId, match: number): void;
}

const EMPTY = new Uint8Array(0);

export class Replication {
  readonly #state: RaftState;
  readonly #applier: Applier;
  readonly #snapshots: SnapshotSender;
  readonly #listener: ReplicationListener;
  readonly #writer = new WireWriter();

  constructor(
    state: RaftState,
    applier: Applier,
    snapshots: SnapshotSender,
    listener: ReplicationListener,
  ) {
    this.#state = state;
    this.#applier = applier;
    this.#snapshots = snapshots;
    this.#listener = listener;
  }

  get #leadership(): Leadership {
    const { leadership } = this.#state;
    assert(leadership !== null, "only a leader replicates");
    return leadership;
  }

  /** A new leader learns by an entry of its own term what is committed (Raft section 8). */
  begin(): void {
    const { log, commit } = this.#state;
    for (let index = commit + 1; index <= log.last; index++) {
      this.#leadership.uncommittedBytes += entryBytes(log.entry(index) as Entry);
    }
    this.#syncMembers(this.#state.log.last + 1);
    this.append([this.#state.draft("no-op", EMPTY)]);
  }

  /** Members that the configuration named anew get a progress; who left is let go elsewhere. */
  #syncMembers(next: number): void {
    const { config, self, now } = this.#state;
    const { progress } = this.#leadership;
    for (const node of membersOf(config)) {
      if (node !== self && !progress.has(node)) {
        progress.set(node, new Progress(next, now));
      }
    }
  }

  /** One record, and one message a member, for all commands of a step. */
  propose(commands: readonly SessionCommand[], proposer: NodeId): void {
    const state = this.#state;
    const { proposers, underWay } = this.#leadership;
    const time = logTime(state.now, state.log.lastTime);
    const entries: Entry[] = [];
    for (const command of commands) {
      // A copy of what is in the log already would only make a slow group slower.
      const key = commandKey(command);
      const index = underWay.get(key) ?? state.log.last + 1 + entries.length;
      if (!underWay.has(key)) {
        const kind = command.sequence === 0 ? "session" : "command";
        sessionCommandCodec.encode(this.#writer.reset(), command);
        const data = this.#writer.finish();
        entries.push(makeEntry({ index, term: state.term, time, kind, data }));
        underWay.set(key, index);
      }
      if (proposer !== state.self) {
        proposers.set(index, proposer);
      }
    }
    if (entries.length > 0) {
      this.append(entries);
    }
  }

  /** Sends before the own write: nothing is counted, let alone answered, before that is done. */
  append(entries: readonly Entry[]): void {
    const state = this.#state;
    for (const entry of entries) {
      this.#leadership.uncommittedBytes += entryBytes(entry);
    }
    state.append(entries, () => {
      const first = entries[0]?.index ?? state.log.last + 1;
      if (state.configs.latest.index >= first) {
        this.#syncMembers(first);
      }
      this.sendToAll();
    });
    if (isVoter(state.config, state.self)) {
      this.#emitCounted(state.self, state.log.last);
    }
    this.advanceCommit();
  }

  sendToAll(): void {
    for (const [node, progress] of this.#leadership.progress) {
      this.sendPending(node, progress);
    }
  }

  /** As many appends as there are entries for and the window allows. */
  sendPending(node: NodeId, progress: Progress): void {
    while (this.#sendAppend(node, progress, false)) {
      // Each turn moves `next` or closes the window.
    }
  }

  onAppendReply(from: NodeId, message: MessageOf<"append-reply">): void {
    const progress = this.hear(from, message);
    if (progress === null) {
      return;
    }
    if (message.ok) {
      this.#onAccepted(from, progress, message.match);
    } else if (progress.state !== "snapshot") {
      const { log } = this.#state;
      const meetAt = log.lastWithTermAtMost(message.hintTerm, message.hintIndex);
      if (progress.rejected(message.rejected, meetAt)) {
        this.#sendAppend(from, progress, true);
      }
    }
  }

  onHeartbeatReply(from: NodeId, message: MessageOf<"heartbeat-reply">): void {
    const progress = this.hear(from, message);
    if (progress === null) {
      return;
    }
    progress.round = Math.max(progress.round, message.round);
    progress.probing = false;
    progress.freeOne(this.#state.options);
    if (progress.state === "snapshot") {
      this.#snapshots.resendIfStale(from, progress);
    } else if (
      progress.match < this.#state.log.last ||
      progress.state === "probe" ||
      progress.lost
    ) {
      // Even an empty one: its rejection is how the loss of the last append shows, and a member
      // without memory takes the commit index from nothing else.
      this.#sendAppend(from, progress, true);
    }
  }

  /** The progress of who sent it, unless it speaks for an earlier life. */
  hear(from: NodeId, said: { readonly life: number; readonly lost: boolean }): Progress | null {
    const progress = this.#state.leadership?.progress.get(from);
    if (progress === undefined || said.life < progress.life) {
      return null;
    }
    const isReborn = progress.life !== 0 && said.life > progress.life;
    progress.life = said.life;
    progress.heardAt = this.#state.now;
    // A new life that lost nothing has all that the old one acknowledged, and says so at once. One
    // whose disk kept silent about a loss would never be sent what it lacks.
    if (isReborn || (said.lost && !progress.lost)) {
      progress.forget(this.#state.log.last);
    }
    progress.lost = said.lost;
    return progress;
  }

  /** How far a member's log counts towards a commit. */
  matchOf = (node: NodeId): number =>
    node === this.#state.self
      ? this.#state.log.last
      : (this.#state.leadership?.progress.get(node)?.counted ?? 0);

  advanceCommit(): void {
    const { config, commit, log, term } = this.#state;
    const onQuorum = reachedByQuorum(config, this.matchOf);
    const next = commitByCounting({ commit, onQuorum, termOnQuorum: log.term(onQuorum), term });
    if (next > commit) {
      this.#applier.commitTo(next);
      this.#tellCommit();
      this.#listener.committed();
    }
  }

  /** Check-quorum: whoever cannot reach a quorum must not go on to serve (section 6.2). */
  stepDownIfAlone(): void {
    const { config, self, now, options, term } = this.#state;
    const { progress } = this.#leadership;
    const heard = reachedByQuorum(config, (node) => {
      const peer = progress.get(node);
      return node === self ? now : peer === undefined || peer.lost ? 0 : peer.heardAt;
    });
    if (now - heard > ms(options.electionTimeoutMaxMs)) {
      becomeFollower(this.#state, { term, leader: null, reason: "quorum-lost" });
    }
  }

  #onAccepted(from: NodeId, progress: Progress, match: number): void {
    const state = this.#state;
    if (match > state.log.last) {
      state.reject(from, `acknowledges entry ${match}, which was never sent`);
      return;
    }
    const moved = progress.acknowledged(match);
    const meets = progress.state === "probe" && match === progress.match;
    const { transfer } = progress;
    if (meets || (transfer !== null && match >= transfer.snapshot.index)) {
      progress.becomeReplicate();
    }
    if (moved) {
      if (isVoter(state.config, from) && !progress.lost) {
        this.#emitCounted(from, match);
      }
      this.advanceCommit();
      this.#listener.caughtUp(from, match);
    }
    if (state.leadership !== null) {
      this.sendPending(from, progress);
      this.#tellCommitTo(from, progress);
    }
  }

  #sendAppend(node: NodeId, progress: Progress, evenIfEmpty: boolean): boolean {
    const { log, options, term, commit } = this.#state;
    if (!progress.maySend(options)) {
      return false;
    }
    const prevIndex = progress.next - 1;
    const prevTerm = log.term(prevIndex);
    if (prevTerm === null) {
      this.#snapshots.begin(node, progress);
      return false;
    }
    const entries = log.slice(progress.next, options.maxAppendEntries, options.maxAppendBytes);
    if (entries.length === 0 && !evenIfEmpty) {
      return false;
    }
    this.#state.send(node, { kind: "append", term, prevIndex, prevTerm, commit, entries });
    const bytes = entries.reduce((sum, entry) => sum + entryBytes(entry), 0);
    progress.sent(prevIndex + entries.length, bytes);
    progress.toldCommit = Math.max(
      progress.toldCommit,
      Math.min(commit, prevIndex + entries.length),
    );
    return entries.length > 0;
  }

  #tellCommit(): void {
    for (const [node, progress] of this.#leadership.progress) {
      this.#tellCommitTo(node, progress);
    }
  }

  /** Followers need not wait for the next heartbeat to execute what is committed. */
  #tellCommitTo(node: NodeId, progress: Progress): void {
    const { term, commit } = this.#state;
    const known = Math.min(progress.match, commit);
    if (progress.toldCommit < known) {
      progress.toldCommit = known;
      this.#state.send(node, { kind: "heartbeat", term, commit: known, round: 0 });
    }
  }

  #emitCounted(from: NodeId, index: number): void {
    const { config, log } = this.#state;
    const have = config.voters.filter((node) => this.matchOf(node) >= index).length;
    const needed = majority(config.voters.length);
    const term = log.term(index) ?? 0;
    this.#state.emit({ kind: "counted", term, index, phase: "append", from, have, needed });
  }
}
