/** What both sides of an exchange do with what they hear: compare, and say what came of it. */
import { compareBytes, compareText } from "../crdt/canonical.ts";
import { MAX_ENTRIES_PER_MESSAGE, PAGE_BYTES } from "./limits.ts";
import {
  HASH_FORMAT,
  type KeyedEntry,
  type MerkleMessage,
  type RefusalReason,
  type TreeDescriptor,
} from "./messages.ts";
import type { MerkleEntry } from "./nodes.ts";
import type { TreeShape } from "./shape.ts";

/** A key of which the two sides hold different writes. What to do about it is the owner's affair. */
export interface KeyDifference {
  readonly key: string;
  /** In this side's snapshot; null when it is not there. */
  readonly here: MerkleEntry | null;
  readonly there: MerkleEntry | null;
}

export type ExchangeEnd =
  | { readonly kind: "equal" }
  /** Every difference between the two snapshots was found. */
  | { readonly kind: "compared" }
  /** The peer listed more than one exchange takes; the next one goes on. */
  | { readonly kind: "stopped" }
  | { readonly kind: "refused"; readonly reason: RefusalReason }
  /** The peer answered what was not asked, or what cannot be. */
  | { readonly kind: "violation"; readonly what: string };

export interface ExchangeStep {
  readonly send: readonly MerkleMessage[];
  readonly differences: readonly KeyDifference[];
  /** Null while the exchange goes on. */
  readonly end: ExchangeEnd | null;
}

export const NOTHING: ExchangeStep = { send: [], differences: [], end: null };

export function violation(what: string): ExchangeStep {
  return { ...NOTHING, end: { kind: "violation", what } };
}

/** What the trees of an owner are, beside their shape. */
export interface TreeIdentity {
  readonly range: string;
  readonly valueFormat: number;
}

export function describeTree(identity: TreeIdentity, shape: TreeShape): TreeDescriptor {
  return { ...identity, width: shape.width, depth: shape.depth, hashFormat: HASH_FORMAT };
}

/** Why two trees cannot be compared, or null. */
export function incompatibility(
  mine: TreeDescriptor,
  theirs: TreeDescriptor,
): RefusalReason | null {
  if (mine.range !== theirs.range) {
    return "range";
  }
  if (mine.hashFormat !== theirs.hashFormat) {
    return "hash-format";
  }
  if (mine.width !== theirs.width || mine.depth !== theirs.depth) {
    return "shape";
  }
  return mine.valueFormat === theirs.valueFormat ? null : "value-format";
}

export function sameEntry(a: MerkleEntry | null, b: MerkleEntry | null): boolean {
  if (a === null || b === null) {
    return a === b;
  }
  return (
    a.deleted === b.deleted &&
    compareBytes(a.valueHash, b.valueHash) === 0 &&
    compareBytes(a.version, b.version) === 0
  );
}

export function sameHash(a: Uint8Array | null, b: Uint8Array | null): boolean {
  return a === null || b === null ? a === b : compareBytes(a, b) === 0;
}

/** The keys of either list whose entries differ; both lists rise. */
export function differencesOf(
  here: readonly KeyedEntry[],
  there: readonly KeyedEntry[],
): KeyDifference[] {
  const mine = new Map(here);
  const theirs = new Map(there);
  const keys = [...new Set([...mine.keys(), ...theirs.keys()])].sort(compareText);
  return keys
    .map((key) => ({ key, here: mine.get(key) ?? null, there: theirs.get(key) ?? null }))
    .filter((difference) => !sameEntry(difference.here, difference.there));
}

/** What an entry takes in a message, at most. */
export function entryBytes(key: string, entry: MerkleEntry | null): number {
  return 3 * key.length + (entry === null ? 0 : entry.version.length + entry.valueHash.length);
}

/** As many messages as it takes. */
export function differMessages(
  exchange: number,
  differences: readonly KeyDifference[],
): MerkleMessage[] {
  const messages: MerkleMessage[] = [];
  let keys: [string, MerkleEntry | null][] = [];
  let bytes = 0;
  for (const { key, here } of differences) {
    keys.push([key, here]);
    bytes += entryBytes(key, here);
    if (keys.length === MAX_ENTRIES_PER_MESSAGE || bytes >= PAGE_BYTES) {
      messages.push({ type: "differ", exchange, keys });
      keys = [];
      bytes = 0;
    }
  }
  if (keys.length > 0) {
    messages.push({ type: "differ", exchange, keys });
  }
  return messages;
}
