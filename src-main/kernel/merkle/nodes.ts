/**
 * The tree's nodes and their hashes. Leaves and inner nodes hash in different domains (0x00 and
 * 0x01, as RFC 6962 does), so neither can pass for the other; everything of variable length has its
 * length in front; children keep their places, for a sum or an exclusive or would let pairs cancel.
 */
import { compareText } from "../crdt/canonical.ts";
import { sha256 } from "../sha256.ts";
import { WireWriter } from "../wire.ts";

export interface MerkleEntry {
  /** Which write this is, as its owner writes it; equal writes are equal bytes. */
  readonly version: Uint8Array;
  /** A digest of the value, or of the tombstone. */
  readonly valueHash: Uint8Array;
  /** A tombstone: part of the tree like any value, or repair would bring back what was deleted. */
  readonly deleted: boolean;
}

export interface Leaf {
  readonly kind: "leaf";
  /** The edit that may change this node in place; others copy it. */
  readonly edit: object;
  readonly entries: Map<string, MerkleEntry>;
  /** Null while it has to be computed. */
  hash: Uint8Array | null;
}

export interface Inner {
  readonly kind: "inner";
  readonly edit: object;
  readonly children: (TreeNode | null)[];
  hash: Uint8Array | null;
}

export type TreeNode = Leaf | Inner;

const LEAF_DOMAIN = 0x00;
const INNER_DOMAIN = 0x01;
const NO_CHILD = new Uint8Array(0);
const writer = new WireWriter();

/** Nodes hashed since the start, for tests and benchmarks of how little is recomputed. */
export interface HashCount {
  nodes: number;
}

/** Computes what is missing from the leaves upwards; what has a hash is not visited. */
export function nodeHash(node: TreeNode, count: HashCount): Uint8Array {
  if (node.hash === null) {
    count.nodes++;
    node.hash = node.kind === "leaf" ? leafHash(node.entries) : innerHash(node, count);
  }
  return node.hash;
}

export function sortedBucket(entries: ReadonlyMap<string, MerkleEntry>): [string, MerkleEntry][] {
  return [...entries].sort(([a], [b]) => compareText(a, b));
}

function leafHash(entries: ReadonlyMap<string, MerkleEntry>): Uint8Array {
  writer.reset().u8(LEAF_DOMAIN);
  for (const [key, entry] of sortedBucket(entries)) {
    writer.string(key);
    writer.bytes(entry.valueHash);
    writer.bytes(entry.version);
    writer.u8(entry.deleted ? 1 : 0);
  }
  return sha256(writer.finish());
}

function innerHash(node: Inner, count: HashCount): Uint8Array {
  const hashes = node.children.map((child) => (child === null ? NO_CHILD : nodeHash(child, count)));
  writer.reset().u8(INNER_DOMAIN);
  for (const hash of hashes) {
    writer.bytes(hash);
  }
  return sha256(writer.finish());
}
