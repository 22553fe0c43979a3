/**
 * Byte-level reading and writing for the messages between nodes: little-endian, length-prefixed,
 * bounds-checked. Every protocol describes its messages with a `Codec` over these two classes.
 */

import { internText } from "./intern.ts";

/** Bytes from outside that are not a message of ours. An operating error, never a bug of ours. */
export class DecodeError extends Error {
  override readonly name = "DecodeError";
}

/** `decode(encode(m))` equals `m`; `decode` throws `DecodeError` on anything else, in bounded time. */
export interface Codec<Message> {
  encode(writer: WireWriter, message: Message): void;
  decode(reader: WireReader): Message;
}

const MAX_STRING_BYTES = 64 * 1024;
const INITIAL_CAPACITY = 256;
const textEncoder = new TextEncoder();
const textDecoder = new TextDecoder("utf-8", { fatal: true });

/** A growing buffer, reused from message to message; `finish` copies out what was written. */
export class WireWriter {
  #buffer = new Uint8Array(INITIAL_CAPACITY);
  #view = new DataView(this.#buffer.buffer);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Forgets what was written, keeps the memory. */
  reset(): this {
    this.#length = 0;
    return this;
  }

  u8(value: number): void {
    this.#reserve(1);
    this.#buffer[this.#length++] = value;
  }

  /** A non-negative safe integer, 7 bits a byte, least significant first. */
  varint(value: number): void {
    if (!Number.isSafeInteger(value) || value < 0) {
      throw new RangeError(`varint out of range: ${value}`);
    }
    this.#reserve(8);
    let rest = value;
    while (rest >= 0x80) {
      this.#buffer[this.#length++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#buffer[this.#length++] = rest;
  }

  f64(value: number): void {
    this.#reserve(8);
    this.#view.setFloat64(this.#length, value, true);
    this.#length += 8;
  }

  /** UTF-8 with a varint length in front; at most 64 KiB. */
  string(value: string): void {
    const ascii = asciiLength(value);
    if (ascii >= 0) {
      this.varint(ascii);
      this.#reserve(ascii);
      for (let i = 0; i < ascii; i++) {
        this.#buffer[this.#length++] = value.charCodeAt(i);
      }
      return;
    }
    this.bytes(textEncoder.encode(value));
  }

  /** Raw bytes with a varint length in front. */
  bytes(value: Uint8Array): void {
    this.varint(value.length);
    this.#reserve(value.length);
    this.#buffer.set(value, this.#length);
    this.#length += value.length;
  }

  /** A copy of what was written since the last `reset`. */
  finish(): Uint8Array {
    return this.#buffer.slice(0, this.#length);
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#buffer.length) {
      return;
    }
    const grown = new Uint8Array(Math.max(needed, this.#buffer.length * 2));
    grown.set(this.#buffer);
    this.#buffer = grown;
    this.#view = new DataView(grown.buffer);
  }
}

/** Reads what `WireWriter` wrote; every read checks its bounds and throws `DecodeError`. */
export class WireReader {
  readonly #buffer: Uint8Array;
  #position = 0;

  constructor(buffer: Uint8Array) {
    this.#buffer = buffer;
  }

  get remaining(): number {
    return this.#buffer.length - this.#position;
  }

  u8(): number {
    const value = this.#buffer[this.#position];
    if (value === undefined) {
      throw new DecodeError("message ends early");
    }
    this.#position++;
    return value;
  }

  /** A varint of at most `max`; more is a `DecodeError`, so counts can be bounded at the source. */
  varint(max: number = Number.MAX_SAFE_INTEGER): number {
    let value = 0;
    let scale = 1;
    for (let i = 0; i < 8; i++) {
      const byte = this.u8();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) {
        if (value > max) {
          throw new DecodeError(`number ${value} is over the limit of ${max}`);
        }
        return value;
      }
      scale *= 0x80;
    }
    throw new DecodeError("number has too many bytes");
  }

  f64(): number {
    if (this.remaining < 8) {
      throw new DecodeError("message ends early");
    }
    const at = this.#buffer.byteOffset + this.#position;
    this.#position += 8;
    return new DataView(this.#buffer.buffer, at, 8).getFloat64(0, true);
  }

  string(maxBytes: number = MAX_STRING_BYTES): string {
    const length = this.varint(maxBytes);
    const end = this.#position + length;
    if (end > this.#buffer.length) {
      throw new DecodeError("string ends early");
    }
    const text =
      internText(this.#buffer, this.#position, end) ?? this.#decodeText(this.#position, end);
    this.#position = end;
    return text;
  }

  bytes(maxBytes: number): Uint8Array {
    const length = this.varint(maxBytes);
    const end = this.#position + length;
    if (end > this.#buffer.length) {
      throw new DecodeError("bytes end early");
    }
    const copy = this.#buffer.slice(this.#position, end);
    this.#position = end;
    return copy;
  }

  /** Trailing bytes mean that sender and receiver disagree about the format. */
  expectEnd(): void {
    if (this.remaining !== 0) {
      throw new DecodeError(`${this.remaining} bytes too many`);
    }
  }

  #decodeText(start: number, end: number): string {
    try {
      return textDecoder.decode(this.#buffer.subarray(start, end));
    } catch {
      throw new DecodeError("string is not UTF-8");
    }
  }
}

/** The number of characters when all are ASCII and few enough to copy by hand, else -1. */
function asciiLength(value: string): number {
  if (value.length > 64) {
    return -1;
  }
  for (let i = 0; i < value.length; i++) {
    if (value.charCodeAt(i) > 0x7f) {
      return -1;
    }
  }
  return value.length;
}
