/** A checkpoint from node to node, piece by piece; the receiver asks for the next one. */
import { DecodeError, WireReader, WireWriter } from "#main/kernel/wire.ts";
import { decodeBase, encodeBase } from "./codec.ts";
import { CHUNK_BYTES, MAX_BASE_BYTES } from "./limits.ts";
import type { Base, EpidemicMessage } from "./types.ts";

type Chunk = Extract<EpidemicMessage, { type: "chunk" }>;

/** What has come of one checkpoint so far. Pieces may come from any member that has it. */
export interface Incoming {
  readonly at: number;
  readonly chain: string;
  readonly pieces: readonly Uint8Array[];
  readonly length: number;
}

export type ChunkOutcome =
  | { readonly kind: "more"; readonly incoming: Incoming }
  | { readonly kind: "complete"; readonly base: Base }
  /** Damaged, or of another checkpoint than announced. */
  | { readonly kind: "bad" };

export function encodedBase(base: Base): Uint8Array {
  const writer = new WireWriter();
  encodeBase(writer, base);
  return writer.finish();
}

/** The piece of `base` from `offset`; null for an offset outside of it. */
export function chunkOf(base: Base, encoded: Uint8Array, offset: number) {
  if (offset >= encoded.length || encoded.length > MAX_BASE_BYTES) {
    return null;
  }
  const bytes = encoded.slice(offset, offset + CHUNK_BYTES);
  return { at: base.index, chain: base.chain, offset, total: encoded.length, bytes };
}

/** Takes one piece in. One that does not fit leaves what there is, to be asked for again. */
export function takeChunk(incoming: Incoming | null, chunk: Chunk): ChunkOutcome {
  const { at, chain, offset, total, bytes } = chunk;
  const goesOn = incoming !== null && incoming.at === at && incoming.chain === chain;
  const known: Incoming = goesOn ? incoming : { at, chain, pieces: [], length: 0 };
  if (offset !== known.length) {
    return { kind: "more", incoming: known };
  }
  const pieces = [...known.pieces, bytes];
  const length = known.length + bytes.length;
  if (bytes.length === 0 || length > total) {
    return { kind: "bad" };
  }
  return length < total
    ? { kind: "more", incoming: { at, chain, pieces, length } }
    : readBase(pieces, at, chain);
}

function readBase(pieces: readonly Uint8Array[], at: number, chain: string): ChunkOutcome {
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
    const asAnnounced = base.index === at && base.chain === chain;
    return asAnnounced ? { kind: "complete", base } : { kind: "bad" };
  } catch (error) {
    if (error instanceof DecodeError) {
      return { kind: "bad" };
    }
    throw error;
  }
}
