/** Where the diagram looks: a stretch of time across, and how far it is scrolled down. */
import type { TimeRange } from "../model/coverage.ts";
import { maxScroll, type RowLayout } from "../model/rows.ts";
import {
  fitRange,
  panBy,
  placeAt,
  type TimeView,
  windowOf,
  xOf,
  zoomAt,
} from "../model/time-axis.ts";
import type { Size } from "../../../ui/surface.ts";

/** While following, the present is drawn this far across. */
const NOW_AT = 0.9;
/** A moment that is jumped to is drawn this far across: what led to it is to its left. */
const MOMENT_AT = 0.6;

export class Camera {
  readonly #firstSpanUs: number;
  #view: TimeView = { origin: 0, shiftPx: 0, usPerPx: 1 };
  #scroll = 0;
  #plot: Size = { width: 1, height: 1 };
  #placed = false;

  constructor(firstSpanUs: number) {
    this.#firstSpanUs = firstSpanUs;
  }

  get view(): TimeView {
    return this.#view;
  }

  get scroll(): number {
    return this.#scroll;
  }

  get plot(): Size {
    return this.#plot;
  }

  get window(): TimeRange {
    return windowOf(this.#view, this.#plot.width);
  }

  /** The right edge stays where it was: there is the present. */
  resize(plot: Size): void {
    const { width } = this.#plot;
    this.#plot = plot;
    if (!this.#placed) {
      this.#placed = true;
      this.#view = { ...this.#view, usPerPx: this.#firstSpanUs / Math.max(1, plot.width) };
    } else {
      this.#view = panBy(this.#view, plot.width - width);
    }
  }

  pan(dx: number): void {
    this.#view = panBy(this.#view, dx);
  }

  scrollBy(dy: number, layout: RowLayout): void {
    const most = maxScroll(layout, this.#plot.height);
    this.#scroll = Math.min(most, Math.max(0, this.#scroll + dy));
  }

  zoom(x: number, factor: number): void {
    this.#view = zoomAt(this.#view, x, factor);
  }

  fit(range: TimeRange): void {
    this.#view = fitRange(range, this.#plot.width);
  }

  /** So much time across, with what is in the middle staying there. */
  span(us: number, anchorX: number): void {
    this.zoom(anchorX, (this.#view.usPerPx * this.#plot.width) / us);
  }

  showNow(now: number): void {
    this.#view = placeAt(this.#view, now, this.#plot.width * NOW_AT);
  }

  showMoment(at: number): void {
    this.#view = placeAt(this.#view, at, this.#plot.width * MOMENT_AT);
  }

  /** Moves no more than needed to have the moment on the screen. */
  reveal(at: number): void {
    const x = xOf(this.#view, at);
    if (x < this.#plot.width * 0.05 || x > this.#plot.width * 0.95) this.showMoment(at);
  }

  get nowX(): number {
    return this.#plot.width * NOW_AT;
  }
}
