const BUCKET_MS = 200;
const BUCKETS = 10;

/** Events per second over the last two seconds, without keeping the events. */
export class RateMeter {
  readonly #counts = Array.from({ length: BUCKETS }, () => 0);
  #bucket = 0;

  add(count: number, nowMs: number): void {
    this.#advance(nowMs);
    const slot = this.#bucket % BUCKETS;
    this.#counts[slot] = (this.#counts[slot] ?? 0) + count;
  }

  perSecond(nowMs: number): number {
    this.#advance(nowMs);
    const total = this.#counts.reduce((sum, count) => sum + count, 0);
    return (total * 1_000) / (BUCKET_MS * BUCKETS);
  }

  #advance(nowMs: number): void {
    const bucket = Math.floor(nowMs / BUCKET_MS);
    const stale = Math.min(bucket - this.#bucket, BUCKETS);
    for (let back = 0; back < stale; back += 1) this.#counts[(bucket - back) % BUCKETS] = 0;
    this.#bucket = Math.max(bucket, this.#bucket);
  }
}
