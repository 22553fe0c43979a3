/**
 * One order for everything: plain comparison of code units and bytes. Equal states are written as
 * equal bytes, and a list out of order is not one of ours.
 */
import { DecodeError, type WireReader, type WireWriter } from "../wire.ts";

export function compareText(a: string, b: string): number {
  if (a === b) {
    return 0;
  }
  return a < b ? -1 : 1;
}

/** Byte by byte; of two where one begins with the other, the shorter comes first. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const common = Math.min(a.length, b.length);
  for (let i = 0; i < common; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) {
      return difference;
    }
  }
  return a.length - b.length;
}

export function sortedKeys(map: ReadonlyMap<string, unknown>): string[] {
  return [...map.keys()].sort(compareText);
}

export function sortedEntries<Value>(map: ReadonlyMap<string, Value>): [string, Value][] {
  return [...map].sort(([a], [b]) => compareText(a, b));
}

/** Every key that either map has, once, in order. */
export function keysOfBoth(
  a: ReadonlyMap<string, unknown>,
  b: ReadonlyMap<string, unknown>,
): string[] {
  return [...new Set([...a.keys(), ...b.keys()])].sort(compareText);
}

/** Joins two maps key by key; `join` is asked only where both have the key. */
export function mergeMaps<Value>(
  a: ReadonlyMap<string, Value>,
  b: ReadonlyMap<string, Value>,
  join: (mine: Value, theirs: Value) => Value,
): ReadonlyMap<string, Value> {
  const merged = new Map(a);
  for (const [key, theirs] of b) {
    const mine = merged.get(key);
    merged.set(key, mine === undefined ? theirs : join(mine, theirs));
  }
  return merged;
}

export function encodeMap<Value>(
  writer: WireWriter,
  map: ReadonlyMap<string, Value>,
  encode: (writer: WireWriter, value: Value) => void,
): void {
  writer.varint(map.size);
  for (const [key, value] of sortedEntries(map)) {
    writer.string(key);
    encode(writer, value);
  }
}

export interface MapLimits {
  readonly entries: number;
  readonly keyBytes: number;
}

/** A map of at most so many entries, its keys in strictly rising order. */
export function decodeMap<Value>(
  reader: WireReader,
  limits: MapLimits,
  decode: (reader: WireReader) => Value,
): ReadonlyMap<string, Value> {
  const count = reader.varint(limits.entries);
  const map = new Map<string, Value>();
  let previous: string | null = null;
  for (let i = 0; i < count; i++) {
    const key = reader.string(limits.keyBytes);
    if (previous !== null && previous >= key) {
      throw new DecodeError("keys must rise");
    }
    previous = key;
    map.set(key, decode(reader));
  }
  return map;
}

/** Half of a surrogate pair: UTF-8 cannot carry it, so two texts would become the same bytes. */
const LONE_SURROGATE = /\p{Surrogate}/u;
const utf8 = new TextEncoder();

/** Whether the text can be written, and read again, within so many bytes of UTF-8. */
export function fitsText(text: string, maxBytes: number): boolean {
  if (text.length > maxBytes || LONE_SURROGATE.test(text)) {
    return false;
  }
  return text.length * 3 <= maxBytes || utf8.encode(text).length <= maxBytes;
}
