/** Anti-entropy: two nodes compare what they hold, and only what one of them lacks travels. */
import type { PollBook } from "./book.ts";
import type { Poll } from "./poll.ts";
import { equalBytes } from "./signed.ts";
import { fitting } from "./spreading.ts";
import type { Have, HeldHash, Item, ProposalsMessage } from "./types.ts";

const NOTHING = new Uint8Array(0);

export function digestOf(book: PollBook): ProposalsMessage {
  const held = book.all().map((poll) => ({ id: poll.proposal.id, hash: poll.hash }));
  return { type: "digest", held };
}

/** Asks about what differs, sends what the other does not list; nothing when all is equal. */
export function answerDigest(book: PollBook, held: readonly HeldHash[]): ProposalsMessage[] {
  const listed = new Set<Poll>();
  const answers: ProposalsMessage[] = [];
  for (const { id, hash } of held) {
    const poll = book.get(id);
    if (poll === undefined) {
      answers.push({ type: "have", id, content: NOTHING, bits: NOTHING, answer: false });
      continue;
    }
    listed.add(poll);
    if (poll.hash !== hash) {
      answers.push(haveOf(poll, false));
    }
  }
  const unlisted = book.all().filter((poll) => !listed.has(poll));
  return [...answers, ...itemsMessage(unlisted.flatMap(everything))];
}

/** Sends what the other lacks and, unless this is already the answer, asks for what it has more. */
export function answerHave(book: PollBook, have: Have): ProposalsMessage[] {
  const poll = book.get(have.id);
  if (poll === undefined) {
    return [];
  }
  if (poll.contested || !equalBytes(poll.content, have.content)) {
    return itemsMessage(everything(poll));
  }
  const ask = !have.answer && poll.lacks(have.bits) ? [haveOf(poll, true)] : [];
  return [...itemsMessage(poll.lackedBy(have.bits)), ...ask];
}

function haveOf(poll: Poll, answer: boolean): ProposalsMessage {
  const { content } = poll;
  return { type: "have", id: poll.proposal.id, content, bits: poll.bits(), answer };
}

/** What does not fit is found by a later comparison. */
function itemsMessage(items: readonly Item[]): ProposalsMessage[] {
  return items.length === 0 ? [] : [{ type: "items", items: fitting(items) }];
}

/** The proposal, its rival if there is one, and all that was said. */
function everything(poll: Poll): Item[] {
  const rival = poll.rival === null ? [] : [poll.rival];
  return [poll.call, ...rival, ...poll.lackedBy(NOTHING)];
}
