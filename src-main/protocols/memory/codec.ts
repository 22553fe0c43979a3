/** Messages and records of the eventual memory as bytes; everything counted is bounded. */
import { certificateCodec } from "#main/kernel/crdt/retention.ts";
import { decodeStamp, encodeStamp } from "#main/kernel/crdt/stamp.ts";
import { merkleCodec } from "#main/kernel/merkle/messages.ts";
import { SHA256_BYTES } from "#main/kernel/sha256.ts";
import { type Codec, DecodeError, type WireReader, type WireWriter } from "#main/kernel/wire.ts";
import { decodeList, encodeList, nameOfTag } from "#main/kernel/wire-lists.ts";
import { cellCodec, readOptional, writeOptional } from "./cells/cell.ts";
import {
  MAX_CELL_BYTES,
  MAX_KEY_BYTES,
  MAX_NAMESPACE_BYTES,
  MAX_NAMESPACES,
  MAX_UPDATES,
} from "./limits.ts";
import { EVENTUAL_MODES } from "./modes.ts";
import { decodeWith, encodeWith } from "./strong-command.ts";
import {
  type Content,
  type Definition,
  type MemoryMessage,
  type MemoryRecord,
  type NamespaceRoot,
  type Update,
} from "./types.ts";
import { type EventualMode, MEMORY_MODES } from "./modes.ts";

/** Tags are part of the wire contract: append only. */
const KINDS = [
  "push",
  "ack",
  "roots",
  "merkle",
  "repair",
] as const satisfies readonly MemoryMessage["kind"][];
const VALUE = 0;
const CERTIFICATE = 1;
/** What a record may hold: all of a memory. */
const MAX_RECORD_UPDATES = 2 ** 20;

export const memoryCodec: Codec<MemoryMessage> = {
  encode(writer, message) {
    writer.u8(KINDS.indexOf(message.kind));
    switch (message.kind) {
      case "push":
        writer.varint(message.sequence);
        encodeList(writer, message.definitions, encodeDefinition);
        return encodeUpdates(writer, message.updates);
      case "ack":
        return writer.varint(message.sequence);
      case "roots":
        return encodeList(writer, message.roots, encodeRoot);
      case "merkle":
        return merkleCodec.encode(writer, message.message);
      case "repair":
        return encodeUpdates(writer, message.updates);
    }
  },
  decode(reader) {
    const kind = nameOfTag(KINDS, reader.u8());
    switch (kind) {
      case "push": {
        const sequence = reader.varint();
        const definitions = decodeList(reader, MAX_NAMESPACES, decodeDefinition);
        return { kind, sequence, definitions, updates: decodeUpdates(reader, MAX_UPDATES) };
      }
      case "ack":
        return { kind, sequence: reader.varint() };
      case "roots":
        return { kind, roots: decodeList(reader, MAX_NAMESPACES, decodeRoot) };
      case "merkle":
        return { kind, message: merkleCodec.decode(reader) };
      case "repair":
        return { kind, updates: decodeUpdates(reader, MAX_UPDATES) };
    }
  },
};

export const memoryRecordCodec: Codec<MemoryRecord> = {
  encode(writer, { definitions, updates }) {
    encodeList(writer, definitions, encodeDefinition);
    encodeUpdates(writer, updates);
  },
  decode(reader) {
    const definitions = decodeList(reader, MAX_NAMESPACES, decodeDefinition);
    return { definitions, updates: decodeUpdates(reader, MAX_RECORD_UPDATES) };
  },
};

function encodeDefinition(writer: WireWriter, { namespace, mode, stamp }: Definition): void {
  writer.string(namespace);
  writer.u8(MEMORY_MODES.indexOf(mode));
  encodeStamp(writer, stamp);
}

function decodeDefinition(reader: WireReader): Definition {
  const namespace = decodeNamespace(reader);
  const mode = nameOfTag(MEMORY_MODES, reader.u8());
  return { namespace, mode, stamp: decodeStamp(reader) };
}

function decodeNamespace(reader: WireReader): string {
  const namespace = reader.string(MAX_NAMESPACE_BYTES);
  if (namespace === "") {
    throw new DecodeError("a namespace without a name");
  }
  return namespace;
}

function encodeRoot(writer: WireWriter, { definition, root }: NamespaceRoot): void {
  encodeDefinition(writer, definition);
  writeOptional(writer, root, (to, hash) => to.bytes(hash));
}

function decodeRoot(reader: WireReader): NamespaceRoot {
  const definition = decodeDefinition(reader);
  const root = readOptional(reader, (from) => from.bytes(SHA256_BYTES));
  if (root !== null && root.length !== SHA256_BYTES) {
    throw new DecodeError(`a hash of ${root.length} bytes`);
  }
  return { definition, root };
}

/** Namespaces are named once, whatever the number of their keys. */
function encodeUpdates(writer: WireWriter, updates: readonly Update[]): void {
  const spaces = [...new Map(updates.map((each) => [each.namespace, each.mode]))];
  const places = new Map(spaces.map(([namespace], i) => [namespace, i]));
  encodeList(writer, spaces, (to, [namespace, mode]) => {
    to.string(namespace);
    to.u8(EVENTUAL_MODES.indexOf(mode));
  });
  encodeList(writer, updates, (to, { namespace, mode, key, content }) => {
    to.varint(places.get(namespace) ?? 0);
    to.string(key);
    encodeContent(to, mode, content);
  });
}

function decodeUpdates(reader: WireReader, max: number): readonly Update[] {
  const spaces = decodeList(reader, MAX_NAMESPACES, (from) => ({
    namespace: decodeNamespace(from),
    mode: nameOfTag(EVENTUAL_MODES, from.u8()),
  }));
  return decodeList(reader, max, (from) => {
    const space = spaces[from.varint()];
    if (space === undefined) {
      throw new DecodeError("an update of no namespace");
    }
    const key = from.string(MAX_KEY_BYTES);
    return { ...space, key, content: decodeContent(from, space.mode, key) };
  });
}

function encodeContent(writer: WireWriter, mode: EventualMode, content: Content): void {
  if (content.kind === "value") {
    writer.u8(VALUE);
    writer.bytes(encodeWith(cellCodec(mode), content.cell));
  } else {
    writer.u8(CERTIFICATE);
    certificateCodec.encode(writer, content.certificate);
  }
}

function decodeContent(reader: WireReader, mode: EventualMode, key: string): Content {
  const tag = reader.u8();
  if (tag === VALUE) {
    return { kind: "value", cell: decodeWith(cellCodec(mode), reader.bytes(MAX_CELL_BYTES)) };
  }
  if (tag !== CERTIFICATE) {
    throw new DecodeError(`unknown content ${tag}`);
  }
  const certificate = certificateCodec.decode(reader);
  if (certificate.key !== key) {
    throw new DecodeError("a certificate of another key");
  }
  return { kind: "certificate", certificate };
}
