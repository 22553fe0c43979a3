/**
 * Ed25519 (RFC 8032) by Node's own crypto: the one verification rule of a mesh. OpenSSL's is
 * strict: S below the group order, R compared byte by byte, no cofactor.
 */
import {
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  sign as signBytes,
  verify as verifyBytes,
} from "node:crypto";
import { assert } from "#main/kernel/assert.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import { SIGNATURE_BYTES, type Signer } from "#main/kernel/signer.ts";
import { PUBLIC_KEY_BYTES, type PublicKeyProblem, publicKeyProblem } from "./public-key.ts";
import type { VerificationMemo } from "./verification-memo.ts";

export const SEED_BYTES = 32;

export interface Keys {
  /** Never leaves the process. */
  readonly privateKey: KeyObject;
  /** 32 bytes, as RFC 8032 encodes a point. */
  readonly publicKey: Uint8Array;
}

/** PKCS #8 and SubjectPublicKeyInfo around a bare Ed25519 key (RFC 8410). */
const PKCS8_PREFIX = Buffer.from("302e020100300506032b657004220420", "hex");
const SPKI_PREFIX = Buffer.from("302a300506032b6570032100", "hex");

/** The same seed (32 bytes: the private key of RFC 8032) always gives the same keys. */
export function createKeys(seed: Uint8Array): Keys {
  assert(seed.length === SEED_BYTES, `a seed has ${SEED_BYTES} bytes`);
  const der = Buffer.concat([PKCS8_PREFIX, seed]);
  const privateKey = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  const exported = createPublicKey(privateKey).export({ format: "der", type: "spki" });
  return { privateKey, publicKey: new Uint8Array(exported.subarray(-PUBLIC_KEY_BYTES)) };
}

interface Admitted {
  readonly bytes: Uint8Array;
  readonly key: KeyObject;
}

/** Everybody's public keys. One node, one key, for good: another key needs another name. */
export class KeyDirectory {
  readonly #keys = new Map<NodeId, Admitted>();

  /** Why the key was not admitted; null when it is in. Admitting it again changes nothing. */
  admit(node: NodeId, publicKey: Uint8Array): PublicKeyProblem | "other-key" | null {
    const problem = publicKeyProblem(publicKey);
    if (problem !== null) {
      return problem;
    }
    const standing = this.#keys.get(node);
    if (standing !== undefined) {
      return Buffer.compare(standing.bytes, publicKey) === 0 ? null : "other-key";
    }
    const der = Buffer.concat([SPKI_PREFIX, publicKey]);
    const key = createPublicKey({ key: der, format: "der", type: "spki" });
    this.#keys.set(node, { bytes: Uint8Array.from(publicKey), key });
    return null;
  }

  get(node: NodeId): Admitted | undefined {
    return this.#keys.get(node);
  }

  get size(): number {
    return this.#keys.size;
  }
}

/** Without a memo every verification is done; with one, each (key, content, signature) once. */
export function createSigner(
  self: NodeId,
  privateKey: KeyObject,
  directory: KeyDirectory,
  memo?: VerificationMemo,
): Signer {
  return {
    self,
    sign: (content) => new Uint8Array(signBytes(null, content, privateKey)),
    verify(signer, content, signature) {
      const admitted = directory.get(signer);
      if (admitted === undefined || signature.length !== SIGNATURE_BYTES) {
        return false;
      }
      const check = () => verifyBytes(null, content, admitted.key, signature);
      return memo === undefined ? check() : memo.recall(admitted.bytes, content, signature, check);
    },
  };
}
