/** Integer microseconds; both ends belong to it. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/** Which stretches of time are known in full: sorted, and apart from each other. */
export class Coverage {
  #ranges: readonly TimeRange[] = [];

  get ranges(): readonly TimeRange[] {
    return this.#ranges;
  }

  add(range: TimeRange): void {
    if (range.to < range.from) return;
    let { from, to } = range;
    const apart: TimeRange[] = [];
    for (const known of this.#ranges) {
      if (known.to + 1 < from || known.from > to + 1) {
        apart.push(known);
      } else {
        from = Math.min(from, known.from);
        to = Math.max(to, known.to);
      }
    }
    this.#ranges = [...apart, { from, to }].sort((a, b) => a.from - b.from);
  }

  /** The first stretch of `range` that is not known; undefined: all of it is. */
  missing(range: TimeRange): TimeRange | undefined {
    let { from } = range;
    for (const known of this.#ranges) {
      if (known.to < from) continue;
      if (known.from > from) return { from, to: Math.min(range.to, known.from - 1) };
      from = known.to + 1;
    }
    return from > range.to ? undefined : { from, to: range.to };
  }

  /** Nothing outside of `range` is known any more. */
  keep(range: TimeRange): void {
    this.#ranges = this.#ranges
      .map(({ from, to }) => ({ from: Math.max(from, range.from), to: Math.min(to, range.to) }))
      .filter(({ from, to }) => from <= to);
  }

  forget(range: TimeRange): void {
    this.#ranges = this.#ranges.flatMap((known) =>
      [
        { from: known.from, to: Math.min(known.to, range.from - 1) },
        { from: Math.max(known.from, range.to + 1), to: known.to },
      ].filter(({ from, to }) => from <= to),
    );
  }
}
