// Merkle anti-entropy claim by claim (Dynamo 4.7, Riak's hash trees): replicas repair each other
// through the real codec.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LwwWrite } from "../crdt/lww.ts";
import { DecodeError } from "../wire.ts";
import { describeTree } from "./comparison.ts";
import { MerkleInitiator } from "./initiator.ts";
import * as limits from "./limits.ts";
import type { MerkleMessage, RefusalReason } from "./messages.ts";
import { MerkleResponder, refusalOf } from "./responder.ts";
import { leafOfKey, type TreeShape } from "./shape.ts";
import { decode, encode, holdSame, repair, Replica } from "./testing/replica.ts";

const SMALL: TreeShape = { width: 8, depth: 2 };
const IDENTITY = { range: "r", valueFormat: 1 };

const write = (at: number, text: string | null, node = "a"): LwwWrite => ({
  stamp: { at, node },
  value: text === null ? null : new TextEncoder().encode(text),
});

/** Two replicas with the same `count` keys. */
function twins(count: number, shape?: TreeShape): [Replica, Replica] {
  const options = shape === undefined ? {} : { shape };
  const pair: [Replica, Replica] = [new Replica(options), new Replica(options)];
  for (const replica of pair) {
    for (let i = 0; i < count; i++) {
      replica.put(`key-${i}`, write(1, `value ${i}`));
    }
  }
  return pair;
}

/** Replicas as lists of small numbers say: key, time and whether it is a removal. */
const WRITES = fc.array(fc.tuple(fc.nat({ max: 40 }), fc.nat({ max: 3 }), fc.boolean()), {
  maxLength: 40,
});

function replicaOf(writes: readonly (readonly [number, number, boolean])[], node: string): Replica {
  const replica = new Replica({ shape: SMALL });
  for (const [key, at, removal] of writes) {
    replica.put(`key-${key}`, write(at, removal ? null : `v${at}`, node));
  }
  return replica;
}

type Side = readonly [key: string, here: boolean, there: boolean];

function byKey([a]: Side, [b]: Side): number {
  return a < b ? -1 : 1;
}

describe("repair", () => {
  test("makes any two replicas equal, and a second one finds nothing to do", () => {
    fc.assert(
      fc.property(WRITES, WRITES, (ours, theirs) => {
        const [one, other] = [replicaOf(ours, "a"), replicaOf(theirs, "b")];
        const first = repair(one, other);
        expect(first.confirmed.map(({ key }) => key)).toEqual(first.found.map(({ key }) => key));
        expect(holdSame(one, other)).toBe(true);
        expect(one.tree.root()).toEqual(other.tree.root());
        const second = repair(one, other);
        expect(second).toMatchObject({ end: { kind: "equal" }, found: [], moved: 0 });
      }),
      { numRuns: 60 },
    );
  });

  test("finds exactly the keys that differ, with what either side has", () => {
    const [one, other] = twins(200);
    one.put("only here", write(2, "x"));
    other.put("only there", write(2, "y"));
    other.put("key-3", write(2, "newer"));
    const { found, confirmed, end } = repair(one, other);
    expect(end).toEqual({ kind: "compared" });
    const sides = found.map(({ key, here, there }): Side => [key, here !== null, there !== null]);
    expect(sides.sort(byKey)).toEqual([
      ["key-3", true, true],
      ["only here", true, false],
      ["only there", false, true],
    ]);
    const mirrored = confirmed.map(
      ({ key, here, there }): Side => [key, there !== null, here !== null],
    );
    expect(mirrored.sort(byKey)).toEqual(sides);
  });

  test("equal replicas exchange two messages and no hash but the root", () => {
    const [one, other] = twins(200);
    const { cost, end } = repair(one, other);
    expect(end).toEqual({ kind: "equal" });
    expect(cost).toEqual({ messages: 2, hashes: 0, keys: 0 });
  });

  test("a tombstone travels like a value, so repair does not bring back what was deleted", () => {
    const [one, other] = twins(50);
    one.put("key-3", write(2, null));
    repair(other, one);
    expect(other.values.get("key-3")?.value).toBeNull();
    expect(repair(one, other).end).toEqual({ kind: "equal" });
  });

  test("a tombstone collected on one side only comes back; collected on both it is gone", () => {
    const [one, other] = twins(50);
    for (const replica of [one, other]) {
      replica.put("key-3", write(2, null));
    }
    const collect = (replica: Replica): void => {
      replica.values.delete("key-3");
      replica.tree.remove("key-3");
    };
    collect(one);
    expect(repair(one, other).moved).toBe(1);
    collect(one);
    collect(other);
    expect(repair(one, other).end).toEqual({ kind: "equal" });
  });
});

describe("what it costs", () => {
  function costOf(keys: number, differing: number, shape?: TreeShape) {
    const [one, other] = twins(keys, shape);
    for (let i = 0; i < differing; i++) {
      other.put(`key-${Math.floor((i * keys) / differing)}`, write(2, "newer"));
    }
    return { ...repair(one, other), one };
  }

  test.each([1, 5, 20])("%i differing keys cost O(d log n) hashes", (differing) => {
    const { cost, found, one } = costOf(5_000, differing);
    const { width, depth } = one.tree.shape;
    expect(found).toHaveLength(differing);
    expect(cost.hashes).toBeLessThanOrEqual(width * (1 + differing * (depth - 1)));
  });

  test("only the keys of differing leaves move", () => {
    const { cost, found, one } = costOf(5_000, 10, SMALL);
    const leaves = new Set(found.map(({ key }) => leafOfKey(SMALL, key)));
    const inThem = [...one.values.keys()].filter((key) => leaves.has(leafOfKey(SMALL, key)));
    expect(leaves.size).toBeLessThan(20);
    expect(cost.keys).toBe(inThem.length);
  });

  test("a bucket larger than a message comes in pages, none twice", () => {
    const { cost, found, end } = costOf(5_000, 5_000, { width: 8, depth: 1 });
    expect(end).toEqual({ kind: "compared" });
    expect(found).toHaveLength(5_000);
    expect(cost.keys).toBe(5_000);
  });

  test("no message is larger than its limit, however much differs", () => {
    const one = new Replica();
    const other = new Replica();
    for (let i = 0; i < 3_000; i++) {
      other.put(`${"long ".repeat(100)}${i}`, write(1, "x"));
    }
    const sizes: number[] = [];
    const walker = new MerkleInitiator(one.tree.snapshot(), IDENTITY, 1);
    const answerer = new MerkleResponder(other.tree.snapshot(), IDENTITY, 1);
    let sent: readonly MerkleMessage[] = [walker.open()];
    while (!walker.ended) {
      const answers = sent.flatMap((message) => answerer.receive(message).send);
      sent = answers.flatMap((message) => walker.receive(message).send);
      sizes.push(...[...answers, ...sent].map((message) => encode(message).length));
    }
    expect(walker.cost.keys).toBe(3_000);
    expect(Math.max(...sizes)).toBeLessThan(limits.PAGE_BYTES + 8 * 1_024);
  });
});

describe("writes during an exchange", () => {
  test("are not seen by it: it finds what differed when it began, and ends", () => {
    const [one, other] = twins(300);
    other.put("key-5", write(2, "newer"));
    let time = 10;
    const meanwhile = (): void => {
      for (let i = 0; i < 20; i++) {
        one.put(`key-${i * 7}`, write(++time, "busy", "a"));
        other.put(`new-${time}`, write(time, "busy", "b"));
      }
    };
    const { found, end, cost } = repair(one, other, { meanwhile });
    expect(found.map(({ key }) => key)).toEqual(["key-5"]);
    expect(end).toEqual({ kind: "compared" });
    expect(cost.messages).toBeLessThan(15);
    repair(one, other);
    expect(repair(one, other).end).toEqual({ kind: "equal" });
  });
});

describe("both sides must agree", () => {
  const small = new Replica({ shape: SMALL });

  test("on the range: a node without it gets none of its keys", () => {
    const [one, other] = twins(20);
    one.put("secret", write(2, "x"));
    const outcome = repair(one, other, { range: "r1", otherRange: "r2" });
    expect(outcome).toMatchObject({ end: { kind: "refused", reason: "range" }, found: [] });
    expect(other.values.has("secret")).toBe(false);
  });

  test.each<[RefusalReason, object]>([
    ["range", { range: "other" }],
    ["shape", { width: 16 }],
    ["shape", { depth: 3 }],
    ["hash-format", { hashFormat: 2 }],
    ["value-format", { valueFormat: 2 }],
  ])("otherwise the exchange is refused: %s", (reason, difference) => {
    const snapshot = small.tree.snapshot();
    const tree = { ...describeTree(IDENTITY, SMALL), ...difference };
    const responder = new MerkleResponder(snapshot, IDENTITY, 1);
    const step = responder.receive({ type: "open", exchange: 1, tree, root: snapshot.root });
    expect(step.send).toEqual([refusalOf(1, reason)]);
    expect(step.end).toEqual({ kind: "refused", reason });
  });
});

describe("a peer that does not keep to it", () => {
  const other = replicaOf([[1, 1, false]], "b");

  function walking(): MerkleInitiator {
    const walker = new MerkleInitiator(new Replica({ shape: SMALL }).tree.snapshot(), IDENTITY, 1);
    walker.open();
    return walker;
  }

  /** A walker that waits for the buckets of the leaf of `key-1`. */
  function listing(): { walker: MerkleInitiator; leaf: number } {
    const walker = walking();
    const answerer = answering();
    let answer = answerer.receive(openOf(new Replica({ shape: SMALL }))).send;
    for (let i = 0; i < 2; i++) {
      const asked = answer.flatMap((message) => walker.receive(message).send);
      answer = asked.flatMap((message) => answerer.receive(message).send);
    }
    return { walker, leaf: leafOfKey(SMALL, "key-1") };
  }

  function answering(): MerkleResponder {
    return new MerkleResponder(other.tree.snapshot(), IDENTITY, 1);
  }

  function openOf(replica: Replica): MerkleMessage {
    const { root } = replica.tree.snapshot();
    return { type: "open", exchange: 1, tree: describeTree(IDENTITY, SMALL), root };
  }

  test("answers what was not asked: the exchange ends", () => {
    const nothing = Array.from({ length: 8 }, () => null);
    const answers: readonly MerkleMessage[] = [
      { type: "nodes", exchange: 1, level: 1, nodes: [{ index: 0, children: nothing }] },
      { type: "nodes", exchange: 1, level: 0, nodes: [] },
      { type: "nodes", exchange: 1, level: 0, nodes: [{ index: 0, children: [...nothing, null] }] },
      { type: "buckets", exchange: 1, buckets: [{ leaf: 0, entries: [], complete: true }] },
      openOf(other),
    ];
    for (const answer of answers) {
      expect(walking().receive(answer).end).toMatchObject({ kind: "violation" });
    }
  });

  test("lists keys of another leaf, twice, or endlessly: the exchange ends", () => {
    const { leaf } = listing();
    const entry = other.tree.get("key-1");
    const stray = leafOfKey(SMALL, "key-2") === leaf ? "key-3" : "key-2";
    expect(entry).toBeDefined();
    if (entry === undefined) {
      return;
    }
    const buckets = [
      [{ leaf, entries: [[stray, entry] as const], complete: true }],
      [{ leaf, entries: [["key-1", entry] as const, ["key-1", entry] as const], complete: true }],
      [{ leaf, entries: [], complete: false }],
      [{ leaf: leaf + 1, entries: [], complete: true }],
      [],
    ];
    for (const wrong of buckets) {
      const step = listing().walker.receive({ type: "buckets", exchange: 1, buckets: wrong });
      expect(step).toMatchObject({ end: { kind: "violation" }, differences: [] });
    }
    const right = [{ leaf, entries: [["key-1", entry] as const], complete: true }];
    const step = listing().walker.receive({ type: "buckets", exchange: 1, buckets: right });
    expect(step).toMatchObject({ end: { kind: "compared" }, differences: [{ key: "key-1" }] });
  });

  test("asks for what does not exist, or before it opened: the exchange ends", () => {
    const asks: readonly MerkleMessage[] = [
      { type: "ask", exchange: 1, level: 2, nodes: [0] },
      { type: "ask", exchange: 1, level: 1, nodes: [8] },
      { type: "ask", exchange: 1, level: 1, nodes: [] },
      { type: "ask", exchange: 1, level: 1, nodes: Array.from({ length: 129 }, () => 0) },
      { type: "list", exchange: 1, leaves: [64], after: null },
      { type: "list", exchange: 1, leaves: [], after: null },
      { type: "equal", exchange: 1 },
    ];
    for (const ask of asks) {
      const responder = answering();
      responder.receive(openOf(new Replica({ shape: SMALL })));
      expect(responder.receive(ask).end).toMatchObject({ kind: "violation" });
    }
    const ask: MerkleMessage = { type: "ask", exchange: 1, level: 0, nodes: [0] };
    expect(answering().receive(ask).end).toMatchObject({ kind: "violation" });
  });

  test("speaks of another exchange, or after the end: nothing comes of it", () => {
    const walker = walking();
    expect(walker.receive({ type: "equal", exchange: 2 }).end).toBeNull();
    expect(walker.receive({ type: "equal", exchange: 1 }).end).toEqual({ kind: "equal" });
    expect(walker.receive({ type: "refused", exchange: 1, reason: "busy" }).end).toBeNull();
  });

  test("claims differences that are none: they are left out", () => {
    const responder = answering();
    responder.receive(openOf(new Replica({ shape: SMALL })));
    const same = other.tree.get("key-1") ?? null;
    const keys = [["key-1", same] as const, ["nowhere", null] as const];
    expect(responder.receive({ type: "differ", exchange: 1, keys }).differences).toEqual([]);
  });

  test("asks to open once more, as its first question or our answer may be lost", () => {
    const responder = answering();
    const open = openOf(new Replica({ shape: SMALL }));
    expect(responder.receive(open)).toEqual(responder.receive(open));
  });
});

describe("messages", () => {
  const { root } = other();
  const samples: readonly MerkleMessage[] = [
    { type: "open", exchange: 3, tree: describeTree(IDENTITY, SMALL), root },
    refusalOf(3, "busy"),
    { type: "equal", exchange: 3 },
    {
      type: "nodes",
      exchange: 3,
      level: 1,
      nodes: [{ index: 5, children: [null, root, null, null, null, null, null, root] }],
    },
    { type: "ask", exchange: 3, level: 2, nodes: [1, 9] },
    { type: "list", exchange: 3, leaves: [1, 9], after: "é" },
    {
      type: "buckets",
      exchange: 3,
      buckets: [
        {
          leaf: 4,
          entries: [["k", { deleted: true, valueHash: root, version: Uint8Array.of(7) }]],
          complete: false,
        },
      ],
    },
    { type: "differ", exchange: 3, keys: [["k", null]] },
    { type: "done", exchange: 3 },
  ];

  function other() {
    return new Replica().tree.snapshot();
  }

  test.each(samples)("$type reads back as itself", (message) => {
    expect(decode(encode(message))).toEqual(message);
  });

  test("bytes from outside are a message or a DecodeError", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...samples),
        fc.nat(),
        fc.nat({ max: 255 }),
        (message, at, byte) => {
          const bytes = encode(message);
          bytes[at % bytes.length] = byte;
          for (const damaged of [bytes, bytes.subarray(0, at % bytes.length)]) {
            try {
              decode(damaged);
            } catch (error) {
              expect(error).toBeInstanceOf(DecodeError);
            }
          }
        },
      ),
    );
  });

  test("counts are bounded before anything is allocated", () => {
    const tooMany = [
      // 2^21 nodes asked for; 2^21 leaves to list; a node of 2^14 children.
      [4, 3, 1, 0x80, 0x80, 0x80, 0x01],
      [5, 3, 0x80, 0x80, 0x80, 0x01],
      [3, 3, 0, 1, 0, 0x80, 0x80, 0x01],
    ];
    for (const bytes of tooMany) {
      expect(() => decode(Uint8Array.from(bytes))).toThrow(/over the limit/u);
    }
  });
});
