// A Merkle exchange of 100,000 keys of which 10 differ: what travels, beside the floor of listing
// everything; and how fast trees are built and kept. One JSON line.
import type { LwwWrite } from "../src-main/kernel/crdt/lww.ts";
import { sha256 } from "../src-main/kernel/sha256.ts";
import { leafOfKey } from "../src-main/kernel/merkle/shape.ts";
import { repair, Replica } from "../src-main/kernel/merkle/testing/replica.ts";

const KEYS = 100_000;
const DIFFERING = 10;
const UPDATES = 10_000;

const utf8 = new TextEncoder();

/** Of the processor; the helper of the other benchmarks would load the whole simulator. */
function secondsOf(work: () => void): number {
  const begin = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(begin);
  return (user + system) / 1e6;
}

function write(at: number, text: string): LwwWrite {
  return { stamp: { at, node: "n1" }, value: utf8.encode(text) };
}

function filled(): Replica {
  const replica = new Replica();
  for (let i = 0; i < KEYS; i++) {
    replica.put(`namespace/key-${i}`, write(1, `value ${i}`));
  }
  return replica;
}

/** Bytes of the keys, versions and hashes of all: what comparing without a tree would send. */
function fullListing(replica: Replica): number {
  let bytes = 0;
  for (const key of replica.values.keys()) {
    const entry = replica.tree.get(key);
    bytes += key.length + 1 + (entry?.version.length ?? 0) + 1 + 33 + 1;
  }
  return bytes;
}

function hashRate(): number {
  const block = new Uint8Array(1 << 20);
  const rounds = 32;
  const seconds = secondsOf(() => {
    for (let i = 0; i < rounds; i++) {
      sha256(block);
    }
  });
  return (rounds * block.length) / 1e6 / seconds;
}

const one = filled();
const other = filled();
const buildSeconds = secondsOf(() => {
  const tree = filled().tree;
  tree.root();
});
const firstRootSeconds = secondsOf(() => {
  one.tree.root();
  other.tree.root();
});

const updateSeconds = secondsOf(() => {
  for (let i = 0; i < UPDATES; i++) {
    one.put(`namespace/key-${(i * 7) % KEYS}`, write(2, `again ${i}`));
    one.tree.root();
  }
});
repair(one, other);

for (let i = 0; i < DIFFERING; i++) {
  other.put(`namespace/key-${Math.floor((i * KEYS) / DIFFERING)}`, write(3, "newer"));
}
const changed = Array.from({ length: DIFFERING }, (_, i) => {
  return `namespace/key-${Math.floor((i * KEYS) / DIFFERING)}`;
});
const { shape } = one.tree;
const leaves = new Set(changed.map((key) => leafOfKey(shape, key)));
const inLeaves = [...one.values.keys()].filter((key) => leaves.has(leafOfKey(shape, key))).length;
// What the updates above left to hash is no part of the exchange.
one.tree.root();
other.tree.root();
let repaired = repair(new Replica(), new Replica());
const exchangeSeconds = secondsOf(() => {
  repaired = repair(one, other);
});
const again = repair(one, other);

const hashBound = shape.width * (1 + DIFFERING * (shape.depth - 1));
const floorBytes = fullListing(one);
const within =
  repaired.cost.hashes <= hashBound &&
  repaired.cost.keys === inLeaves &&
  repaired.moved === DIFFERING &&
  again.end?.kind === "equal";
const result = {
  bench: "merkle",
  within,
  keys: KEYS,
  differ: DIFFERING,
  shape: `${shape.width}^${shape.depth}`,
  messages: repaired.cost.messages,
  hashes: repaired.cost.hashes,
  hashBound,
  keysListed: repaired.cost.keys,
  keysInDifferingLeaves: inLeaves,
  valuesMoved: repaired.moved,
  bytes: repaired.bytes,
  floorBytes,
  savedTimes: Math.round(floorBytes / repaired.bytes),
  equalMessages: again.cost.messages,
  exchangeMs: Math.round(exchangeSeconds * 1_000),
  buildKeysPerSecond: Math.round(KEYS / buildSeconds),
  firstRootMs: Math.round((firstRootSeconds / 2) * 1_000),
  updateWithRootPerSecond: Math.round(UPDATES / updateSeconds),
  sha256MBPerSecond: Math.round(hashRate()),
};
console.log(JSON.stringify(result));
