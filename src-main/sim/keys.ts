/**
 * Keys of a simulated mesh: real Ed25519, derived from the mesh and the node's name, so that a run
 * can be repeated. Made when first used: most meshes never sign.
 */
import { sha256 } from "#main/kernel/sha256.ts";
import { assert } from "#main/kernel/assert.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import type { Signer } from "#main/kernel/signer.ts";
import { createKeys, createSigner, KeyDirectory, type Keys } from "#main/crypto/ed25519.ts";
import { VerificationMemo } from "#main/crypto/verification-memo.ts";

const encoder = new TextEncoder();

export class SimKeys {
  readonly #mesh: string;
  readonly #keys = new Map<NodeId, Keys>();
  readonly #directory = new KeyDirectory();
  readonly #memo = new VerificationMemo();
  /** Nodes that exist or existed: the only ones whose signatures can be good. */
  readonly #known: Set<NodeId>;

  constructor(mesh: string, formed: readonly NodeId[]) {
    this.#mesh = mesh;
    this.#known = new Set(formed);
  }

  /** From now on the others accept what this node signs. */
  introduce(node: NodeId): void {
    this.#known.add(node);
  }

  signerOf(node: NodeId): Signer {
    this.introduce(node);
    let signer: Signer | undefined;
    const made = (): Signer => {
      const { privateKey } = this.#keysOf(node);
      signer ??= createSigner(node, privateKey, this.#directory, this.#memo);
      return signer;
    };
    return {
      self: node,
      sign: (content) => made().sign(content),
      verify: (other, content, signature) => {
        if (!this.#known.has(other)) {
          return false;
        }
        this.#keysOf(other);
        return made().verify(other, content, signature);
      },
    };
  }

  #keysOf(node: NodeId): Keys {
    const known = this.#keys.get(node);
    if (known !== undefined) {
      return known;
    }
    const keys = createKeys(sha256(encoder.encode(`meshdeck/simulated-key/${this.#mesh}/${node}`)));
    this.#keys.set(node, keys);
    const problem = this.#directory.admit(node, keys.publicKey);
    assert(problem === null, `the key of ${node} is no good: ${problem}`);
    return keys;
  }
}
