/** Raft's messages on the wire. Every count and length is bounded before it is believed. */
import {
  CONSENSUS_REFUSALS,
  type ConsensusOutcome,
  type ConsensusRefusal,
} from "#main/kernel/consensus.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import { MAX_CLIENT_BYTES, MAX_COMMAND_BYTES, sessionCommandCodec } from "#main/kernel/sessions.ts";
import { type Codec, DecodeError, type WireReader, type WireWriter } from "#main/kernel/wire.ts";
import { decodeList, decodeNode, encodeList, nameOfTag } from "#main/kernel/wire-lists.ts";
import { readEntries, writeEntries } from "./entry.ts";
import { RAFT_LIMITS } from "./options.ts";
import { readMeta, writeMeta } from "./record-codec.ts";
import type { Ask, CommandOutcome, MessageOf, RaftMessage } from "./types.ts";

type Kind = RaftMessage["kind"];

/** In the order of their tags; only ever appended to. */
const KINDS: readonly Kind[] = [
  "pre-vote",
  "pre-vote-reply",
  "vote",
  "vote-reply",
  "append",
  "append-reply",
  "heartbeat",
  "heartbeat-reply",
  "snapshot",
  "snapshot-reply",
  "timeout-now",
  "recover",
  "recover-reply",
  "locate",
  "located",
  "forward",
  "answer",
  "read-index",
  "read-index-reply",
  "query",
  "query-reply",
  "ask",
  "ask-reply",
];
const TAGS: ReadonlyMap<Kind, number> = new Map(KINDS.map((kind, tag) => [kind, tag]));
const OUTCOMES: readonly CommandOutcome[] = ["result", "expired", "too-many"];
const MAX_TEXT_BYTES = 1_024;

interface Part<Kind extends RaftMessage["kind"]> {
  write(writer: WireWriter, message: MessageOf<Kind>): void;
  read(reader: WireReader): MessageOf<Kind>;
}

const PARTS: { readonly [K in Kind]: Part<K> } = {
  "pre-vote": {
    write: (writer, { term, ballot, lastIndex, lastTerm }) =>
      writeNumbers(writer, term, ballot, lastIndex, lastTerm),
    read: (reader) => ({ kind: "pre-vote", ...readBallot(reader), ...readLast(reader) }),
  },
  "pre-vote-reply": {
    write: writeBallotReply,
    read: (reader) => ({ kind: "pre-vote-reply", ...readBallotReply(reader) }),
  },
  vote: {
    write(writer, { term, ballot, lastIndex, lastTerm, force }) {
      writeNumbers(writer, term, ballot, lastIndex, lastTerm);
      writeFlag(writer, force);
    },
    read(reader) {
      const request = { ...readBallot(reader), ...readLast(reader) };
      return { kind: "vote", ...request, force: readFlag(reader) };
    },
  },
  "vote-reply": {
    write: writeBallotReply,
    read: (reader) => ({ kind: "vote-reply", ...readBallotReply(reader) }),
  },
  append: {
    write(writer, { term, prevIndex, prevTerm, commit, entries }) {
      writeNumbers(writer, term, prevIndex, prevTerm, commit);
      writeEntries(writer, entries);
    },
    read(reader) {
      const [term, prevIndex] = [reader.varint(), reader.varint()];
      const [prevTerm, commit] = [reader.varint(), reader.varint()];
      const entries = readEntries(reader, prevIndex, RAFT_LIMITS.entriesPerAppend);
      return { kind: "append", term, prevIndex, prevTerm, commit, entries };
    },
  },
  "append-reply": {
    write(writer, message) {
      writeMember(writer, message);
      writeFlag(writer, message.ok);
      if (message.ok) {
        writer.varint(message.match);
      } else {
        writeNumbers(writer, message.rejected, message.hintIndex, message.hintTerm);
      }
    },
    read(reader) {
      const head = { kind: "append-reply", ...readMember(reader) } as const;
      if (readFlag(reader)) {
        return { ...head, ok: true, match: reader.varint() };
      }
      const [rejected, hintIndex, hintTerm] = [reader.varint(), reader.varint(), reader.varint()];
      return { ...head, ok: false, rejected, hintIndex, hintTerm };
    },
  },
  heartbeat: {
    write: (writer, { term, commit, round }) => writeNumbers(writer, term, commit, round),
    read(reader) {
      const [term, commit, round] = [reader.varint(), reader.varint(), reader.varint()];
      return { kind: "heartbeat", term, commit, round };
    },
  },
  "heartbeat-reply": {
    write(writer, message) {
      writeMember(writer, message);
      writer.varint(message.round);
    },
    read: (reader) => ({
      kind: "heartbeat-reply",
      ...readMember(reader),
      round: reader.varint(),
    }),
  },
  snapshot: {
    write(writer, { term, meta, total, offset, data }) {
      writer.varint(term);
      writeMeta(writer, meta);
      writeNumbers(writer, total, offset);
      writer.bytes(data);
    },
    read(reader) {
      const term = reader.varint();
      const meta = readMeta(reader);
      const [total, offset] = [reader.varint(RAFT_LIMITS.snapshotBytes), reader.varint()];
      const data = reader.bytes(RAFT_LIMITS.chunkBytes);
      return { kind: "snapshot", term, meta, total, offset, data };
    },
  },
  "snapshot-reply": {
    write(writer, message) {
      writeMember(writer, message);
      writeNumbers(writer, message.index, message.received);
    },
    read(reader) {
      const member = readMember(reader);
      const [index, received] = [reader.varint(), reader.varint()];
      return { kind: "snapshot-reply", ...member, index, received };
    },
  },
  "timeout-now": {
    write: (writer, { term }) => writer.varint(term),
    read: (reader) => ({ kind: "timeout-now", term: reader.varint() }),
  },
  recover: {
    write: (writer, { life }) => writer.varint(life),
    read: (reader) => ({ kind: "recover", life: reader.varint() }),
  },
  "recover-reply": {
    write(writer, { life, term, last }) {
      writeNumbers(writer, life, term);
      writeFlag(writer, last !== null);
      if (last !== null) {
        writer.varint(last);
      }
    },
    read(reader) {
      const [life, term] = [reader.varint(), reader.varint()];
      return { kind: "recover-reply", life, term, last: readFlag(reader) ? reader.varint() : null };
    },
  },
  locate: { write: () => undefined, read: () => ({ kind: "locate" }) },
  located: {
    write(writer, { term, leader, voters }) {
      writer.varint(term);
      writer.string(leader ?? "");
      writeNodes(writer, voters);
    },
    read(reader) {
      const [term, leader] = [reader.varint(), readOptionalNode(reader)];
      return { kind: "located", term, leader, voters: readNodes(reader) };
    },
  },
  forward: {
    write: (writer, { commands }) => encodeList(writer, commands, sessionCommandCodec.encode),
    read: (reader) => ({
      kind: "forward",
      commands: decodeList(reader, RAFT_LIMITS.commandsPerForward, sessionCommandCodec.decode),
    }),
  },
  answer: {
    write(writer, { client, sequence, index, outcome, result }) {
      writer.string(client);
      writeNumbers(writer, sequence, index, OUTCOMES.indexOf(outcome));
      writer.bytes(result);
    },
    read(reader) {
      const client = reader.string(MAX_CLIENT_BYTES);
      const [sequence, index] = [reader.varint(), reader.varint()];
      const outcome = nameOfTag(OUTCOMES, reader.varint());
      const result = reader.bytes(RAFT_LIMITS.chunkBytes);
      return { kind: "answer", client, sequence, index, outcome, result };
    },
  },
  "read-index": {
    write: (writer, { id }) => writer.varint(id),
    read: (reader) => ({ kind: "read-index", id: reader.varint() }),
  },
  "read-index-reply": {
    write: (writer, { id, index }) => writeNumbers(writer, id, index),
    read: (reader) => ({ kind: "read-index-reply", id: reader.varint(), index: reader.varint() }),
  },
  query: {
    write(writer, { id, query }) {
      writer.varint(id);
      writer.bytes(query);
    },
    read: (reader) => ({
      kind: "query",
      id: reader.varint(),
      query: reader.bytes(MAX_COMMAND_BYTES),
    }),
  },
  "query-reply": {
    write(writer, { id, index, result }) {
      writeNumbers(writer, id, index);
      writer.bytes(result);
    },
    read(reader) {
      const [id, index] = [reader.varint(), reader.varint()];
      return { kind: "query-reply", id, index, result: reader.bytes(RAFT_LIMITS.chunkBytes) };
    },
  },
  ask: {
    write(writer, { id, ask }) {
      writer.varint(id);
      writeAsk(writer, ask);
    },
    read: (reader) => ({ kind: "ask", id: reader.varint(), ask: readAsk(reader) }),
  },
  "ask-reply": {
    write(writer, { id, outcome }) {
      writer.varint(id);
      writeOutcome(writer, outcome);
    },
    read: (reader) => ({ kind: "ask-reply", id: reader.varint(), outcome: readOutcome(reader) }),
  },
};

export const raftCodec: Codec<RaftMessage> = {
  encode(writer, message) {
    writer.u8(TAGS.get(message.kind) ?? 0);
    // The table has for each kind the part for this very kind; the compiler cannot pair them.
    (PARTS[message.kind] as Part<Kind>).write(writer, message);
  },
  decode: (reader) => PARTS[nameOfTag(KINDS, reader.u8())].read(reader),
};

function writeNumbers(writer: WireWriter, ...numbers: readonly number[]): void {
  for (const number of numbers) {
    writer.varint(number);
  }
}

function writeFlag(writer: WireWriter, flag: boolean): void {
  writer.u8(flag ? 1 : 0);
}

function readFlag(reader: WireReader): boolean {
  const flag = reader.u8();
  if (flag > 1) {
    throw new DecodeError(`${flag} is neither yes nor no`);
  }
  return flag === 1;
}

function readBallot(reader: WireReader) {
  return { term: reader.varint(), ballot: reader.varint() };
}

function readLast(reader: WireReader) {
  return { lastIndex: reader.varint(), lastTerm: reader.varint() };
}

function writeBallotReply(
  writer: WireWriter,
  { term, ballot, granted }: { term: number; ballot: number; granted: boolean },
): void {
  writeNumbers(writer, term, ballot);
  writeFlag(writer, granted);
}

function readBallotReply(reader: WireReader) {
  return { ...readBallot(reader), granted: readFlag(reader) };
}

function writeMember(
  writer: WireWriter,
  { term, life, lost }: { term: number; life: number; lost: boolean },
): void {
  writeNumbers(writer, term, life);
  writeFlag(writer, lost);
}

function readMember(reader: WireReader) {
  return { term: reader.varint(), life: reader.varint(), lost: readFlag(reader) };
}

function writeNodes(writer: WireWriter, nodes: readonly NodeId[]): void {
  encodeList(writer, nodes, (to, node) => to.string(node));
}

function readNodes(reader: WireReader): NodeId[] {
  return decodeList(reader, RAFT_LIMITS.members, decodeNode);
}

function readOptionalNode(reader: WireReader): NodeId | null {
  const node = reader.string(64);
  return node === "" ? null : node;
}

const ASK_TRANSFER = 0;
const ASK_RECONFIGURE = 1;

function writeAsk(writer: WireWriter, ask: Ask): void {
  if (ask.order === "transfer") {
    writer.u8(ASK_TRANSFER);
    writer.string(ask.to ?? "");
  } else {
    writer.u8(ASK_RECONFIGURE);
    writeNodes(writer, ask.voters);
    writeNodes(writer, ask.learners);
  }
}

function readAsk(reader: WireReader): Ask {
  const tag = reader.u8();
  switch (tag) {
    case ASK_TRANSFER:
      return { order: "transfer", to: readOptionalNode(reader) };
    case ASK_RECONFIGURE:
      return { order: "reconfigure", voters: readNodes(reader), learners: readNodes(reader) };
    default:
      throw new DecodeError(`unknown order ${tag}`);
  }
}

function writeOutcome(writer: WireWriter, outcome: ConsensusOutcome): void {
  writeFlag(writer, outcome.ok);
  if (outcome.ok) {
    writer.varint(outcome.index);
    writer.bytes(outcome.result);
  } else {
    writer.u8(CONSENSUS_REFUSALS.indexOf(outcome.code));
    writer.string(outcome.message);
  }
}

function readOutcome(reader: WireReader): ConsensusOutcome {
  if (readFlag(reader)) {
    return { ok: true, index: reader.varint(), result: reader.bytes(RAFT_LIMITS.chunkBytes) };
  }
  const code = nameOfTag<ConsensusRefusal>(CONSENSUS_REFUSALS, reader.u8());
  return { ok: false, code, message: reader.string(MAX_TEXT_BYTES) };
}
