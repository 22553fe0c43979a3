/**
 * Network-wide decisions. Any member calls a proposal, every member votes at most once, and when
 * the outcome is settled or the deadline is over each member signs what it counted, once. What a
 * quorum of members closed with is the outcome: two quorums share a member, so there is one.
 */
import { assert, unreachable } from "#main/kernel/assert.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import type { Micros } from "#main/kernel/time.ts";
import { ms } from "#main/kernel/time.ts";
import { PollBook } from "./book.ts";
import { draftProposal } from "./draft.ts";
import { Electorates } from "./electorates.ts";
import { answerDigest, answerHave, digestOf } from "./exchange.ts";
import { type ProposalsOptions, validateProposalsOptions } from "./options.ts";
import { policyVote, validatePolicy } from "./policy.ts";
import { Poll } from "./poll.ts";
import { voteRefusal } from "./refusals.ts";
import type { ProposalsSetup } from "./setup.ts";
import { Notary, contentOf, equalBytes } from "./signed.ts";
import { Spreading, drawPeers } from "./spreading.ts";
import type {
  Call,
  Contradiction,
  DropCode,
  Item,
  Proposal,
  ProposalId,
  ProposalsEffect,
  ProposalsEvent,
  ProposalsInput,
  ProposalsMessage,
  Refusal,
  Statement,
  VotePolicy,
} from "./types.ts";

const ROUND_TIMER = "round";

type CallInput = Extract<ProposalsInput, { kind: "call" }>;
type VoteInput = Extract<ProposalsInput, { kind: "vote" }>;

export class Proposals {
  readonly #setup: ProposalsSetup;
  readonly #options: ProposalsOptions;
  readonly #self: NodeId;
  readonly #notary: Notary;
  readonly #book: PollBook;
  readonly #electorates = new Electorates();
  readonly #spreading = new Spreading();
  #effects: ProposalsEffect[] = [];
  #policy: VotePolicy;
  #writable = true;
  /** Null before the start. */
  #epoch: Micros | null = null;
  /** The highest epoch of own calls on the disk. */
  #usedEpoch = -1;
  #sequence = 0;
  #round = 0;
  #timerSet = false;

  constructor(setup: ProposalsSetup) {
    const problems = validateProposalsOptions(setup.options);
    assert(problems.length === 0, problems.join("; "));
    this.#setup = setup;
    this.#options = setup.options;
    this.#self = setup.signer.self;
    this.#notary = new Notary(setup.signer, setup.mesh);
    this.#book = new PollBook(setup.options);
    this.#policy = setup.options.policy;
    setup.restore.forEach((item) => this.#restore(item));
    for (const poll of this.#book.all()) {
      poll.decided = poll.verdict;
    }
  }

  /** What this node holds, in the order in which it became known. */
  polls(): readonly Readonly<Poll>[] {
    return this.#book.all();
  }

  poll(id: ProposalId): Readonly<Poll> | undefined {
    return this.#book.get(id);
  }

  get policy(): VotePolicy {
    return this.#policy;
  }

  step(input: ProposalsInput): readonly ProposalsEffect[] {
    this.#effects = [];
    switch (input.kind) {
      case "start":
        this.#start(input.now);
        break;
      case "message":
        this.#receive(input.from, input.message, input.now);
        break;
      case "timer":
        this.#beginRound(input.now);
        break;
      case "call":
        this.#call(input);
        break;
      case "vote":
        this.#vote(input);
        break;
      case "policy":
        assert(validatePolicy(input.policy).length === 0, "the driver validates policies");
        this.#policy = input.policy;
        this.#tendAll(input.now);
        break;
      case "members-changed":
        this.#electorates.remember(this.#setup.members());
        break;
      case "writable":
        this.#setWritable(input.writable, input.now);
        break;
      default:
        unreachable(input);
    }
    return this.#effects;
  }

  #restore(item: Item): void {
    if (item.kind !== "call") {
      this.#book.get(item.proposal)?.add(item);
      return;
    }
    const { id } = item.proposal;
    const known = this.#book.get(id);
    if (known === undefined) {
      this.#book.add(new Poll(item, ms(this.#options.settleMs)));
    } else {
      known.rival = item;
    }
    this.#usedEpoch =
      id.origin === this.#self ? Math.max(this.#usedEpoch, id.epoch) : this.#usedEpoch;
  }

  /** A clock that stood still since the last life must not name two proposals alike. */
  #start(now: Micros): void {
    this.#epoch = Math.max(now, this.#usedEpoch + 1);
    this.#electorates.remember(this.#setup.members());
    this.#postponeClosing(now);
    this.#keepRounds(now);
  }

  #setWritable(writable: boolean, now: Micros): void {
    const regained = writable && !this.#writable;
    this.#writable = writable;
    if (regained) {
      this.#postponeClosing(now);
      this.#tendAll(now);
    }
  }

  /** Who was away or cut off first hears what the others said meanwhile. */
  #postponeClosing(now: Micros): void {
    for (const poll of this.#book.all()) {
      poll.closeAt = Math.max(poll.closeAt, now + ms(this.#options.settleMs));
    }
  }

  #call(input: CallInput): void {
    const { now, request } = input;
    const draft = this.#writeRefusal() ?? this.#draft(input);
    if (typeof draft === "string") {
      this.#emit({ kind: "refused", request, code: draft });
      return;
    }
    this.#sequence++;
    const call = this.#notary.signCall({ proposal: draft, content: contentOf(draft) });
    this.#open(call, null, now, () => {
      this.#emit({ kind: "accepted", request, id: draft.id });
      this.#pushAtOnce(call);
    });
  }

  #writeRefusal(): Refusal | null {
    if (this.#epoch === null) {
      return "not-running";
    }
    return this.#writable ? null : "read-only";
  }

  #draft(input: CallInput): Proposal | Refusal {
    if (!this.#book.hasRoomFor(this.#self)) {
      return "too-many";
    }
    const id = { origin: this.#self, epoch: this.#epoch ?? 0, sequence: this.#sequence + 1 };
    const draft = draftProposal(id, input, this.#setup.members(), this.#options.maxDeadlineMs);
    const invalid = typeof draft !== "string" && this.#objectionTo(draft) !== null;
    return invalid ? "invalid" : draft;
  }

  #vote({ now, request, proposal, choice, reason }: VoteInput): void {
    const poll = this.#book.get(proposal);
    const cannot = this.#writeRefusal();
    if (poll === undefined || cannot !== null) {
      this.#emit({ kind: "refused", request, code: cannot ?? "unknown-proposal" });
      return;
    }
    const refusal = voteRefusal(poll, this.#self, now, reason);
    if (refusal !== null) {
      this.#emit({ kind: "refused", request, code: refusal });
      return;
    }
    const vote = this.#notary.signVote(poll, choice, reason);
    this.#keep(poll, vote, now, () => {
      this.#emit({ kind: "accepted", request, id: proposal });
      this.#pushAtOnce(vote);
    });
  }

  /** Keeps an item of the own node and sends it once it is on disk. */
  #state(poll: Poll, statement: Statement, now: Micros): void {
    this.#keep(poll, statement, now, () => this.#pushAtOnce(statement));
  }

  #receive(from: NodeId, message: ProposalsMessage, now: Micros): void {
    switch (message.type) {
      case "items":
        this.#takeAll(from, message.items, now);
        break;
      case "digest":
        answerDigest(this.#book, message.held).forEach((answer) => this.#send(from, answer));
        break;
      case "have":
        answerHave(this.#book, message).forEach((answer) => this.#send(from, answer));
        break;
      default:
        unreachable(message);
    }
  }

  #takeAll(from: NodeId, items: readonly Item[], now: Micros): void {
    const dropped = new Map<DropCode, number>();
    for (const item of items) {
      const code = item.kind === "call" ? this.#takeCall(from, item, now) : this.#take(item, now);
      if (code !== null) {
        dropped.set(code, (dropped.get(code) ?? 0) + 1);
      }
    }
    for (const [code, count] of dropped) {
      this.#emit({ kind: "dropped", from, code, items: count });
    }
  }

  #takeCall(from: NodeId, call: Call, now: Micros): DropCode | null {
    const { proposal } = call;
    const content = contentOf(proposal);
    const known = this.#book.get(proposal.id);
    if (known !== undefined && (known.contested || equalBytes(known.content, content))) {
      return null;
    }
    const objection = known === undefined ? this.#book.objection(proposal, now) : null;
    if (objection !== null) {
      return objection;
    }
    if (known === undefined && !this.#electorates.knows(proposal.electorate)) {
      return "unknown-electorate";
    }
    if (!this.#notary.isCall(call, content)) {
      return "bad-signature";
    }
    if (known === undefined) {
      this.#open(call, from, now);
    } else {
      this.#contest(known, call);
    }
    return null;
  }

  /** `durably` happens once the call is on disk. */
  #open(call: Call, from: NodeId | null, now: Micros, durably = () => {}): void {
    const { proposal } = call;
    const poll = new Poll(call, ms(this.#options.settleMs));
    poll.closeAt = Math.max(poll.closeAt, now + ms(this.#options.settleMs));
    this.#book.add(poll);
    this.#spreading.add(call, this.#options.pushRounds);
    this.#persist(call, () => {
      this.#emit({ kind: "called", proposal, needed: poll.needed, from });
      durably();
      this.#tend(poll, now);
    });
    this.#keepRounds(now);
  }

  /** One id, two proposals: members who saw either can tell that the caller lied. */
  #contest(poll: Poll, rival: Call): void {
    const { id } = poll.proposal;
    poll.rival = rival;
    this.#spreading.add(rival, this.#options.pushRounds);
    this.#persist(rival, () => {
      const accused = id.origin;
      const proof: Contradiction = { accused, call: null, first: poll.call, second: rival };
      this.#emit({ kind: "evidence", id, accused, proof });
    });
  }

  #take(statement: Statement, now: Micros): DropCode | null {
    const poll = this.#book.get(statement.proposal);
    if (poll === undefined) {
      return "unknown-proposal";
    }
    if (!poll.asks(statement.member)) {
      return "not-a-member";
    }
    if (poll.holds(statement)) {
      return null;
    }
    if (!this.#notary.isStatement(statement, poll)) {
      // Votes on the other of two proposals with one id do not fit this one: nobody's fault here.
      return poll.contested ? null : "bad-signature";
    }
    this.#keep(poll, statement, now);
    return null;
  }

  #keep(poll: Poll, statement: Statement, now: Micros, durably = () => {}): void {
    const outcome = poll.add(statement);
    assert(outcome.kind === "new", "only what is new and from a member is kept");
    this.#spreading.add(statement, this.#options.pushRounds);
    const { against } = outcome;
    this.#persist(statement, () => {
      this.#tell(poll, statement);
      durably();
      if (against !== null) {
        const { id } = poll.proposal;
        const accused = statement.member;
        const proof = { accused, call: poll.call, first: against, second: statement };
        this.#emit({ kind: "evidence", id, accused, proof });
      }
      this.#tend(poll, now);
    });
  }

  #tell(poll: Poll, statement: Statement): void {
    const { id } = poll.proposal;
    const { member } = statement;
    if (statement.kind === "vote") {
      const { choice, reason } = statement;
      this.#emit({ kind: "voted", id, voter: member, choice, reason });
    } else {
      const { outcome } = statement;
      const have = poll.closingsFor(outcome);
      this.#emit({ kind: "closing", id, member, outcome, have, needed: poll.needed });
    }
  }

  #tendAll(now: Micros): void {
    for (const poll of this.#book.all()) {
      this.#tend(poll, now);
    }
  }

  /** Whatever is due with a proposal: the outcome, the policy's vote, the own closing. */
  #tend(poll: Poll, now: Micros): void {
    this.#judge(poll);
    const acts = this.#epoch !== null && this.#writable && !poll.contested;
    if (!acts || poll.decided !== null || !poll.asks(this.#self)) {
      return;
    }
    if (voteRefusal(poll, this.#self, now, "") === null) {
      const vote = policyVote(this.#policy, poll.proposal, this.#objectionTo(poll.proposal));
      if (vote !== null) {
        this.#state(poll, this.#notary.signVote(poll, vote.choice, vote.reason), now);
        return;
      }
    }
    const outcome = poll.settled ?? (now >= poll.closeAt ? poll.leaning : null);
    if (outcome !== null && poll.closingOf(this.#self) === undefined) {
      this.#state(poll, this.#notary.signClosing(poll, outcome), now);
    }
  }

  #judge(poll: Poll): void {
    const { id } = poll.proposal;
    if (poll.decided === null) {
      poll.decided = poll.verdict;
      if (poll.decided !== null) {
        this.#emit({ kind: "decided", id, outcome: poll.decided, ...poll.counts });
      }
    }
    const also = poll.closed.find((outcome) => outcome !== poll.decided);
    if (poll.decided !== null && also !== undefined && !poll.conflictTold) {
      poll.conflictTold = true;
      this.#emit({ kind: "conflict", id, decided: poll.decided, also });
    }
  }

  #objectionTo(proposal: Proposal): string | null {
    return this.#setup.validate?.(proposal) ?? null;
  }

  #beginRound(now: Micros): void {
    this.#timerSet = false;
    this.#round++;
    this.#tendAll(now);
    for (const poll of this.#book.forget(now)) {
      if (poll.decided === null) {
        this.#emit({ kind: "abandoned", id: poll.proposal.id, silent: poll.silent });
      }
    }
    if (this.#spreading.size > 0) {
      const items = this.#spreading.round();
      this.#draw(this.#options.fanout).forEach((to) => this.#send(to, { type: "items", items }));
    }
    if (this.#book.size > 0 && this.#round % this.#options.antiEntropyEvery === 0) {
      const digest = digestOf(this.#book);
      this.#draw(1).forEach((to) => this.#send(to, digest));
    }
    this.#keepRounds(now);
  }

  /** Rounds cost nothing while there is nothing to decide. */
  #keepRounds(now: Micros): void {
    if (!this.#timerSet && this.#epoch !== null && this.#book.size > 0) {
      const interval = ms(this.#options.gossipIntervalMs);
      // A random part keeps the rounds of all nodes from coinciding.
      const at = now + Math.ceil(interval / 2) + this.#setup.random.int(interval);
      this.#timerSet = true;
      this.#effects.push({ kind: "timer", timer: ROUND_TIMER, at });
    }
  }

  #pushAtOnce(item: Item): void {
    for (const to of this.#draw(this.#options.fanout)) {
      this.#send(to, { type: "items", items: [item] });
    }
  }

  #draw(count: number): NodeId[] {
    return drawPeers(this.#setup.peers(), this.#self, count, this.#setup.random);
  }

  /** What `act` does happens only once `record` is on disk. */
  #persist(record: Item, act: () => void): void {
    const outer = this.#effects;
    this.#effects = [];
    act();
    const then = this.#effects;
    this.#effects = outer;
    this.#effects.push({ kind: "persist", record, then });
  }

  #send(to: NodeId, message: ProposalsMessage): void {
    this.#effects.push({ kind: "send", to, message });
  }

  #emit(event: ProposalsEvent): void {
    this.#effects.push({ kind: "emit", event });
  }
}
