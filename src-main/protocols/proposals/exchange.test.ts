import { describe, expect, it } from "vitest";
import { PollBook } from "./book.ts";
import { answerDigest, answerHave, digestOf } from "./exchange.ts";
import { PROPOSALS_DEFAULTS } from "./options.ts";
import { Poll } from "./poll.ts";
import { Notary, contentOf } from "./signed.ts";
import { paperSigner } from "./testing/paper-signer.ts";
import type { Call, Item, Proposal, ProposalsMessage } from "./types.ts";

const PROPOSAL: Proposal = {
  id: { origin: "A", epoch: 1, sequence: 1 },
  title: "t",
  text: "",
  thresholdBasisPoints: 6_700,
  quorumBasisPoints: 5_000,
  deadline: 1,
  electorate: ["A", "B", "C"],
};

function callOf(change: Partial<Proposal> = {}): Call {
  const proposal = { ...PROPOSAL, ...change };
  return notary("A").signCall({ proposal, content: contentOf(proposal) });
}

function notary(member: string): Notary {
  return new Notary(paperSigner(member), "m");
}

function voteOf(member: string): Item & { kind: "vote" } {
  const subject = { proposal: PROPOSAL, content: contentOf(PROPOSAL) };
  return notary(member).signVote(subject, "yes", "");
}

/** A book with one proposal and the votes of these members. */
function bookOf(voters: string, call = callOf()): PollBook {
  const book = new PollBook(PROPOSALS_DEFAULTS);
  const poll = new Poll(call, 0);
  [...voters].forEach((member) => poll.add(voteOf(member)));
  book.add(poll);
  return book;
}

/** All messages of one comparison that `from` begins, delivered in order. */
function exchange(from: PollBook, to: PollBook): ProposalsMessage[] {
  const digest = digestOf(from);
  const sent: ProposalsMessage[] = [digest];
  let books = [to, from] as const;
  let wave: ProposalsMessage[] = [digest];
  while (wave.length > 0) {
    const answers = wave.flatMap((message) => answer(books[0], message));
    sent.push(...answers);
    books = [books[1], books[0]];
    wave = answers;
  }
  return sent;
}

function answer(book: PollBook, message: ProposalsMessage): ProposalsMessage[] {
  if (message.type === "items") {
    const call = message.items.find((item) => item.kind === "call");
    if (call !== undefined && book.get(PROPOSAL.id) === undefined) {
      book.add(new Poll(call, 0));
    }
    for (const item of message.items) {
      if (item.kind !== "call") {
        book.get(item.proposal)?.add(item);
      }
    }
    return [];
  }
  return message.type === "digest" ? answerDigest(book, message.held) : answerHave(book, message);
}

function voters(book: PollBook): string[] {
  return book.all().flatMap((poll) => poll.votes().map((vote) => vote.member));
}

describe("a comparison", () => {
  it("of equal books is one message", () => {
    expect(exchange(bookOf("AB"), bookOf("BA"))).toHaveLength(1);
  });

  it("brings both sides what they lack, and nothing that they have", () => {
    const [one, two] = [bookOf("AB"), bookOf("BC")];
    const sent = exchange(one, two);
    expect([one, two].map(voters)).toEqual([
      ["A", "B", "C"],
      ["A", "B", "C"],
    ]);
    const moved = sent.flatMap((message) => (message.type === "items" ? message.items : []));
    expect(moved.map((item) => item.kind)).toEqual(["vote", "vote"]);
  });

  it("brings a whole proposal to who does not know it, from either side", () => {
    const empty = () => new PollBook(PROPOSALS_DEFAULTS);
    const [asked, asking] = [empty(), empty()];
    exchange(bookOf("AB"), asked);
    exchange(asking, bookOf("AB"));
    expect([asked, asking].map(voters)).toEqual([
      ["A", "B"],
      ["A", "B"],
    ]);
  });

  it("ends at once about what neither knows any more", () => {
    const book = new PollBook(PROPOSALS_DEFAULTS);
    const nothing = new Uint8Array(0);
    const have = { id: PROPOSAL.id, content: nothing, bits: nothing, answer: false };
    expect(answerHave(book, have)).toEqual([]);
  });

  it("of two proposals under one id shows each side the other's", () => {
    const sent = exchange(bookOf("A"), bookOf("A", callOf({ text: "another" })));
    const calls = sent.flatMap((message) => (message.type === "items" ? message.items : []));
    expect(calls.some((item) => item.kind === "call" && item.proposal.text === "")).toBe(true);
  });
});
