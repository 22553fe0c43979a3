/** What two replicas say to each other to find where their trees differ, and how it is written. */
import { SHA256_BYTES } from "../sha256.ts";
import { type Codec, DecodeError, type WireReader, type WireWriter } from "../wire.ts";
import { decodeList, encodeList, nameOfTag } from "../wire-lists.ts";
import * as limits from "./limits.ts";
import type { MerkleEntry } from "./nodes.ts";

/** How hashes are computed here; goes up with any change of it. */
export const HASH_FORMAT = 1;

/** Everything that two trees have to have in common before a comparison means anything. */
export interface TreeDescriptor {
  /** The replicated range: trees of different ranges differ everywhere, and rightly. */
  readonly range: string;
  readonly width: number;
  readonly depth: number;
  readonly hashFormat: number;
  /** How the owner writes versions and values; goes up with any change of it. */
  readonly valueFormat: number;
}

export type RefusalReason = "range" | "shape" | "hash-format" | "value-format" | "busy";

export interface NodeHashes {
  readonly index: number;
  /** As many as the tree is wide. */
  readonly children: readonly (Uint8Array | null)[];
}

export type KeyedEntry = readonly [key: string, entry: MerkleEntry];

export interface Bucket {
  readonly leaf: number;
  readonly entries: readonly KeyedEntry[];
  /** False: more entries follow, to be asked for. */
  readonly complete: boolean;
}

export type MerkleMessage = { readonly exchange: number } & (
  | { readonly type: "open"; readonly tree: TreeDescriptor; readonly root: Uint8Array }
  | { readonly type: "refused"; readonly reason: RefusalReason }
  | { readonly type: "equal" }
  /** Answers `open`, with the root's children, and `ask`. */
  | { readonly type: "nodes"; readonly level: number; readonly nodes: readonly NodeHashes[] }
  | { readonly type: "ask"; readonly level: number; readonly nodes: readonly number[] }
  /** `after`: the first leaf's entries up to this key are known already. */
  | { readonly type: "list"; readonly leaves: readonly number[]; readonly after: string | null }
  | { readonly type: "buckets"; readonly buckets: readonly Bucket[] }
  /** Keys that differ, with what the sender has. */
  | { readonly type: "differ"; readonly keys: readonly (readonly [string, MerkleEntry | null])[] }
  | { readonly type: "done" }
);

/** Tags are part of the wire contract: append only. */
const TYPES = [
  "open",
  "refused",
  "equal",
  "nodes",
  "ask",
  "list",
  "buckets",
  "differ",
  "done",
] as const satisfies MerkleMessage["type"][];
const REASONS = [
  "range",
  "shape",
  "hash-format",
  "value-format",
  "busy",
] as const satisfies RefusalReason[];

export const merkleCodec: Codec<MerkleMessage> = {
  encode(writer, message) {
    writer.u8(TYPES.indexOf(message.type));
    writer.varint(message.exchange);
    switch (message.type) {
      case "open":
        encodeDescriptor(writer, message.tree);
        writer.bytes(message.root);
        break;
      case "refused":
        writer.u8(REASONS.indexOf(message.reason));
        break;
      case "nodes":
        writer.varint(message.level);
        encodeList(writer, message.nodes, encodeNode);
        break;
      case "ask":
        writer.varint(message.level);
        encodeList(writer, message.nodes, (to, index) => to.varint(index));
        break;
      case "list":
        encodeList(writer, message.leaves, (to, leaf) => to.varint(leaf));
        encodeOptional(writer, message.after, (to, key) => to.string(key));
        break;
      case "buckets":
        encodeList(writer, message.buckets, encodeBucket);
        break;
      case "differ":
        encodeList(writer, message.keys, encodeDifference);
        break;
      case "equal":
      case "done":
        break;
    }
  },

  decode(reader) {
    const type = nameOfTag(TYPES, reader.u8());
    const exchange = reader.varint();
    switch (type) {
      case "open":
        return { type, exchange, tree: decodeDescriptor(reader), root: decodeHash(reader) };
      case "refused":
        return { type, exchange, reason: nameOfTag(REASONS, reader.u8()) };
      case "nodes":
        return { type, exchange, level: decodeLevel(reader), nodes: decodeNodes(reader) };
      case "ask": {
        const level = decodeLevel(reader);
        return { type, exchange, level, nodes: decodeIndices(reader, MAX_ASKED_NODES) };
      }
      case "list": {
        const leaves = decodeIndices(reader, limits.MAX_LEAVES_PER_LIST);
        return { type, exchange, leaves, after: decodeOptional(reader, decodeKey) };
      }
      case "buckets":
        return { type, exchange, buckets: decodeBuckets(reader) };
      case "differ": {
        const keys = decodeList(reader, limits.MAX_ENTRIES_PER_MESSAGE, decodeDifference);
        return { type, exchange, keys };
      }
      case "equal":
      case "done":
        return { type, exchange };
    }
  },
};

const MAX_ASKED_NODES = limits.MAX_HASHES_PER_MESSAGE / limits.MIN_WIDTH;

function encodeDescriptor(writer: WireWriter, tree: TreeDescriptor): void {
  writer.string(tree.range);
  writer.varint(tree.width);
  writer.varint(tree.depth);
  writer.varint(tree.hashFormat);
  writer.varint(tree.valueFormat);
}

/** Any numbers: what does not fit is refused with a reason, which says more than a decode error. */
function decodeDescriptor(reader: WireReader): TreeDescriptor {
  return {
    range: reader.string(limits.MAX_RANGE_BYTES),
    width: reader.varint(),
    depth: reader.varint(),
    hashFormat: reader.varint(),
    valueFormat: reader.varint(),
  };
}

function decodeLevel(reader: WireReader): number {
  return reader.varint(limits.MAX_DEPTH - 1);
}

function decodeIndices(reader: WireReader, max: number): readonly number[] {
  return decodeList(reader, max, (from) => from.varint(limits.MAX_LEAVES - 1));
}

function decodeHash(reader: WireReader): Uint8Array {
  const hash = reader.bytes(SHA256_BYTES);
  if (hash.length !== SHA256_BYTES) {
    throw new DecodeError(`a hash of ${hash.length} bytes`);
  }
  return hash;
}

function decodeKey(reader: WireReader): string {
  return reader.string(limits.MAX_KEY_BYTES);
}

/** One bit a child says whether a hash follows. */
function encodeNode(writer: WireWriter, node: NodeHashes): void {
  writer.varint(node.index);
  writer.varint(node.children.length);
  for (let i = 0; i < node.children.length; i += 8) {
    let bits = 0;
    for (let bit = 0; bit < 8; bit++) {
      bits |= (node.children[i + bit] ?? null) === null ? 0 : 1 << bit;
    }
    writer.u8(bits);
  }
  for (const hash of node.children) {
    if (hash !== null) {
      writer.bytes(hash);
    }
  }
}

function decodeNodes(reader: WireReader): readonly NodeHashes[] {
  let left = limits.MAX_HASHES_PER_MESSAGE;
  return decodeList(reader, MAX_ASKED_NODES, (from) => {
    const index = from.varint(limits.MAX_LEAVES - 1);
    const width = from.varint(Math.min(left, limits.MAX_WIDTH));
    left -= width;
    if (width % 8 !== 0) {
      throw new DecodeError(`a node of ${width} children`);
    }
    const present: boolean[] = [];
    for (let i = 0; i < width; i += 8) {
      const bits = from.u8();
      for (let bit = 0; bit < 8; bit++) {
        present.push((bits & (1 << bit)) !== 0);
      }
    }
    return { index, children: present.map((is) => (is ? decodeHash(from) : null)) };
  });
}

function encodeEntry(writer: WireWriter, entry: MerkleEntry): void {
  writer.u8(entry.deleted ? 1 : 0);
  writer.bytes(entry.valueHash);
  writer.bytes(entry.version);
}

function decodeEntry(reader: WireReader): MerkleEntry {
  const deleted = decodeFlag(reader);
  const valueHash = decodeHash(reader);
  return { deleted, valueHash, version: reader.bytes(limits.MAX_VERSION_BYTES) };
}

function encodeBucket(writer: WireWriter, bucket: Bucket): void {
  writer.varint(bucket.leaf);
  writer.u8(bucket.complete ? 1 : 0);
  encodeList(writer, bucket.entries, (to, [key, entry]) => {
    to.string(key);
    encodeEntry(to, entry);
  });
}

function decodeBuckets(reader: WireReader): readonly Bucket[] {
  let left = limits.MAX_ENTRIES_PER_MESSAGE;
  return decodeList(reader, limits.MAX_LEAVES_PER_LIST, (from) => {
    const leaf = from.varint(limits.MAX_LEAVES - 1);
    const complete = decodeFlag(from);
    const entries = decodeList(from, left, (each): KeyedEntry => {
      const key = decodeKey(each);
      return [key, decodeEntry(each)];
    });
    left -= entries.length;
    return { leaf, entries, complete };
  });
}

function encodeDifference(
  writer: WireWriter,
  [key, entry]: readonly [string, MerkleEntry | null],
): void {
  writer.string(key);
  encodeOptional(writer, entry, encodeEntry);
}

function decodeDifference(reader: WireReader): readonly [string, MerkleEntry | null] {
  const key = decodeKey(reader);
  return [key, decodeOptional(reader, decodeEntry)];
}

function encodeOptional<Item>(
  writer: WireWriter,
  item: Item | null,
  encode: (writer: WireWriter, item: Item) => void,
): void {
  writer.u8(item === null ? 0 : 1);
  if (item !== null) {
    encode(writer, item);
  }
}

function decodeOptional<Item>(
  reader: WireReader,
  decode: (reader: WireReader) => Item,
): Item | null {
  return decodeFlag(reader) ? decode(reader) : null;
}

function decodeFlag(reader: WireReader): boolean {
  const flag = reader.u8();
  if (flag > 1) {
    throw new DecodeError(`a flag of ${flag}`);
  }
  return flag === 1;
}
