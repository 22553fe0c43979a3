/** What one picture is made of: nothing in here knows of a canvas. */
import type { Cone } from "../model/causality.ts";
import type { Sieve } from "../model/filter.ts";
import { sift } from "../model/filter.ts";
import type { Mark } from "../model/marks.ts";
import type { MessageStore } from "../model/message-store.ts";
import { type Level, levelFor } from "../model/level.ts";
import type { RowLayout } from "../model/rows.ts";
import { rowsOfNodes } from "../model/rows.ts";
import { type Place, rowsInSight, type Segments, segmentsOf } from "../model/segments.ts";
import type { Stretch } from "../model/stretches.ts";
import { type TimeView, windowOf } from "../model/time-axis.ts";
import type { Size } from "../../../ui/surface.ts";

/** Height of the time axis, pixels. */
export const AXIS_PX = 30;

/** What the diagram is given: the messages and how the person wants them. */
export interface Scene {
  readonly store: MessageStore;
  readonly sieve: Sieve;
  readonly layout: RowLayout;
  readonly marks: readonly Mark[];
  readonly stretches: ReadonlyMap<string, readonly Stretch[]>;
  readonly cone: Cone | undefined;
  /** Serial number of the chosen message. */
  readonly selected: number | undefined;
  /** Sequence number of the chosen event. */
  readonly selectedEvent: number | undefined;
  /** The moment looked at in the past; undefined: now. */
  readonly past: number | undefined;
  /** What local time is ahead of UTC, microseconds. */
  readonly offsetUs: number;
}

/** The messages of one picture, on the screen. */
export interface Frame {
  readonly place: Place;
  /** Lines that are drawn one by one; in density only those of the cone. */
  readonly segments: Segments;
  readonly visible: { readonly rows: Uint32Array; readonly count: number };
  readonly level: Level;
}

/** Scratch memory, kept so that a picture while panning allocates little. */
export class FrameMaker {
  #rows = new Uint32Array(0);

  make(scene: Scene, view: TimeView, plot: Size, scroll: number): Frame {
    const { store, sieve, layout, cone } = scene;
    if (this.#rows.length < store.count) this.#rows = new Uint32Array(store.count * 2);
    const rows = this.#rows;
    const place = { view, layout, scroll, rowOfNode: rowsOfNodes(layout, store.nodes.words) };
    const touching = store.collect(windowOf(view, plot.width), rows);
    const count = sift(store, sieve, rows, touching);
    const visible = { rows, count };
    const inSight = rowsInSight(store, place, rows.subarray(0, count), plot.height);
    const level = levelFor(inSight.length, plot.width);
    const lit = level === "density" ? litRows(cone, inSight) : inSight;
    // A past of thousands is a black square too: then the lines of the nodes have to do.
    const drawn = levelFor(lit.length, plot.width) === "density" ? lit.subarray(0, 0) : lit;
    return { place, visible, level, segments: segmentsOf(store, place, drawn, drawn.length) };
  }
}

function litRows(cone: Cone | undefined, rows: Uint32Array): Uint32Array {
  return cone === undefined
    ? rows.subarray(0, 0)
    : rows.filter((row) => (cone.sides[row] ?? 0) !== 0);
}
