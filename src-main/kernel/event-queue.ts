import { assert } from "./assert.ts";
import type { Micros } from "./time.ts";

const INITIAL_CAPACITY = 1_024;
const ARITY = 4;

/**
 * A priority queue of 32-bit handles ordered by (time, order): a 4-ary heap over typed arrays, so
 * that millions of pushes a second create no garbage. `order` decides between equal times and
 * should differ between entries; entries equal in both come out in an unspecified order that is
 * still the same in every run.
 */
export class EventQueue {
  #times = new Float64Array(INITIAL_CAPACITY);
  #orders = new Uint32Array(INITIAL_CAPACITY);
  #handles = new Int32Array(INITIAL_CAPACITY);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The earliest time, or Infinity when empty. */
  get nextTime(): Micros {
    return this.#size === 0 ? Number.POSITIVE_INFINITY : (this.#times[0] ?? 0);
  }

  push(time: Micros, order: number, handle: number): void {
    if (this.#size === this.#times.length) {
      this.#grow();
    }
    const times = this.#times;
    const orders = this.#orders;
    const handles = this.#handles;
    const key = order >>> 0;
    let hole = this.#size++;
    while (hole > 0) {
      const parent = (hole - 1) >> 2;
      const parentTime = times[parent] ?? 0;
      if (parentTime < time || (parentTime === time && (orders[parent] ?? 0) <= key)) {
        break;
      }
      times[hole] = parentTime;
      orders[hole] = orders[parent] ?? 0;
      handles[hole] = handles[parent] ?? 0;
      hole = parent;
    }
    times[hole] = time;
    orders[hole] = key;
    handles[hole] = handle;
  }

  /** Takes out the handle of the earliest entry; the queue must not be empty. */
  pop(): number {
    assert(this.#size > 0, "pop from an empty event queue");
    const top = this.#handles[0] ?? 0;
    this.#size--;
    if (this.#size > 0) {
      this.#sink();
    }
    return top;
  }

  /** Moves the last entry to where it belongs after the top was taken. */
  #sink(): void {
    const times = this.#times;
    const orders = this.#orders;
    const handles = this.#handles;
    const size = this.#size;
    const time = times[size] ?? 0;
    const order = orders[size] ?? 0;
    let hole = 0;
    for (;;) {
      const first = hole * ARITY + 1;
      if (first >= size) {
        break;
      }
      const end = Math.min(first + ARITY, size);
      let least = first;
      let leastTime = times[first] ?? 0;
      for (let child = first + 1; child < end; child++) {
        const childTime = times[child] ?? 0;
        if (
          childTime < leastTime ||
          (childTime === leastTime && (orders[child] ?? 0) < (orders[least] ?? 0))
        ) {
          least = child;
          leastTime = childTime;
        }
      }
      if (time < leastTime || (time === leastTime && order <= (orders[least] ?? 0))) {
        break;
      }
      times[hole] = leastTime;
      orders[hole] = orders[least] ?? 0;
      handles[hole] = handles[least] ?? 0;
      hole = least;
    }
    times[hole] = time;
    orders[hole] = order;
    handles[hole] = handles[size] ?? 0;
  }

  #grow(): void {
    const capacity = this.#times.length * 2;
    const times = new Float64Array(capacity);
    times.set(this.#times);
    const orders = new Uint32Array(capacity);
    orders.set(this.#orders);
    const handles = new Int32Array(capacity);
    handles.set(this.#handles);
    this.#times = times;
    this.#orders = orders;
    this.#handles = handles;
  }
}
