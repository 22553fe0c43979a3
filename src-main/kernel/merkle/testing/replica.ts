/** A replica with a tree over last-writer-wins values, for tests and benchmarks of the exchange. */
import { lwwRegister, type LwwWrite } from "../../crdt/lww.ts";
import { compareStamps } from "../../crdt/stamp.ts";
import { sha256 } from "../../sha256.ts";
import { WireReader, WireWriter } from "../../wire.ts";
import type { ExchangeEnd, ExchangeStep, KeyDifference } from "../comparison.ts";
import { type ExchangeCost, MerkleInitiator } from "../initiator.ts";
import { type MerkleMessage, merkleCodec } from "../messages.ts";
import { MerkleResponder } from "../responder.ts";
import { MerkleTree, type MerkleTreeOptions } from "../tree.ts";

const writer = new WireWriter();

export class Replica {
  readonly values = new Map<string, LwwWrite>();
  readonly tree: MerkleTree;

  constructor(options: MerkleTreeOptions = {}) {
    this.tree = new MerkleTree(options);
  }

  /** Takes a write unless a newer one is there; true when it changed anything. */
  put(key: string, write: LwwWrite): boolean {
    const mine = this.values.get(key) ?? null;
    const merged = lwwRegister.merge(mine, write);
    if (merged === null || merged === mine) {
      return false;
    }
    this.values.set(key, merged);
    writer.reset().varint(merged.stamp.at);
    writer.string(merged.stamp.node);
    const value = merged.value ?? new Uint8Array(0);
    const entry = {
      version: writer.finish(),
      valueHash: sha256(value),
      deleted: merged.value === null,
    };
    this.tree.set(key, entry);
    return true;
  }
}

export interface Repair {
  readonly end: ExchangeEnd | null;
  readonly cost: ExchangeCost;
  /** As the walking side found them, and as the answering side confirmed them. */
  readonly found: readonly KeyDifference[];
  readonly confirmed: readonly KeyDifference[];
  /** Bytes of all messages. */
  readonly bytes: number;
  /** Values that changed a side. */
  readonly moved: number;
}

export interface RepairOptions {
  readonly range?: string;
  readonly otherRange?: string;
  /** Called before each message arrives. */
  readonly meanwhile?: () => void;
}

/** One exchange through the real codec, then the values of what differs, both ways. */
export function repair(one: Replica, other: Replica, options: RepairOptions = {}): Repair {
  const { range = "r", otherRange = range, meanwhile = () => undefined } = options;
  const walker = new MerkleInitiator(one.tree.snapshot(), { range, valueFormat: 1 }, 7);
  const identity = { range: otherRange, valueFormat: 1 };
  const answerer = new MerkleResponder(other.tree.snapshot(), identity, 7);
  const found: KeyDifference[] = [];
  const confirmed: KeyDifference[] = [];
  let bytes = 0;
  let end: ExchangeEnd | null = null;
  const inbox: { to: "walker" | "answerer"; message: MerkleMessage }[] = [
    { to: "answerer", message: walker.open() },
  ];
  for (let next = inbox.shift(); next !== undefined; next = inbox.shift()) {
    meanwhile();
    const encoded = encode(next.message);
    bytes += encoded.length;
    const message = decode(encoded);
    const isWalker = next.to === "walker";
    const step: ExchangeStep = isWalker ? walker.receive(message) : answerer.receive(message);
    (isWalker ? found : confirmed).push(...step.differences);
    end = isWalker ? (step.end ?? end) : end;
    const to = isWalker ? "answerer" : "walker";
    inbox.push(...step.send.map((sent) => ({ to, message: sent }) as const));
  }
  const moved = moveValues(one, other, found);
  return { end, cost: walker.cost, found, confirmed, bytes, moved };
}

function moveValues(one: Replica, other: Replica, found: readonly KeyDifference[]): number {
  let moved = 0;
  for (const { key } of found) {
    const mine = one.values.get(key);
    const theirs = other.values.get(key);
    moved += mine !== undefined && other.put(key, mine) ? 1 : 0;
    moved += theirs !== undefined && one.put(key, theirs) ? 1 : 0;
  }
  return moved;
}

export function encode(message: MerkleMessage): Uint8Array {
  merkleCodec.encode(writer.reset(), message);
  return writer.finish();
}

export function decode(bytes: Uint8Array): MerkleMessage {
  const reader = new WireReader(bytes);
  const message = merkleCodec.decode(reader);
  reader.expectEnd();
  return message;
}

/** Whether two replicas hold the same, asked without the tree. */
export function holdSame(one: Replica, other: Replica): boolean {
  return (
    one.values.size === other.values.size &&
    [...one.values].every(([key, write]) => {
      const theirs = other.values.get(key);
      return theirs !== undefined && compareStamps(write.stamp, theirs.stamp) === 0;
    })
  );
}
