import { type Codec, DecodeError, type WireReader, type WireWriter } from "#main/kernel/wire.ts";
import {
  decodeList,
  decodeNode,
  encodeList,
  MAX_NODE_ID_BYTES,
  nameOfTag,
} from "#main/kernel/wire-lists.ts";
import * as limits from "./limits.ts";
import type {
  Base,
  Cut,
  EpidemicMessage,
  EpidemicRecord,
  GossipAnswer,
  Place,
  Proposal,
  Row,
  Vote,
} from "./types.ts";

/** Tags are part of the wire contract: append only. */
const TYPES = ["probe", "gossip", "fetch", "chunk"] as const satisfies EpidemicMessage["type"][];
const ANSWERS = ["none", "news", "always"] as const satisfies GossipAnswer[];
const RECORDS = ["log", "checkpoint"] as const satisfies EpidemicRecord["kind"][];

export const epidemicCodec: Codec<EpidemicMessage> = {
  encode(writer, message) {
    writer.u8(TYPES.indexOf(message.type));
    writer.string(message.group);
    switch (message.type) {
      case "probe":
        writer.string(message.hash);
        break;
      case "gossip":
        writer.u8(ANSWERS.indexOf(message.answer));
        encodeRows(writer, message.rows);
        encodeCut(writer, message.decided);
        encodeList(writer, message.proposals, encodeProposal);
        break;
      case "fetch":
        writer.varint(message.at);
        writer.varint(message.offset);
        break;
      case "chunk":
        writer.varint(message.at);
        writer.string(message.digest);
        writer.varint(message.offset);
        writer.varint(message.total);
        writer.bytes(message.bytes);
        break;
    }
  },

  decode(reader) {
    const type = nameOfTag(TYPES, reader.u8());
    const group = decodeDigest(reader);
    switch (type) {
      case "probe":
        return { type, group, hash: decodeDigest(reader) };
      case "gossip": {
        const answer = nameOfTag(ANSWERS, reader.u8());
        const rows = decodeRows(reader);
        const decided = decodeCut(reader, rows.length);
        const proposals = decodeList(reader, limits.MAX_PROPOSALS, decodeProposal);
        return { type, group, answer, rows, decided, proposals };
      }
      case "fetch": {
        const at = decodeCounter(reader);
        return { type, group, at, offset: reader.varint(limits.MAX_BASE_BYTES) };
      }
      case "chunk": {
        const at = decodeCounter(reader);
        const digest = decodeDigest(reader);
        const offset = reader.varint(limits.MAX_BASE_BYTES);
        const total = reader.varint(limits.MAX_BASE_BYTES);
        const bytes = reader.bytes(limits.CHUNK_BYTES);
        return { type, group, at, digest, offset, total, bytes };
      }
    }
  },
};

/** What a node's disk holds of epidemic agreement. */
export const epidemicRecordCodec: Codec<EpidemicRecord> = {
  encode(writer, record) {
    writer.u8(RECORDS.indexOf(record.kind));
    if (record.kind === "checkpoint") {
      encodeBase(writer, record.base);
    }
    encodeList(writer, record.proposals, encodeProposal);
    // No proposal has the Lamport time 0: that place stands for no vote.
    encodePlace(writer, record.closed ?? { lamport: 0, origin: "" });
  },

  decode(reader) {
    const kind = nameOfTag(RECORDS, reader.u8());
    const base = kind === "checkpoint" ? decodeBase(reader) : null;
    const proposals = decodeList(reader, limits.MAX_RETAINED, decodeProposal);
    const place = decodePlace(reader);
    const closed = place.lamport === 0 ? null : place;
    return base === null
      ? { kind: "log", proposals, closed }
      : { kind: "checkpoint", base, proposals, closed };
  },
};

export function encodeProposal(writer: WireWriter, proposal: Proposal): void {
  writer.string(proposal.origin);
  writer.varint(proposal.sequence);
  writer.varint(proposal.previous.sequence);
  writer.varint(proposal.previous.lamport);
  writer.varint(proposal.lamport);
  writer.varint(proposal.time);
  writer.bytes(proposal.command);
}

function decodeProposal(reader: WireReader): Proposal {
  const origin = decodeNode(reader);
  const sequence = decodeCounter(reader);
  const previous = { sequence: decodeCounter(reader), lamport: decodeCounter(reader) };
  const lamport = decodeCounter(reader);
  if (previous.sequence >= sequence || previous.lamport >= lamport) {
    throw new DecodeError("a proposal before its predecessor");
  }
  const time = reader.varint();
  const command = reader.bytes(limits.MAX_COMMAND_BYTES);
  return { origin, sequence, previous, lamport, time, command };
}

/**
 * Most members hold most of what there is: written are, per column, what all hold, and per row
 * the columns that are over that.
 */
export function encodeRows(writer: WireWriter, rows: readonly Row[]): void {
  const floor = floorOf(rows);
  encodeList(writer, floor, (to, count) => to.varint(count));
  for (const row of rows) {
    writer.varint(row.clock);
    encodeVote(writer, row.closed);
    encodePlace(writer, row.decided);
    encodeColumnsOver(writer, row.held, floor);
  }
}

function floorOf(rows: readonly Row[]): number[] {
  const floor = [...(rows[0]?.held ?? [])];
  for (const { held } of rows) {
    for (let column = 0; column < floor.length; column++) {
      floor[column] = Math.min(floor[column] ?? 0, held[column] ?? 0);
    }
  }
  return floor;
}

function encodeColumnsOver(
  writer: WireWriter,
  held: readonly number[],
  floor: readonly number[],
): void {
  const over: number[] = [];
  for (let column = 0; column < held.length; column++) {
    if ((held[column] ?? 0) > (floor[column] ?? 0)) {
      over.push(column);
    }
  }
  encodeList(writer, over, (to, column) => {
    to.varint(column);
    to.varint((held[column] ?? 0) - (floor[column] ?? 0));
  });
}

function decodeRows(reader: WireReader): Row[] {
  const size = reader.varint(limits.MAX_MEMBERS);
  const floor: number[] = [];
  for (let i = 0; i < size; i++) {
    floor.push(decodeCounter(reader));
  }
  return floor.map(() => decodeRow(reader, floor));
}

function decodeRow(reader: WireReader, floor: readonly number[]): Row {
  const clock = decodeCounter(reader);
  const closed = decodeVote(reader);
  const decided = decodePlace(reader);
  const held = [...floor];
  let next = 0;
  for (let left = reader.varint(held.length); left > 0; left--) {
    const column = reader.varint(Math.max(0, held.length - 1));
    if (column < next) {
      throw new DecodeError("columns of a row must rise");
    }
    next = column + 1;
    held[column] = (floor[column] ?? 0) + 1 + decreased(decodeCounter(reader));
  }
  return { clock, held, closed, decided };
}

/** A column is only written when it is over the floor. */
function decreased(over: number): number {
  if (over === 0) {
    throw new DecodeError("a column that is not over the floor");
  }
  return over - 1;
}

export function encodeBase(writer: WireWriter, base: Base): void {
  writer.varint(base.counts.length);
  encodeCut(writer, base);
  writer.varint(base.time);
  writer.bytes(base.snapshot);
}

export function decodeBase(reader: WireReader): Base {
  const size = reader.varint(limits.MAX_MEMBERS);
  const cut = decodeCut(reader, size);
  const time = reader.varint();
  return { ...cut, time, snapshot: reader.bytes(limits.MAX_BASE_BYTES) };
}

function encodeCut(writer: WireWriter, cut: Cut): void {
  encodeVote(writer, cut);
  for (const count of cut.counts) {
    writer.varint(count);
  }
}

function decodeCut(reader: WireReader, size: number): Cut {
  const vote = decodeVote(reader);
  const counts: number[] = [];
  for (let i = 0; i < size; i++) {
    counts.push(decodeCounter(reader));
  }
  return { ...vote, counts };
}

function encodePlace(writer: WireWriter, { lamport, origin }: Place): void {
  writer.varint(lamport);
  writer.string(origin);
}

function decodePlace(reader: WireReader): Place {
  const lamport = decodeCounter(reader);
  return { lamport, origin: reader.string(MAX_NODE_ID_BYTES) };
}

function encodeVote(writer: WireWriter, vote: Vote): void {
  encodePlace(writer, vote);
  writer.varint(vote.index);
  writer.string(vote.chain);
}

function decodeVote(reader: WireReader): Vote {
  const { lamport, origin } = decodePlace(reader);
  const index = decodeCounter(reader);
  return { lamport, origin, index, chain: decodeDigest(reader) };
}

function decodeDigest(reader: WireReader): string {
  const digest = reader.string(limits.DIGEST_LENGTH);
  if (digest.length !== limits.DIGEST_LENGTH) {
    throw new DecodeError("a digest of another length");
  }
  return digest;
}

function decodeCounter(reader: WireReader): number {
  return reader.varint(limits.MAX_COUNTER);
}
