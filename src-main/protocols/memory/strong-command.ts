/** What travels through the agreed log for strong namespaces, and what comes back. */
import type { Micros } from "#main/kernel/time.ts";
import { type Codec, DecodeError, WireReader, WireWriter } from "#main/kernel/wire.ts";

export const MAX_NAMESPACE_BYTES = 64;
export const MAX_KEY_BYTES = 1_024;
export const MAX_VALUE_BYTES = 64 * 1_024;

export type StrongCommand =
  /** A value that was proposed for its own sake: kept as the latest decided one. */
  | { readonly kind: "note"; readonly text: string }
  | {
      readonly kind: "put";
      readonly namespace: string;
      readonly key: string;
      readonly value: string;
      /** Log time from the write to its expiry; null: never. */
      readonly ttl: Micros | null;
      /** Written only where this is the present value; null: whatever it is. */
      readonly expect: string | null;
    }
  | { readonly kind: "delete"; readonly namespace: string; readonly key: string }
  /** Lets log time reach what is due to expire. */
  | { readonly kind: "tick" };

export type StrongQuery =
  | { readonly kind: "get"; readonly namespace: string; readonly key: string }
  | { readonly kind: "noted" };

export const STRONG_CODES = ["ok", "conflict", "not-found", "bad-request", "busy"] as const;
export type StrongCode = (typeof STRONG_CODES)[number];

export interface StrongResult {
  readonly code: StrongCode;
  readonly value: string | null;
  /** Log index of the last write to the key; 0 where there is none. */
  readonly version: number;
}

const COMMANDS = ["note", "put", "delete", "tick"] as const;

export const strongCommandCodec: Codec<StrongCommand> = {
  encode(writer, command) {
    writer.u8(COMMANDS.indexOf(command.kind));
    switch (command.kind) {
      case "note":
        return writer.string(command.text);
      case "put":
        writer.string(command.namespace);
        writer.string(command.key);
        writer.string(command.value);
        writeOptional(writer, command.ttl, (ttl) => writer.varint(ttl));
        return writeOptional(writer, command.expect, (value) => writer.string(value));
      case "delete":
        writer.string(command.namespace);
        return writer.string(command.key);
      case "tick":
        return;
    }
  },
  decode(reader) {
    const kind = COMMANDS[reader.u8()];
    switch (kind) {
      case "note":
        return { kind, text: reader.string(MAX_VALUE_BYTES) };
      case "put":
        return {
          kind,
          namespace: reader.string(MAX_NAMESPACE_BYTES),
          key: reader.string(MAX_KEY_BYTES),
          value: reader.string(MAX_VALUE_BYTES),
          ttl: readOptional(reader, () => reader.varint()),
          expect: readOptional(reader, () => reader.string(MAX_VALUE_BYTES)),
        };
      case "delete":
        return {
          kind,
          namespace: reader.string(MAX_NAMESPACE_BYTES),
          key: reader.string(MAX_KEY_BYTES),
        };
      case "tick":
        return { kind };
      default:
        throw new DecodeError("unknown command of the strong store");
    }
  },
};

export const strongQueryCodec: Codec<StrongQuery> = {
  encode(writer, query) {
    writer.u8(query.kind === "get" ? 0 : 1);
    if (query.kind === "get") {
      writer.string(query.namespace);
      writer.string(query.key);
    }
  },
  decode(reader) {
    switch (reader.u8()) {
      case 0:
        return {
          kind: "get",
          namespace: reader.string(MAX_NAMESPACE_BYTES),
          key: reader.string(MAX_KEY_BYTES),
        };
      case 1:
        return { kind: "noted" };
      default:
        throw new DecodeError("unknown query of the strong store");
    }
  },
};

export const strongResultCodec: Codec<StrongResult> = {
  encode(writer, { code, value, version }) {
    writer.u8(STRONG_CODES.indexOf(code));
    writeOptional(writer, value, (text) => writer.string(text));
    writer.varint(version);
  },
  decode(reader) {
    const code = STRONG_CODES[reader.u8()];
    if (code === undefined) {
      throw new DecodeError("unknown result of the strong store");
    }
    const value = readOptional(reader, () => reader.string(MAX_VALUE_BYTES));
    return { code, value, version: reader.varint() };
  },
};

export function encodeWith<T>(codec: Codec<T>, value: T): Uint8Array {
  const writer = new WireWriter();
  codec.encode(writer, value);
  return writer.finish();
}

/** Throws `DecodeError`; also for bytes behind the value. */
export function decodeWith<T>(codec: Codec<T>, bytes: Uint8Array): T {
  const reader = new WireReader(bytes);
  const value = codec.decode(reader);
  reader.expectEnd();
  return value;
}

function writeOptional<T>(writer: WireWriter, value: T | null, write: (value: T) => void): void {
  writer.u8(value === null ? 0 : 1);
  if (value !== null) {
    write(value);
  }
}

function readOptional<T>(reader: WireReader, read: () => T): T | null {
  switch (reader.u8()) {
    case 0:
      return null;
    case 1:
      return read();
    default:
      throw new DecodeError("a flag is neither 0 nor 1");
  }
}
