/**
 * Which Ed25519 public keys a mesh admits. Verifiers of different libraries disagree about keys of
 * small order and about encodings that are not canonical, so that whoever signs with such a key can
 * split correct nodes; they are refused before they get into a directory.
 */
import { assert } from "#main/kernel/assert.ts";

export const PUBLIC_KEY_BYTES = 32;

export type PublicKeyProblem =
  | "wrong-length"
  /** The number that it encodes is not below 2^255 - 19 (RFC 8032, section 5.1.3). */
  | "not-canonical"
  /** A point of order 1, 2, 4 or 8: some signatures of it fit every message. */
  | "small-order"
  | "not-on-the-curve";

const P = 2n ** 255n - 19n;
/** The curve's d = -121665/121666 (RFC 8032, section 5.1). */
const D = 37095705934669439343138083508754565189542113879843219016388785533085940283555n;
const SIGN_BIT = 1n << 255n;

/** The y of all points whose order divides 8; the sign of x does not matter for that. */
const SMALL_ORDER: ReadonlySet<bigint> = new Set([
  1n,
  P - 1n,
  0n,
  2707385501144840649318225287225658788936804267575313519463743609750303402022n,
  P - 2707385501144840649318225287225658788936804267575313519463743609750303402022n,
]);

/** Why `key` is not admitted; null for a key that is. */
export function publicKeyProblem(key: Uint8Array): PublicKeyProblem | null {
  if (key.length !== PUBLIC_KEY_BYTES) {
    return "wrong-length";
  }
  const y = littleEndian(key) % SIGN_BIT;
  if (y >= P) {
    return "not-canonical";
  }
  if (SMALL_ORDER.has(y)) {
    return "small-order";
  }
  return isOnCurve(y) ? null : "not-on-the-curve";
}

/** Whether x² = (y² - 1) / (d y² + 1) has a solution: Euler's criterion. */
function isOnCurve(y: bigint): boolean {
  const square = (y * y) % P;
  const above = (square + P - 1n) % P;
  const below = (D * square + 1n) % P;
  // A fraction is a square exactly when its two parts multiplied are.
  return power((above * below) % P, (P - 1n) / 2n) === 1n;
}

function power(base: bigint, exponent: bigint): bigint {
  assert(exponent >= 0n, "an exponent is not negative");
  let result = 1n;
  let factor = base;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) {
      result = (result * factor) % P;
    }
    factor = (factor * factor) % P;
  }
  return result;
}

function littleEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of [...bytes].reverse()) {
    value = (value << 8n) | BigInt(byte);
  }
  return value;
}
