import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hex, sha256 } from "../sha256.ts";
import type { MerkleEntry } from "./nodes.ts";
import { DEFAULT_SHAPE, leafCount, leafOfKey, type TreeShape } from "./shape.ts";
import { MerkleTree } from "./tree.ts";

const SMALL: TreeShape = { width: 8, depth: 2 };
const utf8 = new TextEncoder();

function entry(text: string, version = text, deleted = false): MerkleEntry {
  return { version: utf8.encode(version), valueHash: sha256(utf8.encode(text)), deleted };
}

type Contents = readonly (readonly [key: string, value: string, deleted: boolean])[];

function treeOf(contents: Contents, shape = SMALL): MerkleTree {
  const tree = new MerkleTree({ shape });
  for (const [key, value, deleted] of contents) {
    tree.set(key, entry(value, "1", deleted));
  }
  return tree;
}

const rootOf = (contents: Contents, shape = SMALL): string => hex(treeOf(contents, shape).root());

/** Few keys and values, so that equal contents are not rare; one write a key. */
const CONTENTS = fc.uniqueArray(
  fc.tuple(
    fc.constantFrom("a", "b", "ab", "ba", "é", "k1", "k2", "k3"),
    fc.constantFrom("x", "y"),
    fc.boolean(),
  ),
  { selector: ([key]) => key, maxLength: 8 },
);

/** Keys that fall into one leaf of the small shape. */
function keysOfLeaf(leaf: number, count: number): string[] {
  const keys: string[] = [];
  for (let i = 0; keys.length < count; i++) {
    if (leafOfKey(SMALL, `key-${i}`) === leaf) {
      keys.push(`key-${i}`);
    }
  }
  return keys;
}

/** Equal for the same entries in any order. */
function textOf(contents: readonly unknown[]): string {
  return JSON.stringify(contents.map((entry) => JSON.stringify(entry)).toSorted());
}

describe("the root", () => {
  test("is equal exactly when the contents are equal", () => {
    fc.assert(
      fc.property(CONTENTS, CONTENTS, (a, b) => {
        const same = textOf(a) === textOf(b);
        expect(rootOf(a) === rootOf(b)).toBe(same);
      }),
    );
  });

  test("does not depend on the order of writing, nor on what was there before", () => {
    fc.assert(
      fc.property(CONTENTS, CONTENTS, (contents, before) => {
        const plain = rootOf(contents);
        expect(rootOf(contents.toReversed())).toBe(plain);
        const tree = treeOf(before);
        tree.root();
        before.forEach(([key]) => tree.remove(key));
        contents.forEach(([key, value, deleted]) => tree.set(key, entry(value, "1", deleted)));
        expect(hex(tree.root())).toBe(plain);
        expect(tree.size).toBe(contents.length);
      }),
    );
  });

  test("sees the value, the version, and whether it is a tombstone", () => {
    const roots = [entry("v", "1"), entry("w", "1"), entry("v", "2"), entry("v", "1", true)].map(
      (one) => {
        const tree = new MerkleTree({ shape: SMALL });
        tree.set("k", one);
        return hex(tree.root());
      },
    );
    expect(new Set(roots).size).toBe(4);
  });

  test("tombstones are part of it: deleted is something else than never there", () => {
    expect(rootOf([["k", "gone", true]])).not.toBe(rootOf([]));
  });

  test("equal pairs do not cancel out: two keys of one write each are not nothing", () => {
    const [first = "", second = ""] = keysOfLeaf(0, 2);
    const elsewhere = keysOfLeaf(1, 1)[0] ?? "";
    const empty = rootOf([]);
    const twice = rootOf([
      [first, "v", false],
      [second, "v", false],
    ]);
    expect(twice).not.toBe(empty);
    const swapped = rootOf([
      [first, "v", false],
      [elsewhere, "w", false],
    ]);
    expect(
      rootOf([
        [first, "w", false],
        [elsewhere, "v", false],
      ]),
    ).not.toBe(swapped);
  });
});

describe("hashing", () => {
  test("a leaf is hashed in domain 0x00 with a length before key, value and version", () => {
    const tree = new MerkleTree({ shape: { width: 8, depth: 1 } });
    tree.set("key", entry("value", "v1"));
    const leaf = leafOfKey(tree.shape, "key");
    const valueHash = sha256(utf8.encode("value"));
    const bytes = [0, 3, ...utf8.encode("key"), 32, ...valueHash, 2, ...utf8.encode("v1"), 0];
    expect(tree.snapshot().childHashes(0, 0)[leaf]).toEqual(sha256(Uint8Array.from(bytes)));
  });

  test("an inner node is hashed in domain 0x01 over its children in their places", () => {
    const tree = new MerkleTree({ shape: { width: 8, depth: 1 } });
    tree.set("key", entry("value"));
    const snapshot = tree.snapshot();
    const children = snapshot.childHashes(0, 0);
    const bytes = children.flatMap((hash) => (hash === null ? [0] : [32, ...hash]));
    expect(snapshot.root).toEqual(sha256(Uint8Array.from([1, ...bytes])));
  });

  test("a key whose bytes look like the entry of another is told apart from it", () => {
    const [first = "", second = ""] = keysOfLeaf(3, 2);
    const both = treeOf([
      [first, "v", false],
      [second, "v", false],
    ]);
    const joined = new MerkleTree({ shape: SMALL });
    joined.set(first, { ...entry("v"), version: utf8.encode(`1${second}`) });
    expect(hex(joined.root())).not.toBe(hex(both.root()));
  });

  test("keys spread evenly over the leaves", () => {
    const counts = Array.from({ length: leafCount(SMALL) }, () => 0);
    for (let i = 0; i < 6_400; i++) {
      const leaf = leafOfKey(SMALL, `key-${i}`);
      counts[leaf] = (counts[leaf] ?? 0) + 1;
    }
    // 100 expected each, binomial: five standard deviations are 50.
    expect(Math.max(...counts.map((count) => Math.abs(count - 100)))).toBeLessThan(50);
  });
});

describe("keeping it", () => {
  test("one write recomputes the path to its leaf and nothing else", () => {
    const tree = new MerkleTree();
    for (let i = 0; i < 2_000; i++) {
      tree.set(`key-${i}`, entry(`v${i}`));
    }
    tree.root();
    const before = tree.nodesHashed;
    tree.set("key-7", entry("changed"));
    tree.root();
    tree.root();
    expect(tree.nodesHashed - before).toBe(DEFAULT_SHAPE.depth + 1);
  });

  test("many writes to one leaf are hashed once", () => {
    const keys = keysOfLeaf(5, 20);
    const tree = new MerkleTree({ shape: SMALL });
    keys.forEach((key) => tree.set(key, entry(key)));
    tree.root();
    expect(tree.nodesHashed).toBe(SMALL.depth + 1);
  });

  test("a snapshot stays as it was while the tree is written to", () => {
    fc.assert(
      fc.property(CONTENTS, CONTENTS, (before, after) => {
        const tree = treeOf(before);
        const snapshot = tree.snapshot();
        const root = hex(snapshot.root);
        after.forEach(([key, value]) => tree.set(key, entry(value, "2")));
        before.forEach(([key], i) => i % 2 === 0 && tree.remove(key));
        tree.root();
        expect(hex(snapshot.root)).toBe(root);
        const kept = new MerkleTree({ shape: SMALL });
        for (let leaf = 0; leaf < leafCount(SMALL); leaf++) {
          snapshot.bucket(leaf).forEach(([key, held]) => kept.set(key, held));
        }
        expect(hex(kept.root())).toBe(root);
      }),
    );
  });

  test("a key too many is refused; one that is there can still be written", () => {
    const tree = new MerkleTree({ shape: SMALL, maxKeys: 1 });
    expect(tree.set("a", entry("1"))).toBe("stored");
    expect(tree.set("b", entry("1"))).toBe("full");
    expect(tree.set("a", entry("2"))).toBe("stored");
    expect(tree.remove("b")).toBe(false);
    expect(tree.remove("a")).toBe(true);
    expect(tree.size).toBe(0);
    expect(tree.get("a")).toBeUndefined();
  });

  test.each([
    { width: 12, depth: 2 },
    { width: 4, depth: 2 },
    { width: 512, depth: 1 },
    { width: 8, depth: 0 },
    { width: 256, depth: 3 },
  ])("a shape of %j is refused", (shape) => {
    expect(() => new MerkleTree({ shape })).toThrow();
  });
});
