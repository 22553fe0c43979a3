/** What an entry costs beside its bytes: object headers and its place in the list. */
const ENTRY_OVERHEAD_BYTES = 128;

/**
 * The content of the last messages, bounded in bytes, for people who want to read them. Messages
 * come in the order of their serial numbers, none left out; the oldest are forgotten first.
 */
export class MessageStore {
  readonly #maxBytes: number;
  #kept: (Uint8Array | undefined)[] = [];
  #head = 0;
  /** Serial number of the entry at `#head`. */
  #first = 0;
  #bytes = 0;
  #enabled = true;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Memory that the entries take, roughly. */
  get bytes(): number {
    return this.#bytes;
  }

  add(bytes: Uint8Array): void {
    if (!this.#enabled) {
      return;
    }
    this.#kept.push(bytes);
    this.#bytes += bytes.length + ENTRY_OVERHEAD_BYTES;
    while (this.#bytes > this.#maxBytes) {
      this.#forgetOldest();
    }
  }

  /** `undefined`: forgotten, or never sent. */
  get(serial: number): Uint8Array | undefined {
    return serial < this.#first ? undefined : this.#kept[this.#head + serial - this.#first];
  }

  /** Forgets everything and keeps nothing from now on. */
  disable(): void {
    this.#enabled = false;
    this.#kept = [];
    this.#bytes = 0;
  }

  #forgetOldest(): void {
    this.#bytes -= (this.#kept[this.#head]?.length ?? 0) + ENTRY_OVERHEAD_BYTES;
    this.#kept[this.#head] = undefined;
    this.#head++;
    this.#first++;
    if (this.#head > 1_024 && this.#head * 2 > this.#kept.length) {
      this.#kept = this.#kept.slice(this.#head);
      this.#head = 0;
    }
  }
}
