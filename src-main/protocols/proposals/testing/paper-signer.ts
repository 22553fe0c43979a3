/**
 * A signer for tests: a checksum of the content keyed by the signer's name. Everybody could forge
 * it, so tests forge only by handing nodes a signer of their own.
 */
import type { NodeId } from "#main/kernel/machine.ts";
import { sha256Concat } from "#main/kernel/sha256.ts";
import type { Signer } from "#main/kernel/signer.ts";

const text = new TextEncoder();

export function paperSigner(self: NodeId): Signer {
  return {
    self,
    sign: (content) => seal(self, content),
    verify: (signer, content, signature) => {
      const right = seal(signer, content);
      return right.length === signature.length && right.every((byte, i) => byte === signature[i]);
    },
  };
}

function seal(signer: NodeId, content: Uint8Array): Uint8Array {
  return sha256Concat(text.encode(`${signer}'s key:`), content);
}
