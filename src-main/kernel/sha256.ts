/**
 * SHA-256 (FIPS 180-4), synchronous and in plain integers: the deterministic core may not reach
 * the platform's crypto, and a digest that peers compare has to withstand who looks for
 * collisions. For secrets it is not meant: nothing here runs in constant time.
 */
import { assert } from "./assert.ts";

export const SHA256_BYTES = 32;

/** The digest of `bytes`: 32 bytes, a fresh array. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return new Sha256().update(bytes).digest();
}

/** The digest of the parts one after the other. Bounds leave no trace: prefix lengths yourself. */
export function sha256Concat(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = new Sha256();
  for (const part of parts) {
    hash.update(part);
  }
  return hash.digest();
}

/** Two lower-case hexadecimal digits a byte. */
export function hex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) {
    text += HEX_OF_BYTE[byte];
  }
  return text;
}

/** A digest over bytes that come piece by piece. After `digest` it is used up. */
export class Sha256 {
  readonly #state = Int32Array.from(INITIAL_STATE);
  readonly #block = new Uint8Array(BLOCK_BYTES);
  /** Bytes that wait in the block. */
  #waiting = 0;
  #total = 0;
  #done = false;

  update(bytes: Uint8Array): this {
    assert(!this.#done, "this digest was taken already");
    this.#total += bytes.length;
    let at = 0;
    if (this.#waiting > 0) {
      at = Math.min(BLOCK_BYTES - this.#waiting, bytes.length);
      this.#block.set(bytes.subarray(0, at), this.#waiting);
      this.#waiting += at;
      if (this.#waiting < BLOCK_BYTES) {
        return this;
      }
      compress(this.#state, this.#block, 0);
      this.#waiting = 0;
    }
    for (; at + BLOCK_BYTES <= bytes.length; at += BLOCK_BYTES) {
      compress(this.#state, bytes, at);
    }
    this.#block.set(bytes.subarray(at));
    this.#waiting = bytes.length - at;
    return this;
  }

  digest(): Uint8Array {
    assert(!this.#done, "this digest was taken already");
    this.#done = true;
    this.#pad();
    const digest = new Uint8Array(SHA256_BYTES);
    for (let i = 0; i < SHA256_BYTES; i++) {
      digest[i] = (this.#state[i >>> 2] ?? 0) >>> (24 - 8 * (i & 3));
    }
    return digest;
  }

  /** A one bit, zeros, and the length in bits as 64 bits, up to a whole block (5.1.1). */
  #pad(): void {
    const block = this.#block;
    block[this.#waiting++] = 0x80;
    if (this.#waiting > LENGTH_AT) {
      compress(this.#state, block.fill(0, this.#waiting), 0);
      this.#waiting = 0;
    }
    block.fill(0, this.#waiting);
    // In bytes the length stays below 2^53, so in bits its upper word is below 2^24.
    let upper = Math.floor(this.#total / 2 ** 29);
    let lower = (this.#total * 8) >>> 0;
    for (let i = 3; i >= 0; i--) {
      block[LENGTH_AT + i] = upper;
      block[LENGTH_AT + 4 + i] = lower;
      upper >>>= 8;
      lower >>>= 8;
    }
    compress(this.#state, block, 0);
  }
}

const BLOCK_BYTES = 64;
const LENGTH_AT = 56;
const ROUNDS = 64;

/** First 32 bits of the fractions of the square roots of the first 8 primes (5.3.3). */
const INITIAL_STATE = [
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
];

/** First 32 bits of the fractions of the cube roots of the first 64 primes (4.2.2). */
const ROUND_CONSTANTS = Int32Array.of(
  0x428a2f98,
  0x71374491,
  0xb5c0fbcf,
  0xe9b5dba5,
  0x3956c25b,
  0x59f111f1,
  0x923f82a4,
  0xab1c5ed5,
  0xd807aa98,
  0x12835b01,
  0x243185be,
  0x550c7dc3,
  0x72be5d74,
  0x80deb1fe,
  0x9bdc06a7,
  0xc19bf174,
  0xe49b69c1,
  0xefbe4786,
  0x0fc19dc6,
  0x240ca1cc,
  0x2de92c6f,
  0x4a7484aa,
  0x5cb0a9dc,
  0x76f988da,
  0x983e5152,
  0xa831c66d,
  0xb00327c8,
  0xbf597fc7,
  0xc6e00bf3,
  0xd5a79147,
  0x06ca6351,
  0x14292967,
  0x27b70a85,
  0x2e1b2138,
  0x4d2c6dfc,
  0x53380d13,
  0x650a7354,
  0x766a0abb,
  0x81c2c92e,
  0x92722c85,
  0xa2bfe8a1,
  0xa81a664b,
  0xc24b8b70,
  0xc76c51a3,
  0xd192e819,
  0xd6990624,
  0xf40e3585,
  0x106aa070,
  0x19a4c116,
  0x1e376c08,
  0x2748774c,
  0x34b0bcb5,
  0x391c0cb3,
  0x4ed8aa4a,
  0x5b9cca4f,
  0x682e6ff3,
  0x748f82ee,
  0x78a5636f,
  0x84c87814,
  0x8cc70208,
  0x90befffa,
  0xa4506ceb,
  0xbef9a3f7,
  0xc67178f2,
);

const HEX_OF_BYTE = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** The message schedule: scratch that `compress` fills anew before it reads it. */
const schedule = new Int32Array(ROUNDS);

/** Mixes the 64 bytes from `offset` into the state (6.2.2). */
function compress(state: Int32Array, bytes: Uint8Array, offset: number): void {
  expandSchedule(bytes, offset);
  // One by one: taking the words apart as a list costs two thirds of the speed.
  let a = state[0] ?? 0;
  let b = state[1] ?? 0;
  let c = state[2] ?? 0;
  let d = state[3] ?? 0;
  let e = state[4] ?? 0;
  let f = state[5] ?? 0;
  let g = state[6] ?? 0;
  let h = state[7] ?? 0;
  for (let i = 0; i < ROUNDS; i++) {
    const sum1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const choice = (e & f) ^ (~e & g);
    const t1 = (h + sum1 + choice + (ROUND_CONSTANTS[i] ?? 0) + (schedule[i] ?? 0)) | 0;
    const sum0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const majority = (a & b) ^ (a & c) ^ (b & c);
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + sum0 + majority) | 0;
  }
  add(state, 0, a);
  add(state, 1, b);
  add(state, 2, c);
  add(state, 3, d);
  add(state, 4, e);
  add(state, 5, f);
  add(state, 6, g);
  add(state, 7, h);
}

function add(state: Int32Array, at: number, word: number): void {
  state[at] = (state[at] ?? 0) + word;
}

function expandSchedule(bytes: Uint8Array, offset: number): void {
  for (let i = 0; i < 16; i++) {
    const at = offset + 4 * i;
    schedule[i] =
      ((bytes[at] ?? 0) << 24) |
      ((bytes[at + 1] ?? 0) << 16) |
      ((bytes[at + 2] ?? 0) << 8) |
      (bytes[at + 3] ?? 0);
  }
  for (let i = 16; i < ROUNDS; i++) {
    const early = schedule[i - 15] ?? 0;
    const late = schedule[i - 2] ?? 0;
    const sigma0 =
      ((early >>> 7) | (early << 25)) ^ ((early >>> 18) | (early << 14)) ^ (early >>> 3);
    const sigma1 = ((late >>> 17) | (late << 15)) ^ ((late >>> 19) | (late << 13)) ^ (late >>> 10);
    schedule[i] = (schedule[i - 16] ?? 0) + sigma0 + (schedule[i - 7] ?? 0) + sigma1;
  }
}
