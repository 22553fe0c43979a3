/** How keys fall into leaves. Two trees can be compared only when all of this is equal. */
import { assert } from "../assert.ts";
import { sha256 } from "../sha256.ts";
import { MAX_DEPTH, MAX_LEAVES, MAX_WIDTH, MIN_WIDTH } from "./limits.ts";

export interface TreeShape {
  /** Children of an inner node, a power of two. */
  readonly width: number;
  /** Levels of inner nodes above the leaves: `width ** depth` leaves. */
  readonly depth: number;
}

/** 32,768 leaves: at 100,000 keys three in each, and one differing key costs 96 hashes. */
export const DEFAULT_SHAPE: TreeShape = { width: 32, depth: 3 };

export function leafCount(shape: TreeShape): number {
  return shape.width ** shape.depth;
}

export function assertShape(shape: TreeShape): void {
  const { width, depth } = shape;
  assert(Number.isSafeInteger(width) && (width & (width - 1)) === 0, `no power of two: ${width}`);
  assert(width >= MIN_WIDTH && width <= MAX_WIDTH, `no width of a tree: ${width}`);
  assert(Number.isSafeInteger(depth) && depth >= 1 && depth <= MAX_DEPTH, `no depth: ${depth}`);
  assert(leafCount(shape) <= MAX_LEAVES, `too many leaves: ${leafCount(shape)}`);
}

const utf8 = new TextEncoder();

/** The leaf of a key, by its hash alone: neither other keys nor their order play a part. */
export function leafOfKey(shape: TreeShape, key: string): number {
  const [a = 0, b = 0, c = 0, d = 0] = sha256(utf8.encode(key)).subarray(0, 4);
  const word = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
  return word % leafCount(shape);
}

/** The position among its siblings of the node on `level` (the root is 0) that leads to a leaf. */
export function childTowards(shape: TreeShape, level: number, leaf: number): number {
  return Math.floor(leaf / shape.width ** (shape.depth - 1 - level)) % shape.width;
}
