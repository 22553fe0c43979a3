/**
 * A hash tree of fixed shape over a set of keys, kept as keys come and go. Nodes are immutable once
 * a snapshot shares them: a snapshot is one pointer, and a write after it copies only the path to
 * its leaf. A write marks that path; hashes are computed when somebody asks, from the marked leaves
 * upwards.
 */
import { assert } from "../assert.ts";
import { fitsText } from "../crdt/canonical.ts";
import { SHA256_BYTES } from "../sha256.ts";
import { MAX_KEY_BYTES, MAX_TREE_KEYS, MAX_VERSION_BYTES } from "./limits.ts";
import type { HashCount, Inner, Leaf, MerkleEntry, TreeNode } from "./nodes.ts";
import { nodeHash, sortedBucket } from "./nodes.ts";
import { assertShape, childTowards, DEFAULT_SHAPE, leafOfKey, type TreeShape } from "./shape.ts";

export interface MerkleTreeOptions {
  readonly shape?: TreeShape;
  /** Keys at most, tombstones included. */
  readonly maxKeys?: number;
}

/** One tree per replicated range: two nodes mostly share some ranges only. */
export class MerkleTree {
  readonly shape: TreeShape;
  readonly #maxKeys: number;
  readonly #count: HashCount = { nodes: 0 };
  #edit: object = {};
  #root: Inner;
  #size = 0;

  constructor(options: MerkleTreeOptions = {}) {
    const { shape = DEFAULT_SHAPE, maxKeys = MAX_TREE_KEYS } = options;
    assertShape(shape);
    assert(Number.isSafeInteger(maxKeys) && maxKeys <= MAX_TREE_KEYS, `too many keys: ${maxKeys}`);
    this.shape = shape;
    this.#maxKeys = maxKeys;
    this.#root = emptyInner(shape, this.#edit);
  }

  /** Keys, tombstones included. */
  get size(): number {
    return this.#size;
  }

  /** Nodes hashed so far. */
  get nodesHashed(): number {
    return this.#count.nodes;
  }

  get(key: string): MerkleEntry | undefined {
    return bucketOf(this.#root, this.shape, leafOfKey(this.shape, key))?.get(key);
  }

  /** `full`: the tree has as many keys as it may, and this would be one more. */
  set(key: string, entry: MerkleEntry): "stored" | "full" {
    assert(fitsText(key, MAX_KEY_BYTES), "not a key of a tree");
    assert(entry.valueHash.length === SHA256_BYTES, "a value is known by its SHA-256");
    assert(entry.version.length <= MAX_VERSION_BYTES, "a version that is too long");
    const leaf = leafOfKey(this.shape, key);
    const known = bucketOf(this.#root, this.shape, leaf)?.has(key) === true;
    if (!known) {
      if (this.#size >= this.#maxKeys) {
        return "full";
      }
      this.#size++;
    }
    this.#change(leaf, (entries) => entries.set(key, entry));
    return "stored";
  }

  /**
   * Takes a key out without a trace. For tombstones whose time is over on all replicas, and for
   * keys of a range that went to others; a delete is a `set` of a tombstone.
   */
  remove(key: string): boolean {
    const leaf = leafOfKey(this.shape, key);
    if (bucketOf(this.#root, this.shape, leaf)?.has(key) !== true) {
      return false;
    }
    this.#size--;
    this.#change(leaf, (entries) => entries.delete(key));
    return true;
  }

  /** Equal for equal contents, whatever happened before. */
  root(): Uint8Array {
    return nodeHash(this.#root, this.#count);
  }

  /** The tree as it is now, untouched by what is written later. Costs no copy. */
  snapshot(): MerkleSnapshot {
    this.root();
    this.#edit = {};
    return new MerkleSnapshot(this.shape, this.#root);
  }

  #change(leaf: number, change: (entries: Map<string, MerkleEntry>) => void): void {
    const root = this.#changed(this.#root, { level: 0, leaf, change });
    this.#root = root?.kind === "inner" ? root : emptyInner(this.shape, this.#edit);
  }

  /** The node after the change, or null when nothing is left in it: empty is always the same. */
  #changed(node: TreeNode | null, at: Change): TreeNode | null {
    if (at.level === this.shape.depth) {
      const leaf = ownLeaf(node, this.#edit);
      at.change(leaf.entries);
      return leaf.entries.size === 0 ? null : leaf;
    }
    const inner = ownInner(node, this.shape, this.#edit);
    const place = childTowards(this.shape, at.level, at.leaf);
    const below = { ...at, level: at.level + 1 };
    inner.children[place] = this.#changed(inner.children[place] ?? null, below);
    return inner.children.every((child) => child === null) ? null : inner;
  }
}

interface Change {
  readonly level: number;
  readonly leaf: number;
  readonly change: (entries: Map<string, MerkleEntry>) => void;
}

/** A tree at one moment. Costs memory only for what changes meanwhile; let it go when done. */
export class MerkleSnapshot {
  readonly shape: TreeShape;
  readonly #root: Inner;

  constructor(shape: TreeShape, root: Inner) {
    this.shape = shape;
    this.#root = root;
  }

  get root(): Uint8Array {
    return nodeHash(this.#root, { nodes: 0 });
  }

  /** The hashes below the `index`-th inner node of a level; null where there is nothing. */
  childHashes(level: number, index: number): (Uint8Array | null)[] {
    assert(level >= 0 && level < this.shape.depth, `no level of inner nodes: ${level}`);
    const node = this.#inner(level, index);
    if (node === null) {
      return Array.from({ length: this.shape.width }, () => null);
    }
    return node.children.map((child) => (child === null ? null : nodeHash(child, { nodes: 0 })));
  }

  /** The entries of a leaf in the order of their keys. */
  bucket(leaf: number): [string, MerkleEntry][] {
    return sortedBucket(bucketOf(this.#root, this.shape, leaf) ?? new Map());
  }

  get(key: string): MerkleEntry | undefined {
    return bucketOf(this.#root, this.shape, leafOfKey(this.shape, key))?.get(key);
  }

  #inner(level: number, index: number): Inner | null {
    const anyLeaf = index * this.shape.width ** (this.shape.depth - level);
    const node = descend(this.#root, { shape: this.shape, levels: level, leaf: anyLeaf });
    return node?.kind === "inner" ? node : null;
  }
}

function bucketOf(
  root: Inner,
  shape: TreeShape,
  leaf: number,
): ReadonlyMap<string, MerkleEntry> | undefined {
  const node = descend(root, { shape, levels: shape.depth, leaf });
  return node?.kind === "leaf" ? node.entries : undefined;
}

interface Way {
  readonly shape: TreeShape;
  /** How many levels to go down. */
  readonly levels: number;
  readonly leaf: number;
}

function descend(root: Inner, way: Way): TreeNode | null {
  let node: TreeNode | null = root;
  for (let level = 0; level < way.levels; level++) {
    if (node?.kind !== "inner") {
      return null;
    }
    node = node.children[childTowards(way.shape, level, way.leaf)] ?? null;
  }
  return node;
}

/** The node itself when this edit made it, else a copy; in both cases its hash is to be computed. */
function ownLeaf(node: TreeNode | null, edit: object): Leaf {
  if (node?.kind === "leaf" && node.edit === edit) {
    node.hash = null;
    return node;
  }
  const entries = new Map(node?.kind === "leaf" ? node.entries : []);
  return { kind: "leaf", edit, entries, hash: null };
}

function ownInner(node: TreeNode | null, shape: TreeShape, edit: object): Inner {
  if (node?.kind !== "inner") {
    return emptyInner(shape, edit);
  }
  if (node.edit === edit) {
    node.hash = null;
    return node;
  }
  return { kind: "inner", edit, children: [...node.children], hash: null };
}

function emptyInner(shape: TreeShape, edit: object): Inner {
  const children = Array.from({ length: shape.width }, () => null);
  return { kind: "inner", edit, children, hash: null };
}
