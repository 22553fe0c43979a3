/** A register that keeps all concurrent values, and leaves the choice to who reads it. */
import type { Codec } from "../wire.ts";
import { compareBytes } from "./canonical.ts";
import type { Crdt } from "./crdt.ts";
import { type DvvSet, dvvSetCodec, dvvSync, dvvValues, siblingCount } from "./dvv-set.ts";
import { MAX_ACTORS, MAX_SIBLINGS, MAX_VALUE_BYTES } from "./limits.ts";

export type MvRegister = DvvSet<Uint8Array>;

const bytesCodec: Codec<Uint8Array> = {
  encode: (writer, value) => writer.bytes(value),
  decode: (reader) => reader.bytes(MAX_VALUE_BYTES),
};

/** Written with `dvvWrite`, read with `dvvContext`. */
export const mvRegister: Crdt<MvRegister, readonly Uint8Array[]> = {
  kind: "mv-register",
  bottom: new Map(),
  merge: dvvSync,
  /** In the order of their bytes; two writers of the same bytes made two siblings. */
  value: (state) => dvvValues(state).sort(compareBytes),
  codec: dvvSetCodec(bytesCodec),
  overLimit(state) {
    if (state.size > MAX_ACTORS) {
      return "MAX_ACTORS";
    }
    if (siblingCount(state) > MAX_SIBLINGS) {
      return "MAX_SIBLINGS";
    }
    const over = dvvValues(state).some((value) => value.length > MAX_VALUE_BYTES);
    return over ? "MAX_VALUE_BYTES" : null;
  },
};
