/**
 * A state in pages. A checkpoint's digest is that of the list of the pages' digests, so every page
 * can be verified by itself when it arrives.
 */
import { hex, sha256 } from "#main/kernel/sha256.ts";
import { DecodeError, WireReader, WireWriter } from "#main/kernel/wire.ts";
import { decodeList, encodeList } from "#main/kernel/wire-lists.ts";
import { decodeDigest, encodeDigest } from "./codec-parts.ts";
import { assert } from "#main/kernel/assert.ts";
import { MAX_PAGES } from "./limits.ts";
import type { Digest } from "./types.ts";

export interface Snapshot {
  readonly sequence: number;
  readonly bytes: Uint8Array;
  /** The list of pages; what `digest` is the SHA-256 of. */
  readonly manifest: Uint8Array;
  readonly digest: Digest;
}

export interface Manifest {
  readonly sequence: number;
  readonly length: number;
  readonly pages: readonly Digest[];
}

export function takeSnapshot(sequence: number, bytes: Uint8Array, pageBytes: number): Snapshot {
  const count = Math.ceil(bytes.length / pageBytes);
  assert(count <= MAX_PAGES, `a state of ${bytes.length} bytes is too large to be transferred`);
  const pages: Digest[] = [];
  for (let page = 1; page <= count; page++) {
    pages.push(hex(sha256(pageOf(bytes, page, pageBytes))));
  }
  const writer = new WireWriter();
  writer.varint(sequence);
  writer.varint(bytes.length);
  encodeList(writer, pages, encodeDigest);
  const manifest = writer.finish();
  return { sequence, bytes, manifest, digest: hex(sha256(manifest)) };
}

/** Pages count from 1. */
export function pageOf(bytes: Uint8Array, page: number, pageBytes: number): Uint8Array {
  return bytes.subarray((page - 1) * pageBytes, page * pageBytes);
}

/** Null for bytes that are no manifest. */
export function readManifest(bytes: Uint8Array): Manifest | null {
  const reader = new WireReader(bytes);
  try {
    const [sequence, length] = [reader.varint(), reader.varint()];
    const pages = decodeList(reader, MAX_PAGES, decodeDigest);
    reader.expectEnd();
    return { sequence, length, pages };
  } catch (error) {
    if (error instanceof DecodeError) {
      return null;
    }
    throw error;
  }
}
