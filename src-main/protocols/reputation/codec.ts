import { DecodeError } from "#main/kernel/wire.ts";
import type { Codec, WireReader, WireWriter } from "#main/kernel/wire.ts";
import { decodeList, decodeNode, encodeList } from "#main/kernel/wire-lists.ts";
import { type Evidence, FAULT_KINDS, type Opinion, type ReputationRecord } from "./types.ts";

/** Two signed items of any protocol fit. */
export const MAX_PROOF_BYTES = 128 * 1_024;
export const MAX_OPINIONS = 256;
const MAX_PROTOCOL_BYTES = 64;
/** Severities and counters travel in thousandths. */
const SCALE = 1_000;
const MAX_COUNT = 1e9;

export const evidenceCodec: Codec<Evidence> = {
  encode(writer, { accused, protocol, proof }) {
    writer.string(accused);
    writer.string(protocol);
    writer.bytes(proof);
  },

  decode(reader) {
    const accused = decodeNode(reader);
    const protocol = reader.string(MAX_PROTOCOL_BYTES);
    return { accused, protocol, proof: reader.bytes(MAX_PROOF_BYTES) };
  },
};

export const opinionsCodec: Codec<readonly Opinion[]> = {
  encode: (writer, opinions) => encodeList(writer, opinions, encodeOpinion),
  decode: (reader) => decodeList(reader, MAX_OPINIONS, decodeOpinion),
};

/** What a node's disk holds of reputation. */
export const reputationRecordCodec: Codec<ReputationRecord> = {
  encode(writer, { member, faults, at, bannedUntil }) {
    writer.string(member);
    encodeList(writer, faults, (out, count) => out.varint(Math.round(count * SCALE)));
    writer.varint(at);
    writer.varint(bannedUntil);
  },

  decode(reader) {
    const member = decodeNode(reader);
    // Fewer: written before a kind of fault was added.
    const faults = decodeList(reader, FAULT_KINDS.length, (one) => one.varint(MAX_COUNT) / SCALE);
    return { member, faults, at: reader.varint(), bannedUntil: reader.varint() };
  },
};

function encodeOpinion(writer: WireWriter, { member, severity }: Opinion): void {
  writer.string(member);
  writer.varint(Math.round(severity * SCALE));
}

function decodeOpinion(reader: WireReader): Opinion {
  const member = decodeNode(reader);
  const thousandths = reader.varint();
  if (thousandths > SCALE) {
    throw new DecodeError(`a severity of ${thousandths} thousandths`);
  }
  return { member, severity: thousandths / SCALE };
}
