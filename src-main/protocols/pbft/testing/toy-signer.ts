/** Signatures for tests: quick, and nobody signs for another without its secret. */
import type { NodeId } from "#main/kernel/machine.ts";
import { sha256Concat } from "#main/kernel/sha256.ts";
import { SIGNATURE_BYTES, type Signer } from "#main/kernel/signer.ts";

const encoder = new TextEncoder();

function toySignature(node: NodeId, content: Uint8Array): Uint8Array {
  const half = sha256Concat(encoder.encode(`secret of ${node}\n`), content);
  const signature = new Uint8Array(SIGNATURE_BYTES);
  signature.set(half);
  signature.set(half, half.length);
  return signature;
}

export function toySigner(self: NodeId): Signer {
  return {
    self,
    sign: (content) => toySignature(self, content),
    verify(signer, content, signature) {
      const expected = toySignature(signer, content);
      return (
        signature.length === SIGNATURE_BYTES && signature.every((byte, i) => byte === expected[i])
      );
    },
  };
}
