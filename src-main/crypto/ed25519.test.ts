import { describe, expect, it } from "vitest";
import { createKeys, createSigner, KeyDirectory } from "./ed25519.ts";
import { publicKeyProblem } from "./public-key.ts";
import { VerificationMemo } from "./verification-memo.ts";

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, "hex"));
const hex = (value: Uint8Array) => Buffer.from(value).toString("hex");
const seedOf = (fill: number) => new Uint8Array(32).fill(fill);

/** RFC 8032, section 7.1: tests 1 to 3. */
const VECTORS = [
  {
    seed: "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
    publicKey: "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    message: "",
    signature:
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bac" +
      "c61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
  },
  {
    seed: "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
    publicKey: "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
    message: "72",
    signature:
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e" +
      "458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
  },
  {
    seed: "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
    publicKey: "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
    message: "af82",
    signature:
      "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290" +
      "ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
  },
] as const;

/** The five y of small order, encoded. */
const SMALL_ORDER = [
  "0100000000000000000000000000000000000000000000000000000000000000",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "0000000000000000000000000000000000000000000000000000000000000000",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
] as const;

function pair(memo?: VerificationMemo) {
  const directory = new KeyDirectory();
  const [a, b] = [createKeys(seedOf(1)), createKeys(seedOf(2))];
  expect(directory.admit("A", a.publicKey)).toBeNull();
  expect(directory.admit("B", b.publicKey)).toBeNull();
  const signerA = createSigner("A", a.privateKey, directory, memo);
  const signerB = createSigner("B", b.privateKey, directory, memo);
  return { signerA, signerB, directory };
}

describe("Ed25519", () => {
  it.each(VECTORS)("gives RFC 8032's keys and signature of $message", (vector) => {
    const keys = createKeys(bytes(vector.seed));
    expect(hex(keys.publicKey)).toBe(vector.publicKey);
    const directory = new KeyDirectory();
    expect(directory.admit("A", keys.publicKey)).toBeNull();
    const signer = createSigner("A", keys.privateKey, directory);
    const message = bytes(vector.message);
    expect(hex(signer.sign(message))).toBe(vector.signature);
    expect(signer.verify("A", message, bytes(vector.signature))).toBe(true);
  });

  it("refuses another signer, another content, a changed, cut or missing signature", () => {
    const { signerA, signerB } = pair();
    const content = bytes("00112233");
    const signature = signerA.sign(content);
    expect(signerB.verify("A", content, signature)).toBe(true);
    expect(signerB.verify("B", content, signature)).toBe(false);
    expect(signerB.verify("C", content, signature)).toBe(false);
    expect(signerB.verify("A", bytes("00112234"), signature)).toBe(false);
    expect(signerB.verify("A", content, signature.subarray(1))).toBe(false);
    expect(signerB.verify("A", content, new Uint8Array(0))).toBe(false);
    for (const at of [0, 31, 32, 63]) {
      const changed = Uint8Array.from(signature);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(signerB.verify("A", content, changed)).toBe(false);
    }
  });

  it("refuses a signature whose S is not below the group order", () => {
    const { signerA } = pair();
    const content = bytes("01");
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    const signature = signerA.sign(content);
    const s = BigInt(`0x${hex(signature.slice(32).reverse())}`) + order;
    const shifted = bytes(s.toString(16).padStart(64, "0")).reverse();
    expect(signerA.verify("A", content, signature)).toBe(true);
    expect(signerA.verify("A", content, Buffer.concat([signature.slice(0, 32), shifted]))).toBe(
      false,
    );
  });
});

describe("admission of public keys", () => {
  it.each(SMALL_ORDER)("refuses the point of small order %s, whatever its sign", (text) => {
    const key = bytes(text);
    expect(publicKeyProblem(key)).toBe("small-order");
    key[31] = (key[31] ?? 0) | 0x80;
    expect(publicKeyProblem(key)).toBe("small-order");
  });

  it("refuses encodings that are not canonical", () => {
    for (const last of ["ed", "ee", "ff"]) {
      expect(publicKeyProblem(bytes(`${last}${"ff".repeat(30)}7f`))).toBe("not-canonical");
      expect(publicKeyProblem(bytes(`${last}${"ff".repeat(31)}`))).toBe("not-canonical");
    }
  });

  it("refuses what is no point of the curve, and what has not 32 bytes", () => {
    expect(publicKeyProblem(bytes(`02${"00".repeat(31)}`))).toBe("not-on-the-curve");
    expect(publicKeyProblem(bytes("02"))).toBe("wrong-length");
  });

  it("keeps a node's first key", () => {
    const { directory } = pair();
    expect(directory.admit("A", createKeys(seedOf(1)).publicKey)).toBeNull();
    expect(directory.admit("A", createKeys(seedOf(3)).publicKey)).toBe("other-key");
    expect(directory.admit("C", bytes(SMALL_ORDER[0]))).toBe("small-order");
    expect(directory.size).toBe(2);
  });
});

describe("verification memo", () => {
  it("verifies each triple once, good or bad, and answers the same as without it", () => {
    const memo = new VerificationMemo();
    const { signerA, signerB } = pair(memo);
    const content = bytes("aa");
    const signature = signerA.sign(content);
    for (let i = 0; i < 3; i++) {
      expect(signerB.verify("A", content, signature)).toBe(true);
      expect(signerB.verify("B", content, signature)).toBe(false);
      expect(signerA.verify("A", bytes("ab"), signature)).toBe(false);
    }
    expect({ hits: memo.hits, misses: memo.misses }).toEqual({ hits: 6, misses: 3 });
  });

  it("is bounded: the oldest outcomes are forgotten and found out again", () => {
    const memo = new VerificationMemo({ capacity: 2 });
    const { signerA } = pair(memo);
    const contents = [bytes("01"), bytes("02"), bytes("03")];
    for (const content of contents) {
      expect(signerA.verify("A", content, signerA.sign(content))).toBe(true);
    }
    expect(memo.size).toBe(2);
    const [first] = contents as [Uint8Array];
    expect(signerA.verify("A", first, signerA.sign(first))).toBe(true);
    expect(memo.misses).toBe(4);
  });
});
