/** The membership messages on the wire. Every count and length is bounded before it is believed. */
import type { NodeId } from "#main/kernel/machine.ts";
import type { Codec, WireReader, WireWriter } from "#main/kernel/wire.ts";
import { DecodeError } from "#main/kernel/wire.ts";
import type {
  BallotGroup,
  Ballots,
  MemberSnapshot,
  MembershipMessage,
  Observation,
  Update,
} from "./messages.ts";
import { MAX_MEMBERS, MAX_OBSERVERS_PER_UPDATE } from "./options.ts";
import type { JoinRefusal, MemberMetadata, MembershipRecord, MemberState } from "./types.ts";

/** Limits of the format. */
export const WIRE_LIMITS = {
  idBytes: 64,
  zoneBytes: 64,
  addressBytes: 256,
  tags: 32,
  tagNameBytes: 128,
  tagValueBytes: 512,
  updates: 1_024,
  rosterBytes: 16,
  ballotGroups: 8,
  ballotBytes: MAX_MEMBERS / 8,
  ageMs: 86_400_000,
} as const;

const MESSAGES = ["gossip", "join", "join-refused", "sync", "state", "votes"] as const;
const STATES = ["alive", "suspect", "unreachable", "dead", "left"] as const;
const REFUSALS = ["read-only", "left", "full"] as const;
/** 0 ends a list of updates. */
const UPDATE_TAG = { alive: 1, suspect: 2, observed: 3, left: 4, forgotten: 5 } as const;
const END_OF_UPDATES = 0;
const AGE_UNIT_MS = 100;
const RECORD_VERSION = 2;

export const membershipCodec: Codec<MembershipMessage> = {
  encode(writer, message) {
    writer.u8(MESSAGES.indexOf(message.kind));
    switch (message.kind) {
      case "gossip":
        writeUpdates(writer, message.updates);
        break;
      case "join":
        writeSnapshot(writer, message.member);
        break;
      case "join-refused":
        writer.u8(REFUSALS.indexOf(message.reason));
        break;
      case "sync":
        writer.string(message.digest);
        break;
      case "state":
        writer.u8(message.wanted ? 1 : 0);
        writer.varint(message.members.length);
        for (const member of message.members) {
          writeSnapshot(writer, member);
        }
        break;
      case "votes":
        writer.string(message.member);
        writer.varint(message.incarnation);
        break;
    }
  },
  decode(reader) {
    const kind = pick(MESSAGES, reader.u8(), "membership message");
    switch (kind) {
      case "gossip":
        return { kind, updates: readUpdates(reader) };
      case "join":
        return { kind, member: readSnapshot(reader) };
      case "join-refused":
        return { kind, reason: pick<JoinRefusal>(REFUSALS, reader.u8(), "refusal") };
      case "sync":
        return { kind, digest: reader.string(WIRE_LIMITS.idBytes) };
      case "state":
        return { kind, wanted: readFlag(reader), members: readList(reader, readSnapshot) };
      case "votes":
        return { kind, member: readId(reader), incarnation: reader.varint() };
    }
  },
};

export const membershipRecordCodec: Codec<MembershipRecord> = {
  encode(writer, record) {
    writer.u8(RECORD_VERSION);
    writer.varint(record.incarnation);
    writer.varint(record.leaveTime);
    for (const ids of [record.joined, record.gone]) {
      writer.varint(ids.length);
      for (const id of ids) {
        writer.string(id);
      }
    }
  },
  decode(reader) {
    const version = reader.u8();
    if (version !== RECORD_VERSION) {
      throw new DecodeError(`unknown membership record version ${version}`);
    }
    const incarnation = reader.varint();
    const leaveTime = reader.varint();
    const joined = readList(reader, readId);
    return { incarnation, leaveTime, joined, gone: readList(reader, readId) };
  },
};

/** A list of updates, closed by an end mark: at rest a packet carries one byte of it. */
export function writeUpdates(writer: WireWriter, updates: readonly Update[]): void {
  for (const update of updates) {
    writeUpdate(writer, update);
  }
  writer.u8(END_OF_UPDATES);
}

export function readUpdates(reader: WireReader): readonly Update[] {
  let tag = reader.u8();
  if (tag === END_OF_UPDATES) {
    return NO_UPDATES;
  }
  const updates: Update[] = [];
  while (tag !== END_OF_UPDATES) {
    if (updates.length >= WIRE_LIMITS.updates) {
      throw new DecodeError(`more than ${WIRE_LIMITS.updates} updates`);
    }
    updates.push(readUpdate(reader, tag));
    tag = reader.u8();
  }
  return updates;
}

const NO_UPDATES: readonly Update[] = [];

export function writeUpdate(writer: WireWriter, update: Update): void {
  writer.u8(UPDATE_TAG[update.kind]);
  writer.string(update.member);
  writer.varint(update.incarnation);
  switch (update.kind) {
    case "alive":
      writeMetadata(writer, update.metadata);
      break;
    case "suspect":
      writer.string(update.accuser);
      break;
    case "observed":
      writeObservations(writer, update.observations);
      writeBallots(writer, update.ballots);
      break;
    case "left":
      writer.varint(update.leaveTime);
      break;
    case "forgotten":
      break;
  }
}

function readUpdate(reader: WireReader, tag: number): Update {
  const member = readId(reader);
  const incarnation = reader.varint();
  switch (tag) {
    case UPDATE_TAG.alive:
      return { kind: "alive", member, incarnation, metadata: readMetadata(reader) };
    case UPDATE_TAG.suspect:
      return { kind: "suspect", member, incarnation, accuser: readId(reader) };
    case UPDATE_TAG.observed: {
      const observations = readObservations(reader, MAX_OBSERVERS_PER_UPDATE);
      return { kind: "observed", member, incarnation, observations, ...readBallots(reader) };
    }
    case UPDATE_TAG.left:
      return { kind: "left", member, incarnation, leaveTime: reader.varint() };
    case UPDATE_TAG.forgotten:
      return { kind: "forgotten", member, incarnation };
    default:
      throw new DecodeError(`unknown update ${tag}`);
  }
}

function writeSnapshot(writer: WireWriter, member: MemberSnapshot): void {
  writer.string(member.id);
  writer.u8(STATES.indexOf(member.state));
  writer.varint(member.incarnation);
  writeMetadata(writer, member.metadata);
  writer.u8(member.agreed ? 1 : 0);
  writer.varint(member.leaveTime);
  writeObservations(writer, member.observations);
  writeBallots(writer, member.ballots);
}

function readSnapshot(reader: WireReader): MemberSnapshot {
  return {
    id: readId(reader),
    state: pick<MemberState>(STATES, reader.u8(), "member state"),
    incarnation: reader.varint(),
    metadata: readMetadata(reader),
    agreed: readFlag(reader),
    leaveTime: reader.varint(),
    observations: readObservations(reader, MAX_MEMBERS),
    ...readBallots(reader),
  };
}

function writeMetadata(writer: WireWriter, metadata: MemberMetadata): void {
  writer.string(metadata.zone);
  writer.string(metadata.address);
  const names = Object.keys(metadata.tags);
  writer.varint(names.length);
  for (const name of names) {
    writer.string(name);
    writer.string(metadata.tags[name] ?? "");
  }
}

function readMetadata(reader: WireReader): MemberMetadata {
  const zone = reader.string(WIRE_LIMITS.zoneBytes);
  const address = reader.string(WIRE_LIMITS.addressBytes);
  const count = reader.varint(WIRE_LIMITS.tags);
  if (count === 0) {
    return { zone, address, tags: NO_TAGS };
  }
  const tags: [string, string][] = [];
  for (let i = 0; i < count; i++) {
    const name = reader.string(WIRE_LIMITS.tagNameBytes);
    tags.push([name, reader.string(WIRE_LIMITS.tagValueBytes)]);
  }
  return { zone, address, tags: Object.fromEntries(tags) };
}

const NO_TAGS: Readonly<Record<string, string>> = Object.freeze({});

function writeObservations(writer: WireWriter, observations: readonly Observation[]): void {
  writer.varint(observations.length);
  for (const observation of observations) {
    writer.string(observation.observer);
    writer.varint(Math.ceil(observation.ageMs / AGE_UNIT_MS));
  }
}

function readObservations(reader: WireReader, max: number): readonly Observation[] {
  const count = reader.varint(max);
  const observations: Observation[] = [];
  for (let i = 0; i < count; i++) {
    const observer = readId(reader);
    const ageMs = reader.varint(WIRE_LIMITS.ageMs / AGE_UNIT_MS) * AGE_UNIT_MS;
    observations.push({ observer, ageMs });
  }
  return observations;
}

/** A zero, or one and the ballots. */
function writeBallots(writer: WireWriter, ballots: Ballots | undefined): void {
  writer.u8(ballots === undefined ? 0 : 1);
  if (ballots !== undefined) {
    writer.string(ballots.roster);
    writer.varint(ballots.groups.length);
    for (const { ageMs, bits } of ballots.groups) {
      writer.varint(Math.ceil(ageMs / AGE_UNIT_MS));
      writer.bytes(bits);
    }
  }
}

function readBallots(reader: WireReader): { readonly ballots?: Ballots } {
  if (!readFlag(reader)) {
    return NO_BALLOTS;
  }
  const roster = reader.string(WIRE_LIMITS.rosterBytes);
  const count = reader.varint(WIRE_LIMITS.ballotGroups);
  const groups: BallotGroup[] = [];
  for (let i = 0; i < count; i++) {
    const ageMs = reader.varint(WIRE_LIMITS.ageMs / AGE_UNIT_MS) * AGE_UNIT_MS;
    groups.push({ ageMs, bits: reader.bytes(WIRE_LIMITS.ballotBytes) });
  }
  return { ballots: { roster, groups } };
}

const NO_BALLOTS = {} as const;

function readList<T>(reader: WireReader, read: (reader: WireReader) => T): readonly T[] {
  const count = reader.varint(MAX_MEMBERS);
  const list: T[] = [];
  for (let i = 0; i < count; i++) {
    list.push(read(reader));
  }
  return list;
}

function readId(reader: WireReader): NodeId {
  const id = reader.string(WIRE_LIMITS.idBytes);
  if (id === "") {
    throw new DecodeError("a node name is empty");
  }
  return id;
}

function readFlag(reader: WireReader): boolean {
  return pick([false, true] as const, reader.u8(), "flag");
}

function pick<T>(values: readonly T[], index: number, what: string): T {
  const value = values[index];
  if (value === undefined) {
    throw new DecodeError(`unknown ${what} ${index}`);
  }
  return value;
}
