import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AssertionError } from "./assert.ts";
import { hex, Sha256, sha256, sha256Concat } from "./sha256.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Published examples: FIPS 180-4's worked ones and those of the validation suite (SHA256ShortMsg). */
const VECTORS: readonly (readonly [name: string, message: Uint8Array, digest: string])[] = [
  ["nothing", utf8(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
  ["one block", utf8("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
  [
    "two blocks",
    utf8("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
  ],
  [
    "four words of 28 letters",
    utf8(
      "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmn" +
        "hijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
    ),
    "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1",
  ],
  [
    "one byte",
    Uint8Array.of(0xbd),
    "68325720aabd7c82f30f554b313d0570c95accbb7dc4b5aae11204c08ffe732b",
  ],
  [
    "a million times the letter a",
    new Uint8Array(1_000_000).fill(0x61),
    "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
  ],
];

describe("sha256", () => {
  test.each(VECTORS)("has the published digest of %s", (_, message, digest) => {
    expect(hex(sha256(message))).toBe(digest);
  });

  test("agrees with the platform at every length around the padding's bounds", () => {
    const bytes = Uint8Array.from({ length: 200 }, (_, i) => (i * 37) & 0xff);
    for (let length = 0; length <= bytes.length; length++) {
      const message = bytes.subarray(0, length);
      expect(hex(sha256(message)), `${length} bytes`).toBe(platform(message));
    }
  });

  test("is the same in whatever pieces the bytes come", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 150 }), { maxLength: 8 }), (parts) => {
        const whole = Uint8Array.from(parts.flatMap((part) => [...part]));
        expect(hex(sha256Concat(...parts))).toBe(platform(whole));
      }),
    );
  });

  test("does not disturb another digest that is under way", () => {
    const first = new Sha256().update(utf8("a"));
    sha256(utf8("something else"));
    expect(hex(first.update(utf8("bc")).digest())).toBe(hex(sha256(utf8("abc"))));
  });

  test("a digest is taken once", () => {
    const hash = new Sha256();
    hash.digest();
    expect(() => hash.update(utf8("late"))).toThrow(AssertionError);
    expect(() => hash.digest()).toThrow(AssertionError);
  });
});

function platform(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
