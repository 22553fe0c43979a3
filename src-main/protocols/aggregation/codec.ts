import type { Codec, WireReader, WireWriter } from "#main/kernel/wire.ts";
import { decodeList, decodeNode, encodeList, nameOfTag } from "#main/kernel/wire-lists.ts";
import { MAX_METRICS } from "./limits.ts";
import type { AggregationMessage, Mass, Share } from "./types.ts";

/** Tags are part of the wire contract: append only. */
const TYPES = ["transfer", "ack"] as const;
const NO_YES = ["no", "yes"] as const;

/** Whether numbers make sense is the machine's question: here any 64 bits are one. */
export const aggregationCodec: Codec<AggregationMessage> = {
  encode(writer, message) {
    writer.u8(TYPES.indexOf(message.type));
    writer.varint(message.epoch);
    writer.varint(message.sequence);
    if (message.type === "ack") {
      writer.u8(message.applied ? 1 : 0);
    } else {
      encodeMass(writer, message.mass);
    }
  },

  decode(reader) {
    const type = nameOfTag(TYPES, reader.u8());
    const [epoch, sequence] = [reader.varint(), reader.varint()];
    return type === "ack"
      ? { type, epoch, sequence, applied: nameOfTag(NO_YES, reader.u8()) === "yes" }
      : { type, epoch, sequence, mass: decodeMass(reader) };
  },
};

function encodeMass(writer: WireWriter, { root, rootWeight, shares }: Mass): void {
  writer.string(root);
  writer.f64(rootWeight);
  encodeList(writer, shares, encodeShare);
}

function decodeMass(reader: WireReader): Mass {
  const root = decodeNode(reader);
  const rootWeight = reader.f64();
  return { root, rootWeight, shares: decodeList(reader, MAX_METRICS, decodeShare) };
}

function encodeShare(writer: WireWriter, { weight, sum, extremes }: Share): void {
  writer.f64(weight);
  writer.f64(sum);
  writer.u8(extremes === null ? 0 : 1);
  if (extremes !== null) {
    writer.f64(extremes.min);
    writer.f64(extremes.max);
  }
}

function decodeShare(reader: WireReader): Share {
  const [weight, sum] = [reader.f64(), reader.f64()];
  const told = nameOfTag(NO_YES, reader.u8()) === "yes";
  return { weight, sum, extremes: told ? { min: reader.f64(), max: reader.f64() } : null };
}
