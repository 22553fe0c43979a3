/**
 * Appends to a list that keeps at most `capacity` entries and returns how many of the oldest fell
 * out. A tenth goes at once, so that an append costs O(1) on average.
 */
export function appendBounded<T>(list: T[], entry: T, capacity: number): number {
  let dropped = 0;
  if (list.length >= capacity) {
    dropped = list.length - capacity + Math.max(1, Math.floor(capacity / 10));
    list.splice(0, dropped);
  }
  list.push(entry);
  return dropped;
}
