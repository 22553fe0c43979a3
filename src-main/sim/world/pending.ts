import type { Micros } from "#main/kernel/time.ts";

export const DELIVER = 0;
export const TIMER = 1;
export const DURABLE = 2;
export const ALARM = 3;
/** A message that was taken out of the network; its place on the agenda means nothing any more. */
export const VOID = 4;
/** Added to a kind when a slow node already took its time over the event. */
export const LATE = 8;
/** Added to a message that reached its receiver's socket while the receiver was paused. */
export const WAITING = 16;
export const KIND_MASK = 7;

const INITIAL_CAPACITY = 1_024;

/** What the event queue's handles stand for: a slab of typed columns with a free list. */
export class PendingSlab {
  kind = new Uint8Array(INITIAL_CAPACITY);
  /** The node the event happens to, by index. */
  node = new Int32Array(INITIAL_CAPACITY);
  /** That node's life it is meant for. */
  life = new Int32Array(INITIAL_CAPACITY);
  /** Deliver: the sender. Timer: the version of its slot. */
  detail = new Int32Array(INITIAL_CAPACITY);
  /** Deliver: the message's serial number. */
  serial = new Float64Array(INITIAL_CAPACITY);
  sentAt: Float64Array<ArrayBuffer> = new Float64Array(INITIAL_CAPACITY);
  /** When its turn comes. */
  dueAt: Float64Array<ArrayBuffer> = new Float64Array(INITIAL_CAPACITY);
  /** Deliver: the bytes. Timer: its slot. Alarm: what to call. */
  readonly ref: unknown[] = [];
  #messages = 0;
  #nextFree = new Int32Array(INITIAL_CAPACITY);
  #free = -1;
  #used = 0;

  /** Messages that have neither arrived nor been dropped. */
  get messages(): number {
    return this.#messages;
  }

  allocate(kind: number, node: number, life: number): number {
    let handle = this.#free;
    if (handle >= 0) {
      this.#free = this.#nextFree[handle] ?? -1;
    } else {
      if (this.#used === this.kind.length) {
        this.#grow();
      }
      handle = this.#used++;
    }
    this.kind[handle] = kind;
    this.node[handle] = node;
    this.life[handle] = life;
    if (kind === DELIVER) {
      this.#messages++;
    }
    return handle;
  }

  message(handle: number, from: number, serial: number, sentAt: Micros): void {
    this.detail[handle] = from;
    this.serial[handle] = serial;
    this.sentAt[handle] = sentAt;
  }

  /** The copies of a message that are on their way, in the order they were made. */
  inFlight(serial: number): readonly number[] {
    const found: number[] = [];
    for (let handle = 0; handle < this.#used; handle++) {
      const matches = this.kind[handle] === DELIVER && this.serial[handle] === serial;
      if (matches && this.ref[handle] !== undefined) {
        found.push(handle);
      }
    }
    return found;
  }

  /** Takes a message back; its handle stays taken until its turn comes. */
  cancel(handle: number): void {
    this.kind[handle] = VOID;
    this.ref[handle] = undefined;
    this.#messages--;
  }

  release(handle: number): void {
    if (((this.kind[handle] ?? 0) & KIND_MASK) === DELIVER) {
      this.#messages--;
    }
    this.ref[handle] = undefined;
    this.#nextFree[handle] = this.#free;
    this.#free = handle;
  }

  #grow(): void {
    const size = this.kind.length * 2;
    this.kind = copyInto(new Uint8Array(size), this.kind);
    this.node = copyInto(new Int32Array(size), this.node);
    this.life = copyInto(new Int32Array(size), this.life);
    this.detail = copyInto(new Int32Array(size), this.detail);
    this.serial = copyInto(new Float64Array(size), this.serial);
    this.sentAt = copyInto(new Float64Array(size), this.sentAt);
    this.dueAt = copyInto(new Float64Array(size), this.dueAt);
    this.#nextFree = copyInto(new Int32Array(size), this.#nextFree);
  }
}

function copyInto<T extends { set(source: ArrayLike<number>): void }>(
  target: T,
  source: ArrayLike<number>,
): T {
  target.set(source);
  return target;
}
