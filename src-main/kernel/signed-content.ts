/**
 * The one canonical encoding of what is signed. Everything that could tell one use of a signature
 * from another is part of it, so a signature cannot be lifted from one place to another: purpose,
 * mesh, configuration epoch, message type, view, sequence and sender, then the body.
 */
import { assert } from "./assert.ts";
import type { NodeId } from "./machine.ts";
import { WireWriter } from "./wire.ts";

export interface SigningContext {
  /** The protocol that signs, for example "pbft". */
  readonly protocol: string;
  /** The mesh's identity: signatures of one mesh mean nothing in another. */
  readonly mesh: string;
  /** Rises with every change of the membership that signs. */
  readonly epoch: number;
}

export interface SignedHeader {
  readonly type: string;
  /** View, term or round; 0 where there is none. */
  readonly view: number;
  readonly sequence: number;
  readonly sender: NodeId;
}

const DOMAIN = "meshdeck/signed/1";
/** Encoded, all of them are the same replacement character: two names would become one. */
const LONE_SURROGATE = /\p{Surrogate}/u;
const writer = new WireWriter();

/** Equal exactly when all parts are equal: every part has its length in front. */
export function signedContent(
  context: SigningContext,
  header: SignedHeader,
  body: Uint8Array,
): Uint8Array {
  for (const text of [context.protocol, context.mesh, header.type, header.sender]) {
    assert(!LONE_SURROGATE.test(text), "half a character in what is signed");
  }
  writer.reset();
  writer.string(DOMAIN);
  writer.string(context.protocol);
  writer.string(context.mesh);
  writer.varint(context.epoch);
  writer.string(header.type);
  writer.varint(header.view);
  writer.varint(header.sequence);
  writer.string(header.sender);
  writer.bytes(body);
  return writer.finish();
}
