import { hex, sha256 } from "#main/kernel/sha256.ts";
import { WireWriter } from "#main/kernel/wire.ts";
import { encodeBatch } from "./codec-parts.ts";
import type { Batch, Digest } from "./types.ts";

const writer = new WireWriter();

/** Over the requests with their signatures: so no two replicas can differ on whether one is valid. */
export function batchDigest(batch: Batch): Digest {
  writer.reset();
  encodeBatch(writer, batch);
  return hex(sha256(writer.finish()));
}

/** The null request: goes through the protocol like any other and does nothing (section 4.4). */
export const NULL_BATCH: Batch = { time: 0, requests: [] };
export const NULL_DIGEST: Digest = batchDigest(NULL_BATCH);

/** What events and notes show of a digest. */
export function shortDigest(digest: Digest): string {
  return digest.slice(0, 16);
}
