/** Encodings of what several messages and records contain. */
import { hex } from "#main/kernel/sha256.ts";
import { SIGNATURE_BYTES } from "#main/kernel/signer.ts";
import { DecodeError, type WireReader, type WireWriter } from "#main/kernel/wire.ts";
import { decodeList, decodeNode, encodeList, nameOfTag } from "#main/kernel/wire-lists.ts";
import * as limits from "./limits.ts";
import type {
  Batch,
  CheckpointCertificate,
  CommitCertificate,
  Digest,
  PreparedCertificate,
  Request,
  Signed,
  Vote,
} from "./types.ts";

/** Tags are part of the wire contract: append only. */
const OPERATIONS = ["open", "command", "read"] as const;

export function encodeDigest(writer: WireWriter, digest: Digest): void {
  for (let i = 0; i < 2 * limits.DIGEST_BYTES; i += 2) {
    writer.u8(Number.parseInt(digest.slice(i, i + 2), 16));
  }
}

export function decodeDigest(reader: WireReader): Digest {
  const bytes = new Uint8Array(limits.DIGEST_BYTES);
  for (let i = 0; i < limits.DIGEST_BYTES; i++) {
    bytes[i] = reader.u8();
  }
  return hex(bytes);
}

export function encodeFlag(writer: WireWriter, flag: boolean): void {
  writer.u8(flag ? 1 : 0);
}

export function decodeFlag(reader: WireReader): boolean {
  const flag = reader.u8();
  if (flag > 1) {
    throw new DecodeError(`unknown flag ${flag}`);
  }
  return flag === 1;
}

export function encodeOptional<Item>(
  writer: WireWriter,
  item: Item | null,
  encode: (writer: WireWriter, item: Item) => void,
): void {
  encodeFlag(writer, item !== null);
  if (item !== null) {
    encode(writer, item);
  }
}

export function decodeOptional<Item>(
  reader: WireReader,
  decode: (reader: WireReader) => Item,
): Item | null {
  return decodeFlag(reader) ? decode(reader) : null;
}

export function decodeSignature(reader: WireReader): Uint8Array {
  return reader.bytes(SIGNATURE_BYTES);
}

export function encodeHeader(writer: WireWriter, header: Signed): void {
  writer.varint(header.view);
  writer.varint(header.sequence);
  writer.string(header.sender);
  writer.bytes(header.signature);
}

export function decodeHeader(reader: WireReader): Signed {
  const view = reader.varint();
  const sequence = reader.varint();
  const sender = decodeNode(reader);
  return { view, sequence, sender, signature: decodeSignature(reader) };
}

export function encodeRequestBody(writer: WireWriter, request: Omit<Request, "signature">): void {
  writer.varint(request.life);
  writer.varint(request.answered);
  writer.u8(OPERATIONS.indexOf(request.operation));
  writer.bytes(request.payload);
}

export function decodeRequest(reader: WireReader): Request {
  const header = decodeHeader(reader);
  const life = reader.varint();
  const answered = reader.varint();
  const operation = nameOfTag(OPERATIONS, reader.u8());
  const payload = reader.bytes(limits.MAX_PAYLOAD_BYTES);
  if ((header.sequence === 0) !== (operation === "open") || header.view !== 0) {
    throw new DecodeError("a session opens with sequence 0, and nothing else has it");
  }
  return { type: "request", ...header, life, answered, operation, payload };
}

export function encodeBatch(writer: WireWriter, batch: Batch): void {
  writer.varint(batch.time);
  encodeList(writer, batch.requests, (to, request) => {
    encodeHeader(to, request);
    encodeRequestBody(to, request);
  });
}

export function decodeBatch(reader: WireReader): Batch {
  const time = reader.varint();
  return { time, requests: decodeList(reader, limits.MAX_BATCH, decodeRequest) };
}

function encodeVotes(writer: WireWriter, votes: readonly Vote[]): void {
  encodeList(writer, votes, (to, vote) => {
    to.string(vote.sender);
    to.bytes(vote.signature);
  });
}

function decodeVotes(reader: WireReader): Vote[] {
  return decodeList(reader, limits.MAX_REPLICAS, (from) => {
    const sender = decodeNode(from);
    return { sender, signature: decodeSignature(from) };
  });
}

export function encodeCheckpointCertificate(
  writer: WireWriter,
  certificate: CheckpointCertificate,
): void {
  writer.varint(certificate.sequence);
  encodeDigest(writer, certificate.digest);
  encodeVotes(writer, certificate.votes);
}

export function decodeCheckpointCertificate(reader: WireReader): CheckpointCertificate {
  const sequence = reader.varint();
  const digest = decodeDigest(reader);
  return { sequence, digest, votes: decodeVotes(reader) };
}

export function encodePrepared(writer: WireWriter, certificate: PreparedCertificate): void {
  writer.varint(certificate.view);
  writer.varint(certificate.sequence);
  encodeDigest(writer, certificate.digest);
  writer.bytes(certificate.signature);
  encodeVotes(writer, certificate.votes);
}

export function decodePrepared(reader: WireReader): PreparedCertificate {
  const view = reader.varint();
  const sequence = reader.varint();
  const digest = decodeDigest(reader);
  const signature = decodeSignature(reader);
  return { view, sequence, digest, signature, votes: decodeVotes(reader) };
}

export function encodeCommitCertificate(writer: WireWriter, certificate: CommitCertificate): void {
  writer.varint(certificate.view);
  writer.varint(certificate.sequence);
  encodeDigest(writer, certificate.digest);
  encodeVotes(writer, certificate.votes);
}

export function decodeCommitCertificate(reader: WireReader): CommitCertificate {
  const view = reader.varint();
  const sequence = reader.varint();
  const digest = decodeDigest(reader);
  return { view, sequence, digest, votes: decodeVotes(reader) };
}
