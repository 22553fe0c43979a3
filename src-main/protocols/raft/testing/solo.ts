/** One machine alone, with a test that plays all the others, message by message. */
import type { ConsensusEvent, ConsensusOrder } from "#main/kernel/consensus.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import { createRandom } from "#main/kernel/prng.ts";
import { AppendLog, toBytes } from "#main/kernel/testing/append-log.ts";
import { type Micros, ms } from "#main/kernel/time.ts";
import { type Entry, makeEntry } from "../entry.ts";
import { RAFT_DEFAULTS, type RaftOptions } from "../options.ts";
import { Raft } from "../raft.ts";
import type { MessageOf, RaftEffect, RaftInput, RaftMessage, RaftRecord } from "../types.ts";

export interface SoloOptions {
  readonly self?: NodeId;
  readonly members?: readonly NodeId[];
  readonly learners?: readonly NodeId[];
  readonly restore?: readonly RaftRecord[];
  readonly amnesia?: boolean;
  readonly raft?: Partial<RaftOptions>;
}

export interface Letter {
  readonly to: NodeId;
  readonly message: RaftMessage;
  /** Records that were on disk before it was sent, of those of the same step. */
  readonly behind: number;
}

export class Solo {
  now: Micros = 1_000;
  readonly self: NodeId;
  readonly app = new AppendLog();
  readonly machine: Raft;
  readonly records: RaftRecord[];
  readonly events: ConsensusEvent[] = [];
  /** What the last step sent. */
  letters: Letter[] = [];
  lastEvents: ConsensusEvent[] = [];
  readonly timers = new Map<string, Micros | null>();
  #requests = 0;

  constructor(options: SoloOptions = {}) {
    const { self = "a", members = ["a", "b", "c"], learners = [], restore = [] } = options;
    this.self = self;
    this.records = [...restore];
    this.machine = new Raft({
      self,
      members,
      learners,
      options: { ...RAFT_DEFAULTS, ...options.raft },
      random: createRandom(7).fork(self),
      app: this.app,
      restore,
      amnesia: options.amnesia ?? false,
    });
    this.step({ kind: "start", now: this.now });
  }

  get status() {
    return this.machine.status();
  }

  step(input: RaftInput): this {
    this.letters = [];
    this.lastEvents = [];
    this.#execute(this.machine.step(input), 0);
    return this;
  }

  receive(from: NodeId, message: RaftMessage): this {
    return this.step({ kind: "message", now: this.now, from, message });
  }

  wait(milliseconds: number): this {
    this.now += ms(milliseconds);
    return this;
  }

  /** Time passes until the election timer is due, and it fires. */
  timeOut(): this {
    const deadline = this.status.timers.find(({ timer }) => timer === "election")?.at ?? 0;
    this.now = Math.max(this.now, deadline);
    return this.step({ kind: "timer", now: this.now, timer: "election" });
  }

  beat(): this {
    this.wait(50);
    return this.step({ kind: "timer", now: this.now, timer: "heartbeat" });
  }

  order(
    order: ConsensusOrder extends infer One
      ? One extends { now: Micros; request: number }
        ? Omit<One, "now" | "request">
        : never
      : never,
  ): number {
    const request = ++this.#requests;
    this.step({ ...order, now: this.now, request });
    return request;
  }

  propose(text: string): number {
    return this.order({ kind: "propose", command: toBytes(text) });
  }

  outcome(request: number) {
    const answer = this.events.find(
      (event) => event.kind === "answered" && event.request === request,
    );
    return answer?.kind === "answered" ? answer.outcome : undefined;
  }

  sent<Kind extends RaftMessage["kind"]>(kind: Kind, to?: NodeId): MessageOf<Kind>[] {
    return this.letters
      .filter((letter) => letter.message.kind === kind && (to === undefined || letter.to === to))
      .map(({ message }) => message as MessageOf<Kind>);
  }

  happened<Kind extends ConsensusEvent["kind"]>(kind: Kind) {
    return this.lastEvents.filter(
      (event): event is Extract<ConsensusEvent, { kind: Kind }> => event.kind === kind,
    );
  }

  /** Wins an election with the votes of these. */
  lead(...voters: NodeId[]): this {
    this.timeOut();
    for (const kind of ["pre-vote", "vote"] as const) {
      const [request] = this.sent(kind);
      for (const voter of request === undefined ? [] : voters) {
        const { term, ballot } = request as MessageOf<typeof kind>;
        const reply = kind === "vote" ? "vote-reply" : "pre-vote-reply";
        const letters = this.letters;
        this.receive(voter, { kind: reply, term, ballot, granted: true });
        this.letters = this.letters.length > 0 ? this.letters : letters;
      }
    }
    return this;
  }

  /** A member says that it has everything up to `match`. */
  acknowledge(from: NodeId, match: number = this.status.last, life = 1): this {
    const { term } = this.status;
    return this.receive(from, { kind: "append-reply", ok: true, match, term, life, lost: false });
  }

  appendFrom(leader: NodeId, term: number, at: AppendAt): this {
    const { prev = [0, 0], terms = [], commit = 0 } = at;
    const [prevIndex, prevTerm] = prev;
    const entries = terms.map((entryTerm, i) => entry(prevIndex + 1 + i, entryTerm));
    return this.receive(leader, { kind: "append", term, prevIndex, prevTerm, commit, entries });
  }

  logTerms(): number[] {
    return this.machine.log(1, 1_000).map(({ term }) => term);
  }

  #execute(effects: readonly RaftEffect[], behind: number): void {
    for (const effect of effects) {
      switch (effect.kind) {
        case "send":
          this.letters.push({ to: effect.to, message: effect.message, behind });
          break;
        case "timer":
          this.timers.set(effect.timer, effect.at);
          break;
        case "emit":
          this.events.push(effect.event);
          this.lastEvents.push(effect.event);
          break;
        case "persist":
          if (effect.checkpoint === true) {
            this.records.length = 0;
          }
          this.records.push(effect.record);
          this.#execute(effect.then, behind + 1);
          break;
      }
    }
  }
}

export interface AppendAt {
  /** Index and term of the entry in front. */
  readonly prev?: readonly [index: number, term: number];
  readonly terms?: readonly number[];
  readonly commit?: number;
}

/** Differs with index and term only. */
export function entry(index: number, term: number): Entry {
  return makeEntry({ index, term, time: index, kind: "no-op", data: toBytes(`${index}.${term}`) });
}

/** The records of a member with a log of these terms. */
export function recordsOf(
  terms: readonly number[],
  term: number = terms.at(-1) ?? 0,
  votedFor: NodeId | null = null,
): RaftRecord[] {
  const entries = terms.map((entryTerm, i) => entry(i + 1, entryTerm));
  const hard: RaftRecord = { kind: "hard", term, votedFor, amnesia: false };
  return entries.length === 0 ? [hard] : [hard, { kind: "entries", entries }];
}
