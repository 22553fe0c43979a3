/** Messages as lines on the screen. */
import { MESSAGE_OUTCOMES } from "#shared/contract/trace.ts";
import type { MessageStore } from "./message-store.ts";
import { type RowLayout, yOfRow } from "./rows.ts";
import { type TimeView, xOf } from "./time-axis.ts";

export const OUTCOME = {
  inFlight: MESSAGE_OUTCOMES.indexOf("in-flight"),
  delivered: MESSAGE_OUTCOMES.indexOf("delivered"),
  lost: MESSAGE_OUTCOMES.indexOf("lost"),
  cut: MESSAGE_OUTCOMES.indexOf("cut"),
  deadReceiver: MESSAGE_OUTCOMES.indexOf("dead-receiver"),
} as const;

/** How far towards the receiver the line of a message goes that did not arrive. */
const REACH: Readonly<Record<number, number>> = {
  [OUTCOME.inFlight]: 0.88,
  [OUTCOME.lost]: 0.55,
  [OUTCOME.cut]: 0.28,
};

export interface Place {
  readonly view: TimeView;
  readonly layout: RowLayout;
  readonly scroll: number;
  /** Line of each of the store's nodes; -1: none. */
  readonly rowOfNode: Int32Array;
}

/** Four numbers a message: x and y of where it leaves, and of where its line ends. */
export interface Segments {
  readonly rows: Uint32Array;
  readonly points: Float32Array;
  readonly count: number;
}

/**
 * The lines of `rows[0 … count]`. A message to itself is a short line that drops off its node. The
 * ends are cut to ±32,000 pixels: canvases lose exactness far outside.
 */
export function segmentsOf(
  store: MessageStore,
  place: Place,
  rows: Uint32Array,
  count: number,
): Segments {
  const { sentAt, from, to, outcome } = store.columns;
  const { view, layout, scroll, rowOfNode } = place;
  const points = new Float32Array(count * 4);
  for (let index = 0; index < count; index += 1) {
    const row = rows[index] ?? 0;
    const y0 = yOfRow(layout, rowOfNode[from[row] ?? 0] ?? 0, scroll);
    const y1 = yOfRow(layout, rowOfNode[to[row] ?? 0] ?? 0, scroll);
    const x0 = xOf(view, sentAt[row] ?? 0);
    const x1 = xOf(view, store.endOf(row));
    const reach = REACH[outcome[row] ?? 0] ?? 1;
    const drop = y0 === y1 ? layout.rowHeight * 0.3 : (y1 - y0) * reach;
    points.set([near(x0), y0, near(x0 + (x1 - x0) * reach), y0 + drop], index * 4);
  }
  return { rows, points, count };
}

/** Without the messages that pass above or below the screen: those between nodes scrolled away. */
export function rowsInSight(
  store: MessageStore,
  { layout, scroll, rowOfNode }: Place,
  rows: Uint32Array,
  height: number,
): Uint32Array {
  const first = yOfRow(layout, 0, scroll);
  const last = yOfRow(layout, layout.ids.length - 1, scroll);
  if (first >= 0 && last <= height) return rows;
  const { from, to } = store.columns;
  return rows.filter((row) => {
    const y0 = yOfRow(layout, rowOfNode[from[row] ?? 0] ?? 0, scroll);
    const y1 = yOfRow(layout, rowOfNode[to[row] ?? 0] ?? 0, scroll);
    return Math.max(y0, y1) >= 0 && Math.min(y0, y1) <= height;
  });
}

const FAR_PX = 32_000;

function near(x: number): number {
  return Math.min(FAR_PX, Math.max(-FAR_PX, x));
}
