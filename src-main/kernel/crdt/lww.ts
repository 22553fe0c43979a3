/** Last-writer-wins registers and maps (RR-7506, specifications 8 and, per key, 9). */
import { type Codec, DecodeError, type WireReader, type WireWriter } from "../wire.ts";
import {
  compareBytes,
  decodeMap,
  encodeMap,
  fitsText,
  mergeMaps,
  sortedEntries,
} from "./canonical.ts";
import type { Crdt } from "./crdt.ts";
import { MAX_KEY_BYTES, MAX_MAP_ENTRIES, MAX_VALUE_BYTES } from "./limits.ts";
import { compareStamps, decodeStamp, encodeStamp, isTooEarly, type Stamp } from "./stamp.ts";
import type { Micros } from "../time.ts";

/** A write; null stands for a removal. */
export interface LwwWrite {
  readonly stamp: Stamp;
  readonly value: Uint8Array | null;
}

/** Null before the first write. */
export type LwwRegister = LwwWrite | null;

export type LwwMap = ReadonlyMap<string, LwwWrite>;

/**
 * A node gives a stamp once, so two values never share one. Should a node without its disk do so
 * all the same, the removal or else the larger bytes win: any rule will do that is the same for all.
 */
function newer(mine: LwwWrite, theirs: LwwWrite): LwwWrite {
  const order = compareStamps(mine.stamp, theirs.stamp);
  if (order !== 0) {
    return order > 0 ? mine : theirs;
  }
  if (mine.value === null || theirs.value === null) {
    return mine.value === null ? mine : theirs;
  }
  return compareBytes(mine.value, theirs.value) >= 0 ? mine : theirs;
}

const VALUE = 1;
const REMOVAL = 0;

function encodeWrite(writer: WireWriter, write: LwwWrite): void {
  encodeStamp(writer, write.stamp);
  writer.u8(write.value === null ? REMOVAL : VALUE);
  if (write.value !== null) {
    writer.bytes(write.value);
  }
}

function decodeWrite(reader: WireReader): LwwWrite {
  const stamp = decodeStamp(reader);
  const tag = reader.u8();
  if (tag !== VALUE && tag !== REMOVAL) {
    throw new DecodeError(`unknown write ${tag}`);
  }
  return { stamp, value: tag === VALUE ? reader.bytes(MAX_VALUE_BYTES) : null };
}

const registerCodec: Codec<LwwRegister> = {
  encode(writer, state) {
    writer.u8(state === null ? 0 : 1);
    if (state !== null) {
      encodeWrite(writer, state);
    }
  },
  decode(reader) {
    const writes = reader.u8();
    if (writes > 1) {
      throw new DecodeError("a register with several writes");
    }
    return writes === 0 ? null : decodeWrite(reader);
  },
};

export const lwwRegister: Crdt<LwwRegister, Uint8Array | null> = {
  kind: "lww-register",
  bottom: null,
  merge: (mine, theirs) =>
    mine === null || theirs === null ? (mine ?? theirs) : newer(mine, theirs),
  value: (state) => state?.value ?? null,
  codec: registerCodec,
  overLimit: (state) => ((state?.value?.length ?? 0) > MAX_VALUE_BYTES ? "MAX_VALUE_BYTES" : null),
};

export const lwwMap: Crdt<LwwMap, ReadonlyMap<string, Uint8Array>> = {
  kind: "lww-map",
  bottom: new Map(),
  merge: (mine, theirs) => mergeMaps(mine, theirs, newer),
  value(state) {
    const present = new Map<string, Uint8Array>();
    for (const [key, { value }] of sortedEntries(state)) {
      if (value !== null) {
        present.set(key, value);
      }
    }
    return present;
  },
  codec: {
    encode: (writer, state) => encodeMap(writer, state, encodeWrite),
    decode: (reader) =>
      decodeMap(reader, { entries: MAX_MAP_ENTRIES, keyBytes: MAX_KEY_BYTES }, decodeWrite),
  },
  overLimit(state) {
    if (state.size > MAX_MAP_ENTRIES) {
      return "MAX_MAP_ENTRIES";
    }
    for (const [key, { value }] of state) {
      if (!fitsText(key, MAX_KEY_BYTES)) {
        return "MAX_KEY_BYTES";
      }
      if ((value?.length ?? 0) > MAX_VALUE_BYTES) {
        return "MAX_VALUE_BYTES";
      }
    }
    return null;
  },
};

/** The delta that writes a key, or removes it with a value of null. */
export function writeKey(key: string, write: LwwWrite): LwwMap {
  return new Map([[key, write]]);
}

/**
 * The part of a received map that may be merged now; the other writes are ahead of every clock that
 * can be right, and come again.
 */
export function withoutEarlyWrites(map: LwwMap, now: Micros): LwwMap {
  return new Map([...map].filter(([, write]) => !isTooEarly(write.stamp, now)));
}

/**
 * The map without removals older than `before`. A replica that still has what such a removal
 * removed brings it back, so `before` has to lie further back than any replica can have been away.
 */
export function pruneRemovals(map: LwwMap, before: Micros): LwwMap {
  return new Map([...map].filter(([, { value, stamp }]) => value !== null || stamp.at >= before));
}
