/**
 * The one place where messages are signed and signatures checked. What is signed names protocol,
 * mesh, epoch, type, view, sequence and sender, so nothing signed for one place fits another.
 */
import type { NodeId } from "#main/kernel/machine.ts";
import { type SigningContext, signedContent } from "#main/kernel/signed-content.ts";
import type { Signer } from "#main/kernel/signer.ts";
import { WireWriter } from "#main/kernel/wire.ts";
import { encodeSignedBody } from "./codec.ts";
import type {
  CheckpointCertificate,
  CommitCertificate,
  Digest,
  PbftMessage,
  PreparedCertificate,
  UnsignedMessage,
  Vote,
} from "./types.ts";

const body = new WireWriter();

export function pbftContext(mesh: string, epoch: number): SigningContext {
  return { protocol: "pbft", mesh, epoch };
}

export function contentOf(context: SigningContext, message: UnsignedMessage): Uint8Array {
  body.reset();
  encodeSignedBody(body, message);
  return signedContent(context, message, body.finish());
}

/**
 * The message with its own signature; a signature it had is replaced. For traitors of a simulated
 * mesh as well: they can alter what they send, and sign it with their own key only.
 */
export function signMessage<Message extends UnsignedMessage>(
  signer: Signer,
  context: SigningContext,
  message: Message,
): Message & { readonly signature: Uint8Array } {
  return { ...message, signature: signer.sign(contentOf(context, message)) };
}

/** Whether `sender` signed exactly this. Embedded signatures are not looked at. */
export function verifyMessage(
  signer: Signer,
  context: SigningContext,
  message: PbftMessage,
): boolean {
  return signer.verify(message.sender, contentOf(context, message), message.signature);
}

/** Checks signatures that a certificate holds, against the messages they were taken from. */
export class CertificateVerifier {
  readonly #signer: Signer;
  readonly #context: SigningContext;
  readonly #members: ReadonlySet<NodeId>;
  readonly #quorum: number;

  constructor(signer: Signer, context: SigningContext, members: readonly NodeId[], quorum: number) {
    this.#signer = signer;
    this.#context = context;
    this.#members = new Set(members);
    this.#quorum = quorum;
  }

  checkpoint({ sequence, digest, votes }: CheckpointCertificate): boolean {
    const signed = { type: "checkpoint", view: 0, sequence, digest } as const;
    return this.#votes(signed, votes, this.#quorum);
  }

  commit({ view, sequence, digest, votes }: CommitCertificate): boolean {
    return this.#votes({ type: "commit", view, sequence, digest }, votes, this.#quorum);
  }

  /** The primary's word is its pre-prepare: as a prepare it does not count. */
  prepared(certificate: PreparedCertificate, primary: NodeId): boolean {
    const { view, sequence, digest, signature, votes } = certificate;
    return (
      votes.every(({ sender }) => sender !== primary) &&
      this.prePrepare({ view, sequence, digest, signature, sender: primary }) &&
      this.#votes({ type: "prepare", view, sequence, digest }, votes, this.#quorum - 1)
    );
  }

  prePrepare(message: {
    readonly view: number;
    readonly sequence: number;
    readonly digest: Digest;
    readonly sender: NodeId;
    readonly signature: Uint8Array;
  }): boolean {
    const { view, sequence, digest, sender, signature } = message;
    const unsigned = {
      type: "pre-prepare",
      view,
      sequence,
      sender,
      digest,
      batch: NO_BATCH,
    } as const;
    return this.#signer.verify(sender, contentOf(this.#context, unsigned), signature);
  }

  /** At least `needed` distinct members, and every signature good. */
  #votes(
    signed: {
      readonly type: "checkpoint" | "commit" | "prepare";
      readonly view: number;
      readonly sequence: number;
      readonly digest: Digest;
    },
    votes: readonly Vote[],
    needed: number,
  ): boolean {
    const senders = new Set(votes.map(({ sender }) => sender));
    if (senders.size !== votes.length || votes.length < needed) {
      return false;
    }
    return votes.every(
      ({ sender, signature }) =>
        this.#members.has(sender) &&
        this.#signer.verify(sender, contentOf(this.#context, { ...signed, sender }), signature),
    );
  }
}

/** The batch is no part of what is signed. */
const NO_BATCH = { time: 0, requests: [] } as const;
