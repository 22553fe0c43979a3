/**
 * The order of last-writer-wins: by time, between equal times by the writer's name. Total, and the
 * same everywhere, so nothing depends on which write arrives last.
 */
import { assert } from "../assert.ts";
import type { Micros } from "../time.ts";
import type { WireReader, WireWriter } from "../wire.ts";
import { decodeNode } from "../wire-lists.ts";
import { compareText } from "./canonical.ts";
import { MAX_CLOCK_AHEAD_US } from "./limits.ts";

export interface Stamp {
  readonly at: Micros;
  readonly node: string;
}

/** Negative when `a` is older. */
export function compareStamps(a: Stamp, b: Stamp): number {
  return a.at - b.at || compareText(a.node, b.node);
}

export interface StampRequest {
  readonly node: string;
  /** The node's clock. */
  readonly now: Micros;
  /** A time that a client claims; taken for at most `MAX_CLOCK_AHEAD_US` ahead of `now`. */
  readonly claimed?: Micros;
  /** The stamp of what the write replaces: the write comes after it, whatever the clock says. */
  readonly seen?: Stamp | undefined;
}

/** The stamp of a write: given once, where the write enters; no replica changes it later. */
export function stampWrite(request: StampRequest): Stamp {
  const { node, now, claimed = now, seen } = request;
  assert(Number.isSafeInteger(now) && now >= 0, `no time: ${now}`);
  assert(Number.isSafeInteger(claimed) && claimed >= 0, `no time: ${claimed}`);
  const clamped = Math.min(claimed, now + MAX_CLOCK_AHEAD_US);
  return { at: seen === undefined ? clamped : Math.max(clamped, seen.at + 1), node };
}

/**
 * Whether a stamp of another node has to wait: taken now, a clock that runs hours ahead would win
 * over every write of those hours. The holder drops the update and is offered it again by
 * anti-entropy; changing the stamp instead would make replicas differ for ever.
 */
export function isTooEarly(stamp: Stamp, now: Micros): boolean {
  return stamp.at > now + MAX_CLOCK_AHEAD_US;
}

export function encodeStamp(writer: WireWriter, stamp: Stamp): void {
  writer.varint(stamp.at);
  writer.string(stamp.node);
}

export function decodeStamp(reader: WireReader): Stamp {
  return { at: reader.varint(), node: decodeNode(reader) };
}
