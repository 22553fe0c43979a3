/** A checkpoint from node to node, piece by piece; the receiver asks for the next one. */
import { DecodeError, WireReader, WireWriter } from "#main/kernel/wire.ts";
import { decodeBase, encodeBase } from "./codec.ts";
import { shortDigest } from "./proposal.ts";
import { CHUNK_BYTES, MAX_BASE_BYTES } from "./limits.ts";
import type { Base, EpidemicMessage } from "./types.ts";

type Chunk = Extract<EpidemicMessage, { type: "chunk" }>;

/** What has come of one checkpoint so far. Pieces may come from any member that has it. */
export interface Incoming {
  readonly at: number;
  readonly digest: string;
  readonly pieces: readonly Uint8Array[];
  readonly length: number;
}

export type ChunkOutcome =
  | { readonly kind: "more"; readonly incoming: Incoming }
  | { readonly kind: "complete"; readonly base: Base }
  /** Damaged, or of another checkpoint than announced. */
  | { readonly kind: "bad" };

/** A checkpoint that is ready to be sent. */
export interface Outgoing {
  readonly base: Base;
  readonly bytes: Uint8Array;
  readonly digest: string;
}

export function outgoing(base: Base): Outgoing {
  const writer = new WireWriter();
  encodeBase(writer, base);
  const bytes = writer.finish();
  return { base, bytes, digest: shortDigest(bytes) };
}

/** The piece from `offset`; null for an offset outside. */
export function chunkOf({ base, bytes, digest }: Outgoing, offset: number) {
  const total = bytes.length;
  if (offset >= total || total > MAX_BASE_BYTES) {
    return null;
  }
  return {
    at: base.index,
    digest,
    offset,
    total,
    bytes: bytes.slice(offset, offset + CHUNK_BYTES),
  };
}

/** Takes one piece in. One that does not fit leaves what there is, to be asked for again. */
export function takeChunk(incoming: Incoming | null, chunk: Chunk): ChunkOutcome {
  const { at, digest, offset, total, bytes } = chunk;
  const goesOn = incoming !== null && incoming.at === at && incoming.digest === digest;
  const known: Incoming = goesOn ? incoming : { at, digest, pieces: [], length: 0 };
  if (offset !== known.length) {
    return { kind: "more", incoming: known };
  }
  const pieces = [...known.pieces, bytes];
  const length = known.length + bytes.length;
  if (bytes.length === 0 || length > total) {
    return { kind: "bad" };
  }
  return length < total
    ? { kind: "more", incoming: { at, digest, pieces, length } }
    : readBase(pieces, at, digest);
}

function readBase(pieces: readonly Uint8Array[], at: number, digest: string): ChunkOutcome {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let length = 0;
  for (const piece of pieces) {
    whole.set(piece, length);
    length += piece.length;
  }
  try {
    const reader = new WireReader(whole);
    const base = decodeBase(reader);
    reader.expectEnd();
    const asAnnounced = base.index === at && shortDigest(whole) === digest;
    return asAnnounced ? { kind: "complete", base } : { kind: "bad" };
  } catch (error) {
    if (error instanceof DecodeError) {
      return { kind: "bad" };
    }
    throw error;
  }
}
