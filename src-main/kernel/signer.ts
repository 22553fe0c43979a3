import type { NodeId } from "./machine.ts";

/**
 * A node's own signing key and everybody's public keys. Deterministic: the same content gives the
 * same signature (Ed25519 is). What is signed binds its purpose: see `signed-content.ts`.
 */
export interface Signer {
  readonly self: NodeId;
  sign(content: Uint8Array): Uint8Array;
  /** False also for a signer that has no key here and for bytes that are no signature. */
  verify(signer: NodeId, content: Uint8Array, signature: Uint8Array): boolean;
}

/** An Ed25519 signature. */
export const SIGNATURE_BYTES = 64;
