/**
 * The state of one key: what its mode keeps, the delete it has outlived, and when it expires. The
 * three merge together, and the outcome is the same in whatever order they come: the latest delete,
 * the expiry of the latest write, and of the parts those that neither replaces.
 */
import { absorb } from "#main/kernel/crdt/crdt.ts";
import { compareStamps, decodeStamp, encodeStamp, type Stamp } from "#main/kernel/crdt/stamp.ts";
import type { Micros } from "#main/kernel/time.ts";
import { type Codec, DecodeError, type WireReader, type WireWriter } from "#main/kernel/wire.ts";
import { laterStamp, survives } from "../contributor.ts";
import { MAX_CELL_BYTES } from "../limits.ts";
import { encodeWith } from "../strong-command.ts";
import type { EventualMode } from "../modes.ts";
import type { CellRefusal, CellType, CellWrite } from "./cell-type.ts";
import { counterCell } from "./counter.ts";
import { lwwCell } from "./lww.ts";
import { registerCell } from "./register.ts";
import { setCell } from "./set.ts";

export interface Expiry {
  /** Of the write that said so: the latest one holds for the key. */
  readonly stamp: Stamp;
  /** By the wall clock; null: never. */
  readonly at: Micros | null;
}

/** Some mode's state: only that mode's own type looks inside. */
export interface Cell {
  /** The latest delete that this key outlived; nothing up to it comes back. */
  readonly floor: Stamp | null;
  readonly expiry: Expiry | null;
  readonly state: unknown;
}

const TYPES: Readonly<Record<EventualMode, CellType<unknown>>> = {
  register: erase(registerCell),
  lww: erase(lwwCell),
  counter: erase(counterCell),
  set: erase(setCell),
};

/** Sound because a namespace has one mode, and its states meet no other type than that mode's. */
function erase<State>(type: CellType<State>): CellType<unknown> {
  return type;
}

export type Merged =
  | { readonly kind: "merged"; readonly cell: Cell | null; readonly bytes: Uint8Array }
  | { readonly kind: "refused"; readonly limit: string };

const NO_BYTES = new Uint8Array(0);

/** Of two states of a key, or a state and a delta. Null: a delete took all of it. */
export function mergeCells(mode: EventualMode, mine: Cell | null, theirs: Cell): Merged {
  const { crdt, newest } = TYPES[mode];
  const floor = laterStamp(mine?.floor ?? null, theirs.floor);
  const left = mine === null ? null : cut(mode, mine, floor);
  const right = cut(mode, theirs, floor);
  const absorbed = absorb(crdt, left === null ? crdt.bottom : left.state, right.state);
  if (absorbed.kind === "refused") {
    return { kind: "refused", limit: absorbed.limit };
  }
  if (newest(absorbed.state) === null) {
    return { kind: "merged", cell: null, bytes: NO_BYTES };
  }
  const expiry = laterExpiry(left?.expiry ?? null, right.expiry);
  const cell = { floor, expiry, state: absorbed.state };
  const bytes = encodeWith(cellCodec(mode), cell);
  return bytes.length > MAX_CELL_BYTES
    ? { kind: "refused", limit: "MAX_CELL_BYTES" }
    : { kind: "merged", cell, bytes };
}

/** What a delete leaves of it; null: nothing. */
export function cutCell(mode: EventualMode, cell: Cell, floor: Stamp): Cell | null {
  const left = cut(mode, cell, laterStamp(cell.floor, floor));
  return TYPES[mode].newest(left.state) === null ? null : left;
}

function cut(mode: EventualMode, { expiry, state }: Cell, floor: Stamp | null): Cell {
  if (floor === null) {
    return { floor, expiry, state };
  }
  const kept = expiry !== null && survives(expiry.stamp, floor) ? expiry : null;
  return { floor, expiry: kept, state: TYPES[mode].prune(state, floor) };
}

/** The greater time of two for one write, which only a liar makes differ; the same for all. */
function laterExpiry(a: Expiry | null, b: Expiry | null): Expiry | null {
  if (a === null || b === null) {
    return a ?? b;
  }
  const order = compareStamps(a.stamp, b.stamp) || rank(a) - rank(b);
  return order >= 0 ? a : b;
}

function rank({ at }: Expiry): number {
  return at ?? Number.MAX_SAFE_INTEGER;
}

/** Of its newest part; null: there is none, which no good replica sends. */
export function newestPart(mode: EventualMode, { state }: Cell): Stamp | null {
  return TYPES[mode].newest(state);
}

/** What a delete of all this has to be later than. */
export function newestOf(mode: EventualMode, cell: Cell): Stamp | null {
  const ofExpiry = laterStamp(cell.expiry?.stamp ?? null, cell.floor);
  return laterStamp(newestPart(mode, cell), ofExpiry);
}

export function valuesOf(mode: EventualMode, { state }: Cell): string[] {
  return TYPES[mode].values(state);
}

export function versionOf(mode: EventualMode, { state }: Cell): string {
  return TYPES[mode].version(state);
}

/** `floor`: of a key that is deleted. A delta to be merged, or null when nothing changes. */
export function writeCell(
  mode: EventualMode,
  mine: Cell | null,
  write: CellWrite & { readonly floor: Stamp | null; readonly expiresAt: Micros | null },
): { readonly delta: Cell | null } | { readonly refusal: CellRefusal } {
  const type = TYPES[mode];
  const { floor, expiresAt, stamp } = write;
  const written = type.write(mine === null ? type.crdt.bottom : mine.state, write);
  if ("refusal" in written) {
    return written;
  }
  if (written.delta === null) {
    return { delta: null };
  }
  const expiry = expiresAt === null && type.keepsExpiry ? null : { stamp, at: expiresAt };
  return { delta: { floor: mine?.floor ?? floor, expiry, state: written.delta } };
}

/** Canonical: equal states are equal bytes. */
export function cellCodec(mode: EventualMode): Codec<Cell> {
  const { crdt } = TYPES[mode];
  return {
    encode(writer, { floor, expiry, state }) {
      writeOptional(writer, floor, encodeStamp);
      writeOptional(writer, expiry, (to, { stamp, at }) => {
        encodeStamp(to, stamp);
        writeOptional(to, at, (each, time) => each.varint(time));
      });
      crdt.codec.encode(writer, state);
    },
    decode(reader) {
      const floor = readOptional(reader, decodeStamp);
      const expiry = readOptional(reader, (from) => ({
        stamp: decodeStamp(from),
        at: readOptional(from, (each) => each.varint()),
      }));
      return { floor, expiry, state: crdt.codec.decode(reader) };
    },
  };
}

export function writeOptional<T>(
  writer: WireWriter,
  value: T | null,
  write: (writer: WireWriter, value: T) => void,
): void {
  writer.u8(value === null ? 0 : 1);
  if (value !== null) {
    write(writer, value);
  }
}

export function readOptional<T>(reader: WireReader, read: (reader: WireReader) => T): T | null {
  const flag = reader.u8();
  if (flag > 1) {
    throw new DecodeError(`a flag of ${flag}`);
  }
  return flag === 0 ? null : read(reader);
}
