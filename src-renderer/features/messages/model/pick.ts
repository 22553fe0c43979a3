/** Which line is under the pointer. */
import type { Segments } from "./segments.ts";

/** Width of a column of the index in pixels. */
const COLUMN_PX = 24;

/** Segments by the columns of the screen they cross: a question looks at one to two columns. */
export class SegmentIndex {
  readonly #segments: Segments;
  readonly #columns: number;
  /** Where each column's list begins in `#members`; one more entry than columns. */
  readonly #begins: Uint32Array;
  readonly #members: Uint32Array;

  constructor(segments: Segments, width: number) {
    this.#segments = segments;
    this.#columns = Math.max(1, Math.ceil(width / COLUMN_PX));
    this.#begins = new Uint32Array(this.#columns + 1);
    this.#walk((column) => {
      this.#begins[column + 1] = (this.#begins[column + 1] ?? 0) + 1;
    });
    for (let column = 0; column < this.#columns; column += 1) {
      this.#begins[column + 1] = (this.#begins[column + 1] ?? 0) + (this.#begins[column] ?? 0);
    }
    this.#members = new Uint32Array(this.#begins[this.#columns] ?? 0);
    const next = this.#begins.slice();
    this.#walk((column, index) => {
      const at = next[column] ?? 0;
      this.#members[at] = index;
      next[column] = at + 1;
    });
  }

  /** Index of the nearest segment within `reach` pixels; -1: none. */
  nearest(x: number, y: number, reach: number): number {
    let best = -1;
    let bestDistance = reach;
    const first = this.#columnOf(x - reach);
    const last = this.#columnOf(x + reach);
    const end = this.#begins[last + 1] ?? 0;
    for (let at = this.#begins[first] ?? 0; at < end; at += 1) {
      const index = this.#members[at] ?? 0;
      const distance = this.#distance(index, x, y);
      if (distance <= bestDistance) {
        best = index;
        bestDistance = distance;
      }
    }
    return best;
  }

  #walk(visit: (column: number, index: number) => void): void {
    const { points, count } = this.#segments;
    for (let index = 0; index < count; index += 1) {
      const x0 = points[index * 4] ?? 0;
      const x1 = points[index * 4 + 2] ?? 0;
      const last = this.#columnOf(Math.max(x0, x1));
      for (let column = this.#columnOf(Math.min(x0, x1)); column <= last; column += 1) {
        visit(column, index);
      }
    }
  }

  /** What lies outside counts to the column at the rim. */
  #columnOf(x: number): number {
    return Math.min(this.#columns - 1, Math.max(0, Math.floor(x / COLUMN_PX)));
  }

  #distance(index: number, x: number, y: number): number {
    const { points } = this.#segments;
    const x0 = points[index * 4] ?? 0;
    const y0 = points[index * 4 + 1] ?? 0;
    const dx = (points[index * 4 + 2] ?? 0) - x0;
    const dy = (points[index * 4 + 3] ?? 0) - y0;
    const square = dx * dx + dy * dy;
    const along = square === 0 ? 0 : ((x - x0) * dx + (y - y0) * dy) / square;
    const share = Math.min(1, Math.max(0, along));
    return Math.hypot(x - x0 - share * dx, y - y0 - share * dy);
  }
}
