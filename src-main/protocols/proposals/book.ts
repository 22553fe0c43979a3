import type { NodeId } from "#main/kernel/machine.ts";
import type { Micros } from "#main/kernel/time.ts";
import { ms } from "#main/kernel/time.ts";
import { BASIS_POINTS } from "./limits.ts";
import type { ProposalsOptions } from "./options.ts";
import type { Poll } from "./poll.ts";
import { proposalKey } from "./proposal-id.ts";
import type { DropCode, Proposal, ProposalId } from "./types.ts";

type BookOptions = Pick<
  ProposalsOptions,
  "maxProposals" | "maxPerCaller" | "retainMs" | "maxDeadlineMs" | "settleMs"
>;

/** Half of the electorate is the least that may have to vote, and all of it the most. */
export const MIN_QUORUM_BASIS_POINTS = BASIS_POINTS / 2;

/** The proposals a node holds, and which further ones it takes. */
export class PollBook {
  readonly #options: BookOptions;
  readonly #polls = new Map<string, Poll>();
  readonly #perCaller = new Map<NodeId, number>();

  constructor(options: BookOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#polls.size;
  }

  /** In the order in which they became known. */
  all(): Poll[] {
    return [...this.#polls.values()];
  }

  get(id: ProposalId): Poll | undefined {
    return this.#polls.get(proposalKey(id));
  }

  hasRoomFor(caller: NodeId): boolean {
    const { maxProposals, maxPerCaller } = this.#options;
    return this.#polls.size < maxProposals && (this.#perCaller.get(caller) ?? 0) < maxPerCaller;
  }

  add(poll: Poll): void {
    const { origin } = poll.proposal.id;
    this.#polls.set(poll.key, poll);
    this.#perCaller.set(origin, (this.#perCaller.get(origin) ?? 0) + 1);
  }

  /** Takes out what is past its retention. */
  forget(now: Micros): Poll[] {
    const past = this.all().filter((poll) => this.#isPast(poll.proposal, now));
    for (const { key, proposal } of past) {
      const left = (this.#perCaller.get(proposal.id.origin) ?? 1) - 1;
      this.#polls.delete(key);
      if (left === 0) {
        this.#perCaller.delete(proposal.id.origin);
      } else {
        this.#perCaller.set(proposal.id.origin, left);
      }
    }
    return past;
  }

  /** What speaks against taking somebody's proposal, apart from signature and electorate. */
  objection(proposal: Proposal, now: Micros): DropCode | null {
    // A forgotten one must not come back: what this node said about it is forgotten too.
    if (this.#isPast(proposal, now)) {
      return "stale";
    }
    const { title, thresholdBasisPoints, quorumBasisPoints, deadline, electorate } = proposal;
    const { maxDeadlineMs, settleMs } = this.#options;
    const sound =
      title.length > 0 &&
      thresholdBasisPoints > 0 &&
      quorumBasisPoints >= MIN_QUORUM_BASIS_POINTS &&
      quorumBasisPoints < BASIS_POINTS &&
      deadline <= now + ms(maxDeadlineMs + settleMs);
    if (!sound) {
      return "bad-terms";
    }
    if (!electorate.includes(proposal.id.origin)) {
      return "not-a-member";
    }
    return this.hasRoomFor(proposal.id.origin) ? null : "too-many";
  }

  #isPast({ deadline }: Proposal, now: Micros): boolean {
    return now >= deadline + ms(this.#options.retainMs);
  }
}
