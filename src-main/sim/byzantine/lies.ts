/** What a traitor says instead of the truth, message by message, signed with its own key. */
import type { NodeId } from "#main/kernel/machine.ts";
import type { Signer } from "#main/kernel/signer.ts";
import type { AggregationMessage } from "#main/protocols/aggregation/types.ts";
import { batchDigest } from "#main/protocols/pbft/digest.ts";
import { pbftContext, signMessage } from "#main/protocols/pbft/signing.ts";
import type { Digest, PbftMessage } from "#main/protocols/pbft/types.ts";
import type { RaftMessage } from "#main/protocols/raft/types.ts";
import type { Conspiracy } from "./conspiracy.ts";

/** Signatures are bound to the membership's epoch; a mesh keeps its first one. */
const EPOCH = 0;

/** Another truth for every second member: same place, same signature, other content. */
export function equivocate(
  conspiracy: Conspiracy,
  signer: Signer,
  to: NodeId,
  message: PbftMessage,
): PbftMessage {
  if (message.sender !== signer.self) {
    return message;
  }
  switch (message.type) {
    case "pre-prepare": {
      const batch = { ...message.batch, time: message.batch.time + 1 };
      const digest = batchDigest(batch);
      conspiracy.hide(message.view, message.sequence, digest);
      return conspiracy.isDeceived(to)
        ? signed(conspiracy, signer, { ...message, batch, digest })
        : message;
    }
    case "prepare":
    case "commit": {
      if (!conspiracy.isDeceived(to)) {
        return message;
      }
      const hidden = conspiracy.hidden(message.view, message.sequence);
      const digest = hidden ?? otherDigest(message.digest);
      return signed(conspiracy, signer, { ...message, digest });
    }
    case "checkpoint":
      return conspiracy.isDeceived(to)
        ? signed(conspiracy, signer, { ...message, digest: otherDigest(message.digest) })
        : message;
    case "reply":
      return conspiracy.isDeceived(to)
        ? signed(conspiracy, signer, { ...message, result: Uint8Array.of(0) })
        : message;
    default:
      return message;
  }
}

/** A digest that stands for nothing, to all. */
export function wrongDigest(
  conspiracy: Conspiracy,
  signer: Signer,
  message: PbftMessage,
): PbftMessage {
  if (message.sender !== signer.self || !("digest" in message)) {
    return message;
  }
  return signed(conspiracy, signer, { ...message, digest: otherDigest(message.digest) });
}

export function badSignature(message: PbftMessage): PbftMessage {
  const signature = Uint8Array.from(message.signature);
  signature[0] = (signature[0] ?? 0) ^ 0xff;
  return { ...message, signature };
}

/** pBFT: vouches for a commit as soon as it prepares. */
export function hastyCommit(
  conspiracy: Conspiracy,
  signer: Signer,
  message: PbftMessage,
): PbftMessage | null {
  if (message.type !== "prepare" || message.sender !== signer.self) {
    return null;
  }
  return signed(conspiracy, signer, { ...message, type: "commit" as const });
}

/** Raft: votes for whoever asks, as often as asked. */
export function voteForAll(message: RaftMessage): RaftMessage {
  return message.kind === "vote-reply" || message.kind === "pre-vote-reply"
    ? { ...message, granted: true }
    : message;
}

/** How much heavier a traitor makes the mesh look. */
const EXAGGERATION = 100;

/** Aggregation: gives away more than it has, so the whole mesh seems overloaded. */
export function heavyLoad(message: AggregationMessage): AggregationMessage {
  if (message.type !== "transfer") {
    return message;
  }
  const shares = message.mass.shares.map((share) => ({ ...share, sum: share.sum * EXAGGERATION }));
  return { ...message, mass: { ...message.mass, shares } };
}

function signed<M extends PbftMessage>(conspiracy: Conspiracy, signer: Signer, message: M): M {
  return signMessage<M>(signer, pbftContext(conspiracy.mesh, EPOCH), message);
}

/** As long as the true one, and never equal to it. */
function otherDigest(digest: Digest): Digest {
  return (digest.startsWith("f") ? "0" : "f") + digest.slice(1);
}
