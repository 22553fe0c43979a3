/** What the two ends of a session need from the outside: a duplex channel and timers. */

export interface Channel {
  /** Never throws: on a closed channel a frame is dropped. */
  send(frame: unknown): void;
  /** Frames in order, one call each. Text that is not JSON arrives as `undefined`. */
  onFrame(receive: (frame: unknown) => void): void;
  /** Called once, whoever closed it. */
  onClose(closed: () => void): void;
  close(): void;
  /** Whether frames pile up before the wire; absent where that cannot be known. */
  congested?(): boolean;
}

export interface Timers {
  /** Calls once, after so many milliseconds, unless the returned function is called before. */
  after(ms: number, call: () => void): () => void;
}
