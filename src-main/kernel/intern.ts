/**
 * Node names and topics come in again and again. Short ASCII texts are looked up by their bytes in
 * a small direct-mapped table, which saves the decoding, the garbage, and the hashing of a fresh
 * string when it is used as a key. A cache only: what it holds never changes what a caller sees.
 */

const SLOTS = 8_192;
const MAX_BYTES = 32;
const table = Array.from({ length: SLOTS }, () => "");

/** The text of `buffer[start, end)`, or undefined when it is too long or not plain ASCII. */
export function internText(buffer: Uint8Array, start: number, end: number): string | undefined {
  if (end - start > MAX_BYTES) {
    return undefined;
  }
  let hash = end - start;
  for (let i = start; i < end; i++) {
    const byte = buffer[i] ?? 0x80;
    if (byte > 0x7f) {
      return undefined;
    }
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  const slot = (hash ^ (hash >>> 16)) & (SLOTS - 1);
  const cached = table[slot] ?? "";
  if (matches(cached, buffer, start, end)) {
    return cached;
  }
  const text = String.fromCharCode(...buffer.subarray(start, end));
  table[slot] = text;
  return text;
}

function matches(text: string, buffer: Uint8Array, start: number, end: number): boolean {
  if (text.length !== end - start) {
    return false;
  }
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) !== buffer[start + i]) {
      return false;
    }
  }
  return true;
}
