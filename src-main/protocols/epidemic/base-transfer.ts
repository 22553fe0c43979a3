/** A checkpoint from node to node, piece by piece; the receiver asks for the next one. */
import type { Micros } from "#main/kernel/time.ts";
import { DecodeError, WireReader, WireWriter } from "#main/kernel/wire.ts";
import { decodeBase, encodeBase } from "./codec.ts";
import { CHUNK_BYTES, MAX_BASE_BYTES } from "./limits.ts";
import { shortDigest } from "./proposal.ts";
import type { Base, EpidemicMessage } from "./types.ts";

type Chunk = Extract<EpidemicMessage, { type: "chunk" }>;

/** What has come of one checkpoint so far. Pieces may come from any member that has it. */
interface Incoming {
  readonly at: number;
  readonly digest: string;
  readonly pieces: readonly Uint8Array[];
  readonly length: number;
}

export type ChunkOutcome =
  /** A piece of another checkpoint than the one that is coming in. */
  | { readonly kind: "ignored" }
  | { readonly kind: "more"; readonly incoming: Incoming }
  | { readonly kind: "complete"; readonly base: Base }
  /** Damaged, or of another checkpoint than announced. */
  | { readonly kind: "bad" };

/** A checkpoint that is ready to be sent. */
interface Outgoing {
  readonly base: Base;
  readonly bytes: Uint8Array;
  readonly digest: string;
}

/** The two ends of transfers at one member: one checkpoint goes out to all, one comes in. */
export class BaseTransfer {
  readonly #patience: Micros;
  #outgoing: Outgoing | null = null;
  #incoming: Incoming | null = null;
  #since: Micros = 0;

  /** A transfer that stood still for `patience` gives way to an older checkpoint. */
  constructor(patience: Micros) {
    this.#patience = patience;
  }

  /** The piece of `base` from `offset` of it, or from its beginning when `at` is another one. */
  pieceOf(base: Base, at: number, offset: number) {
    if (this.#outgoing?.base !== base) {
      const bytes = encoded(base);
      this.#outgoing = { base, bytes, digest: shortDigest(bytes) };
    }
    const { bytes, digest } = this.#outgoing;
    const start = at === base.index ? offset : 0;
    const total = bytes.length;
    if (start >= total || total > MAX_BASE_BYTES) {
      return null;
    }
    const piece = bytes.slice(start, start + CHUNK_BYTES);
    return { at: base.index, digest, offset: start, total, bytes: piece };
  }

  take(chunk: Chunk, now: Micros): ChunkOutcome {
    const isOlder = chunk.at < (this.#incoming?.at ?? 0);
    if (isOlder && now - this.#since <= this.#patience) {
      return { kind: "ignored" };
    }
    const outcome = takeChunk(this.#incoming, chunk);
    this.#incoming = outcome.kind === "more" ? outcome.incoming : null;
    this.#since = now;
    return outcome;
  }
}

function encoded(base: Base): Uint8Array {
  const writer = new WireWriter();
  encodeBase(writer, base);
  return writer.finish();
}

/** Takes one piece in. One that does not fit leaves what there is, to be asked for again. */
function takeChunk(incoming: Incoming | null, chunk: Chunk): ChunkOutcome {
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
