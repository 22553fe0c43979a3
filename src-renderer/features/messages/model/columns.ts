/** Columns of typed arrays: a hundred thousand messages without a hundred thousand objects. */
export interface Columns {
  readonly serial: Float64Array;
  /** Microseconds; `arrivedAt` is -1 where the message has not arrived, or never does. */
  readonly sentAt: Float64Array;
  readonly arrivedAt: Float64Array;
  /** Indices into the store's own `nodes` and `kinds`. */
  readonly from: Uint32Array;
  readonly to: Uint32Array;
  readonly kind: Uint16Array;
  readonly bytes: Uint32Array;
  /** Index into `MESSAGE_OUTCOMES`. */
  readonly outcome: Uint8Array;
}

export function makeColumns(rows: number): Columns {
  return {
    serial: new Float64Array(rows),
    sentAt: new Float64Array(rows),
    arrivedAt: new Float64Array(rows),
    from: new Uint32Array(rows),
    to: new Uint32Array(rows),
    kind: new Uint16Array(rows),
    bytes: new Uint32Array(rows),
    outcome: new Uint8Array(rows),
  };
}

const NAMES = [
  "serial",
  "sentAt",
  "arrivedAt",
  "from",
  "to",
  "kind",
  "bytes",
  "outcome",
] as const satisfies readonly (keyof Columns)[];

/** Rows `begin … end` of `source` over those of `target` from `at` on. */
export function copyRows(target: Columns, at: number, source: Columns, range: RowRange): void {
  for (const name of NAMES) {
    target[name].set(source[name].subarray(range.begin, range.end), at);
  }
}

/** `end` itself is not part of it. */
export interface RowRange {
  readonly begin: number;
  readonly end: number;
}

/** Moves rows `begin … end` within the columns, to begin at `at`. */
export function moveRows(columns: Columns, at: number, { begin, end }: RowRange): void {
  for (const name of NAMES) columns[name].copyWithin(at, begin, end);
}
