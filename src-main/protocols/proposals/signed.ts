/** What members sign about proposals, and how it is checked. */
import type { NodeId } from "#main/kernel/machine.ts";
import { sha256 } from "#main/kernel/sha256.ts";
import { type SigningContext, signedContent } from "#main/kernel/signed-content.ts";
import type { Signer } from "#main/kernel/signer.ts";
import { WireWriter } from "#main/kernel/wire.ts";
import { encodeList } from "#main/kernel/wire-lists.ts";
import { encodeProposal } from "./codec.ts";
import { proposalKey } from "./proposal-id.ts";
import type {
  Call,
  Choice,
  Closing,
  Contradiction,
  Item,
  Proposal,
  Statement,
  Tallied,
  Vote,
} from "./types.ts";

const PROTOCOL = "meshdeck/proposals";

/** A proposal and the SHA-256 of its bytes, which its votes are signed with. */
export interface Subject {
  readonly proposal: Proposal;
  readonly content: Uint8Array;
}

/** Everything that could tell one proposal from another is in it, the electorate included. */
export function contentOf(proposal: Proposal): Uint8Array {
  const writer = new WireWriter();
  encodeProposal(writer, proposal);
  return sha256(writer.finish());
}

/** Signs and checks in the name of one mesh: signatures of another one mean nothing here. */
export class Notary {
  readonly #signer: Signer;
  readonly #context: SigningContext;

  constructor(signer: Signer, mesh: string) {
    this.#signer = signer;
    // The electorate is part of what is signed; there is no other configuration.
    this.#context = { protocol: PROTOCOL, mesh, epoch: 0 };
  }

  signCall(subject: Subject): Call {
    const { proposal } = subject;
    const signature = this.#sign(subject, callWord(this.#signer.self));
    return { kind: "call", proposal, signature };
  }

  signVote(subject: Subject, choice: Choice, reason: string): Vote {
    const vote = { kind: "vote", member: this.#signer.self, choice, reason } as const;
    const signature = this.#sign(subject, wordOf(vote));
    return { ...vote, proposal: subject.proposal.id, signature };
  }

  signClosing(subject: Subject, outcome: Tallied): Closing {
    const closing = { kind: "closing", member: this.#signer.self, outcome } as const;
    const signature = this.#sign(subject, wordOf(closing));
    return { ...closing, proposal: subject.proposal.id, signature };
  }

  isCall({ proposal, signature }: Call, content: Uint8Array): boolean {
    return this.#verify({ proposal, content }, callWord(proposal.id.origin), signature);
  }

  isStatement(statement: Statement, subject: Subject): boolean {
    return this.#verify(subject, wordOf(statement), statement.signature);
  }

  #sign(subject: Subject, word: Word): Uint8Array {
    return this.#signer.sign(this.#signedBytes(subject, word));
  }

  #verify(subject: Subject, word: Word, signature: Uint8Array): boolean {
    return this.#signer.verify(word.sender, this.#signedBytes(subject, word), signature);
  }

  #signedBytes({ proposal, content }: Subject, { type, sender, said }: Word): Uint8Array {
    const writer = new WireWriter();
    writer.bytes(content);
    encodeList(writer, said, (out, text) => out.string(text));
    const header = { type, view: 0, sequence: proposal.id.sequence, sender };
    return signedContent(this.#context, header, writer.finish());
  }
}

/** What a member says about a proposal, apart from the proposal. */
interface Word {
  readonly type: Item["kind"];
  readonly sender: NodeId;
  readonly said: readonly string[];
}

function callWord(sender: NodeId): Word {
  return { type: "call", sender, said: [] };
}

type Unsigned =
  | Pick<Vote, "kind" | "member" | "choice" | "reason">
  | Pick<Closing, "kind" | "member" | "outcome">;

function wordOf(statement: Unsigned): Word {
  const said =
    statement.kind === "vote" ? [statement.choice, statement.reason] : [statement.outcome];
  return { type: statement.kind, sender: statement.member, said };
}

/**
 * Whether the two items really prove that `accused` broke the rules: both are signed by it, and an
 * honest member signs at most one of them. Different votes in two decisions never do.
 */
export function provesContradiction(proof: Contradiction, notary: Notary): boolean {
  const { accused, call, first, second } = proof;
  if (first.kind === "call" || second.kind === "call") {
    return (
      first.kind === "call" &&
      second.kind === "call" &&
      first.proposal.id.origin === accused &&
      proposalKey(first.proposal.id) === proposalKey(second.proposal.id) &&
      !equalBytes(contentOf(first.proposal), contentOf(second.proposal)) &&
      notary.isCall(first, contentOf(first.proposal)) &&
      notary.isCall(second, contentOf(second.proposal))
    );
  }
  if (call === null || first.member !== accused || second.member !== accused) {
    return false;
  }
  const subject = { proposal: call.proposal, content: contentOf(call.proposal) };
  return (
    contradict(first, second) &&
    notary.isStatement(first, subject) &&
    notary.isStatement(second, subject)
  );
}

function contradict(first: Statement, second: Statement): boolean {
  if (first.kind === "vote") {
    return second.kind === "vote" && first.choice !== second.choice;
  }
  return second.kind === "closing" && first.outcome !== second.outcome;
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
