/** Frames further apart than this are late; one missed frame at 60 Hz is not yet. */
const LATE_GAP_MS = 24;
/** After this long without a frame the canvas was idle: that says nothing about lateness. */
const IDLE_MS = 250;
/** Enough for motion to read as motion. */
const SLOW_PAINT_MS = 66;
/** Weight of the newest gap in the running mean. */
const SMOOTHING = 0.2;

/** Lets an ornament step back: while frames come late it is painted less often than they come. */
export class PaintPace {
  #meanGapMs = 0;
  #frameAtMs = Number.NEGATIVE_INFINITY;
  #paintedAtMs = Number.NEGATIVE_INFINITY;

  /** To be asked once in every animation frame: whether to paint in this one. */
  due(nowMs: number): boolean {
    const gapMs = nowMs - this.#frameAtMs;
    this.#frameAtMs = nowMs;
    if (gapMs < IDLE_MS) this.#meanGapMs += SMOOTHING * (gapMs - this.#meanGapMs);
    const late = this.#meanGapMs > LATE_GAP_MS;
    if (late && nowMs - this.#paintedAtMs < SLOW_PAINT_MS) return false;
    this.#paintedAtMs = nowMs;
    return true;
  }
}
