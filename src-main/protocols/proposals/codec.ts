import { DecodeError } from "#main/kernel/wire.ts";
import type { Codec, WireReader, WireWriter } from "#main/kernel/wire.ts";
import { decodeList, decodeNode, encodeList, nameOfTag } from "#main/kernel/wire-lists.ts";
import { SHA256_BYTES } from "#main/kernel/sha256.ts";
import * as limits from "./limits.ts";
import { TALLIED } from "./tally.ts";
import type {
  Choice,
  Contradiction,
  Have,
  HeldHash,
  Item,
  Proposal,
  ProposalId,
  ProposalsMessage,
  ProposalsRecord,
} from "./types.ts";

/** Tags are part of the wire contract: append only. */
const TYPES = ["items", "digest", "have"] as const;
const KINDS = ["call", "vote", "closing"] as const;
export const CHOICES = ["yes", "no", "abstain"] as const satisfies Choice[];
const HASH_BYTES = 16;

export const proposalsCodec: Codec<ProposalsMessage> = {
  encode(writer, message) {
    writer.u8(TYPES.indexOf(message.type));
    switch (message.type) {
      case "items":
        encodeList(writer, message.items, encodeItem);
        break;
      case "digest":
        encodeList(writer, message.held, encodeHeld);
        break;
      case "have":
        encodeHave(writer, message);
        break;
    }
  },

  decode(reader) {
    const type = nameOfTag(TYPES, reader.u8());
    switch (type) {
      case "items":
        return { type, items: decodeList(reader, limits.MAX_ITEMS, decodeItem) };
      case "digest":
        return { type, held: decodeList(reader, limits.MAX_PROPOSALS, decodeHeld) };
      case "have":
        return { type, ...decodeHave(reader) };
    }
  },
};

/** What a node's disk holds of proposals. */
export const proposalsRecordCodec: Codec<ProposalsRecord> = {
  encode: encodeItem,
  decode: decodeItem,
};

/** Evidence as bytes that can be handed on: whoever gets them checks the signatures himself. */
export const contradictionCodec: Codec<Contradiction> = {
  encode(writer, { accused, call, first, second }) {
    writer.string(accused);
    encodeList(writer, call === null ? [] : [call], encodeItem);
    encodeItem(writer, first);
    encodeItem(writer, second);
  },

  decode(reader) {
    const accused = decodeNode(reader);
    const [call = null] = decodeList(reader, 1, decodeItem);
    if (call !== null && call.kind !== "call") {
      throw new DecodeError("statements are about a call");
    }
    return { accused, call, first: decodeItem(reader), second: decodeItem(reader) };
  },
};

export function encodeItem(writer: WireWriter, item: Item): void {
  writer.u8(KINDS.indexOf(item.kind));
  if (item.kind === "call") {
    encodeProposal(writer, item.proposal);
  } else {
    encodeId(writer, item.proposal);
    writer.string(item.member);
    if (item.kind === "vote") {
      writer.u8(CHOICES.indexOf(item.choice));
      writer.string(item.reason);
    } else {
      writer.u8(TALLIED.indexOf(item.outcome));
    }
  }
  writer.bytes(item.signature);
}

function decodeItem(reader: WireReader): Item {
  const kind = nameOfTag(KINDS, reader.u8());
  if (kind === "call") {
    return { kind, proposal: decodeProposal(reader), signature: decodeSignature(reader) };
  }
  const about = { proposal: decodeId(reader), member: decodeNode(reader) };
  if (kind === "vote") {
    const choice = nameOfTag(CHOICES, reader.u8());
    const reason = decodeText(reader, limits.MAX_REASON_LENGTH);
    return { kind, ...about, choice, reason, signature: decodeSignature(reader) };
  }
  const outcome = nameOfTag(TALLIED, reader.u8());
  return { kind, ...about, outcome, signature: decodeSignature(reader) };
}

/** Exported for its bytes: they are what signatures and digests are about. */
export function encodeProposal(writer: WireWriter, proposal: Proposal): void {
  encodeId(writer, proposal.id);
  writer.string(proposal.title);
  writer.string(proposal.text);
  writer.varint(proposal.thresholdBasisPoints);
  writer.varint(proposal.quorumBasisPoints);
  writer.varint(proposal.deadline);
  encodeList(writer, proposal.electorate, encodeNode);
}

function decodeProposal(reader: WireReader): Proposal {
  const id = decodeId(reader);
  const title = decodeText(reader, limits.MAX_TITLE_LENGTH);
  const text = decodeText(reader, limits.MAX_TEXT_LENGTH);
  const thresholdBasisPoints = reader.varint(limits.BASIS_POINTS);
  const quorumBasisPoints = reader.varint(limits.BASIS_POINTS);
  const deadline = reader.varint();
  const electorate = decodeList(reader, limits.MAX_ELECTORATE, decodeNode);
  if (electorate.some((member, i) => i > 0 && member <= (electorate[i - 1] ?? ""))) {
    throw new DecodeError("an electorate must rise");
  }
  return { id, title, text, thresholdBasisPoints, quorumBasisPoints, deadline, electorate };
}

function encodeHeld(writer: WireWriter, { id, hash }: HeldHash): void {
  encodeId(writer, id);
  writer.string(hash);
}

function decodeHeld(reader: WireReader): HeldHash {
  return { id: decodeId(reader), hash: reader.string(HASH_BYTES) };
}

function encodeHave(writer: WireWriter, have: Have): void {
  encodeId(writer, have.id);
  writer.bytes(have.content);
  writer.bytes(have.bits);
  writer.u8(have.answer ? 1 : 0);
}

function decodeHave(reader: WireReader): Have {
  const id = decodeId(reader);
  const content = reader.bytes(SHA256_BYTES);
  const bits = reader.bytes(limits.MAX_HAVE_BYTES);
  const answer = nameOfTag(["no", "yes"], reader.u8()) === "yes";
  return { id, content, bits, answer };
}

function encodeId(writer: WireWriter, id: ProposalId): void {
  writer.string(id.origin);
  writer.varint(id.epoch);
  writer.varint(id.sequence);
}

function decodeId(reader: WireReader): ProposalId {
  return { origin: decodeNode(reader), epoch: reader.varint(), sequence: reader.varint() };
}

function decodeText(reader: WireReader, maxLength: number): string {
  const text = reader.string(maxLength * limits.BYTES_PER_UNIT);
  if (text.length > maxLength) {
    throw new DecodeError(`a text of ${text.length} characters`);
  }
  return text;
}

function decodeSignature(reader: WireReader): Uint8Array {
  return reader.bytes(limits.MAX_SIGNATURE_BYTES);
}

function encodeNode(writer: WireWriter, node: string): void {
  writer.string(node);
}
