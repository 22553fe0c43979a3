import { WireWriter } from "#main/kernel/wire.ts";
import { encodeRumour } from "./codec.ts";
import { MAX_DIGEST_STREAMS } from "./limits.ts";
import { rumourKey, streamKey } from "./rumour-id.ts";
import { SetHash } from "#main/kernel/set-hash.ts";
import { RumourStream } from "./stream.ts";
import type { StoredRumour } from "./stream.ts";
import type { Rumour, RumourDigest, RumourId, StreamDigest } from "./types.ts";

export interface StoreLimits {
  readonly windowPerOrigin: number;
  readonly maxRumours: number;
  readonly maxStreams: number;
}

/** `stored` is null when the rumour was not taken. */
export type StoreOutcome =
  | { readonly kind: "new"; readonly stored: StoredRumour }
  | { readonly kind: "duplicate" }
  | { readonly kind: "too-old" };

const DUPLICATE: StoreOutcome = { kind: "duplicate" };
const TOO_OLD: StoreOutcome = { kind: "too-old" };

/**
 * The rumours a node holds, which is at the same time its memory of what it has seen. Bounded per
 * origin by sequence and in all by Lamport time; what falls out stays known as "too old".
 */
export class RumourStore {
  #limits: StoreLimits;
  readonly #streams = new Map<string, RumourStream>();
  /** Keys of `#streams`, sorted: digests speak about ranges of them. */
  readonly #sortedKeys: string[] = [];
  /** All entries, oldest Lamport time first. */
  readonly #byAge: StoredRumour[] = [];
  readonly #hash = new SetHash();
  readonly #scratch = new WireWriter();
  /** Rumours of unknown streams up to here may be of a forgotten one: not taken. */
  #forgottenLamport = 0;

  constructor(limits: StoreLimits) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#byAge.length;
  }

  get hash(): string {
    return this.#hash.hex;
  }

  /** Takes effect with the next rumour. */
  setLimits(limits: StoreLimits): void {
    this.#limits = limits;
  }

  get(id: RumourId): StoredRumour | undefined {
    return this.#streams.get(streamKey(id.origin, id.epoch))?.entries.get(id.sequence);
  }

  add(rumour: Rumour, hops: number): StoreOutcome {
    const { origin, epoch, sequence } = rumour.id;
    const known = this.#streams.get(streamKey(origin, epoch));
    if (known?.entries.has(sequence) === true) {
      return DUPLICATE;
    }
    if (known === undefined ? rumour.lamport <= this.#forgottenLamport : known.knows(sequence)) {
      return TOO_OLD;
    }
    const stream = known ?? this.#open(rumour);
    const stored = this.#wrap(rumour, hops);
    this.#insertByAge(stored);
    this.#hash.add(stored.key);
    this.#forgetAll(stream.add(stored, this.#limits.windowPerOrigin));
    this.#shrink();
    // With the store full of younger ones the newcomer itself was the oldest.
    return stream.entries.has(sequence) ? { kind: "new", stored } : TOO_OLD;
  }

  /** What is known of the streams after `after`, as many as fit in one message. */
  digest(after: string): RumourDigest {
    const start = lowerBound(this.#sortedKeys, after);
    const from = this.#sortedKeys[start] === after ? start + 1 : start;
    const keys = this.#sortedKeys.slice(from, from + MAX_DIGEST_STREAMS);
    const complete = from + keys.length === this.#sortedKeys.length;
    const streams = keys.flatMap((key) => this.#streams.get(key)?.digest() ?? []);
    return { hash: this.hash, after, until: complete ? null : (keys.at(-1) ?? null), streams };
  }

  /** Entries that the author of `digest` lacks, by stream and sequence. */
  lackedBy(digest: RumourDigest): StoredRumour[] {
    const theirs = new Map(digest.streams.map((one) => [streamKey(one.origin, one.epoch), one]));
    const lacked: StoredRumour[] = [];
    for (let i = lowerBound(this.#sortedKeys, digest.after); i < this.#sortedKeys.length; i++) {
      const key = this.#sortedKeys[i] ?? "";
      if (digest.until !== null && key > digest.until) {
        break;
      }
      if (key !== digest.after) {
        lacked.push(...(this.#streams.get(key)?.lackedBy(theirs.get(key)) ?? []));
      }
    }
    return lacked;
  }

  /** Ids that the author of `digest` holds and this store lacks, at most `max`. */
  lackedHere(digest: RumourDigest, max: number): RumourId[] {
    const wanted: RumourId[] = [];
    for (const theirs of digest.streams) {
      for (const sequence of this.#unknownOf(theirs)) {
        if (wanted.length === max) {
          return wanted;
        }
        wanted.push({ origin: theirs.origin, epoch: theirs.epoch, sequence });
      }
    }
    return wanted;
  }

  #unknownOf(theirs: StreamDigest): number[] {
    const mine = this.#streams.get(streamKey(theirs.origin, theirs.epoch));
    const highest = Math.max(theirs.highest, mine?.highest ?? 0);
    const floor = Math.max(theirs.floor, mine?.floor ?? 0, highest - this.#limits.windowPerOrigin);
    const gaps = new Set(theirs.missing);
    const unknown: number[] = [];
    for (let at = floor + 1; at <= theirs.highest; at++) {
      if (!gaps.has(at) && mine?.entries.has(at) !== true) {
        unknown.push(at);
      }
    }
    return unknown;
  }

  #wrap(rumour: Rumour, hops: number): StoredRumour {
    encodeRumour(this.#scratch.reset(), rumour);
    const key = rumourKey(rumour.id);
    return { rumour, key, hops, bytes: this.#scratch.length, copiesSent: 0 };
  }

  #open(rumour: Rumour): RumourStream {
    const { origin, epoch } = rumour.id;
    const stream = new RumourStream(origin, epoch, streamKey(origin, epoch));
    this.#streams.set(stream.key, stream);
    this.#sortedKeys.splice(lowerBound(this.#sortedKeys, stream.key), 0, stream.key);
    if (this.#streams.size > this.#limits.maxStreams) {
      this.#forgetQuietest(stream);
    }
    return stream;
  }

  #forgetQuietest(except: RumourStream): void {
    let quietest: RumourStream | undefined;
    for (const key of this.#sortedKeys) {
      const stream = this.#streams.get(key);
      if (stream !== undefined && stream !== except) {
        quietest = stream.lamport < (quietest?.lamport ?? Infinity) ? stream : quietest;
      }
    }
    if (quietest !== undefined) {
      this.#forgottenLamport = Math.max(this.#forgottenLamport, quietest.lamport);
      this.#forgetAll(quietest.raiseFloor(quietest.highest));
      this.#streams.delete(quietest.key);
      this.#sortedKeys.splice(lowerBound(this.#sortedKeys, quietest.key), 1);
    }
  }

  #shrink(): void {
    while (this.#byAge.length > this.#limits.maxRumours) {
      const oldest = this.#byAge[0];
      if (oldest === undefined) {
        return;
      }
      const { origin, epoch, sequence } = oldest.rumour.id;
      const stream = this.#streams.get(streamKey(origin, epoch));
      this.#forgetAll(stream?.raiseFloor(sequence) ?? []);
    }
  }

  #forgetAll(dropped: readonly StoredRumour[]): void {
    for (const stored of dropped) {
      this.#hash.remove(stored.key);
      this.#byAge.splice(this.#positionByAge(stored), 1);
    }
  }

  #insertByAge(stored: StoredRumour): void {
    this.#byAge.splice(this.#positionByAge(stored), 0, stored);
  }

  /** Where `stored` is, or belongs. */
  #positionByAge(stored: StoredRumour): number {
    let low = 0;
    let high = this.#byAge.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#byAge[middle];
      if (other !== undefined && isOlder(other, stored)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}

/** A total order that every node computes alike: Lamport time, then the id. */
function isOlder(a: StoredRumour, b: StoredRumour): boolean {
  const [left, right] = [a.rumour.lamport, b.rumour.lamport];
  return left === right ? a.key < b.key : left < right;
}

/** The first index whose key is not below `key`. */
function lowerBound(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] ?? "") < key) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
