/** More messages than lines can show: how many touch each node in each stretch of pixels. */
import type { MessageStore } from "./message-store.ts";
import type { Place } from "./segments.ts";
import { OUTCOME } from "./segments.ts";
import { xOf } from "./time-axis.ts";

/** Width of a bin in pixels. */
export const BIN_PX = 3;

export interface Density {
  readonly columns: number;
  /** Line after line: messages sent and received in each bin. */
  readonly counts: Uint32Array;
  /** Those of them that never arrived. */
  readonly failed: Uint32Array;
  /** The most in one bin. */
  readonly most: number;
}

export function densityOf(
  store: MessageStore,
  place: Place,
  visible: { readonly rows: Uint32Array; readonly count: number },
  width: number,
): Density {
  const columns = Math.max(1, Math.ceil(width / BIN_PX));
  const counts = new Uint32Array(columns * place.layout.ids.length);
  const failed = new Uint32Array(counts.length);
  const { sentAt, arrivedAt, from, to, outcome } = store.columns;
  const { view, rowOfNode } = place;
  const perBin = 1 / (view.usPerPx * BIN_PX);
  const shift = xOf(view, view.origin) / BIN_PX;
  let most = 0;
  const add = (into: Uint32Array, node: number, at: number): void => {
    const column = Math.floor((at - view.origin) * perBin + shift);
    if (column < 0 || column >= columns) return;
    const bin = (rowOfNode[node] ?? 0) * columns + column;
    const sum = (into[bin] ?? 0) + 1;
    into[bin] = sum;
    if (sum > most) most = sum;
  };
  for (let index = 0; index < visible.count; index += 1) {
    const row = visible.rows[index] ?? 0;
    const sent = sentAt[row] ?? 0;
    const arrived = arrivedAt[row] ?? -1;
    add(counts, from[row] ?? 0, sent);
    if (arrived >= 0) add(counts, to[row] ?? 0, arrived);
    if ((outcome[row] ?? 0) >= OUTCOME.lost) add(failed, from[row] ?? 0, sent);
  }
  return { columns, counts, failed, most };
}
