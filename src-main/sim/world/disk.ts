import type { DiskDamage } from "#shared/contract/agreement-commands.ts";
import { unreachable } from "#main/kernel/assert.ts";
import type { Random } from "#main/kernel/random.ts";
import { type Micros, MICROS_PER_MS } from "#main/kernel/time.ts";
import { recordTag } from "#main/node/records.ts";

/** What the world needs of a node's disk; tests hand in ones that lie. */
export interface Disk {
  /**
   * Takes the record over; it is durable only after `complete`. Returns how long that takes. A
   * checkpoint replaces, when it is complete, all earlier records of the same machine.
   */
  begin(record: Uint8Array, checkpoint?: boolean): Micros;
  complete(): void;
  /** A crash: what was not complete is lost, or with `torn` survives as its first half. */
  crash(torn: boolean): void;
  wipe(): void;
  /** Other records in place of those that are there: a repair before a start. */
  replace(records: readonly Uint8Array[]): void;
  /** Damages what is there; false when there is nothing. Only while no write is under way. */
  damage(damage: DiskDamage): boolean;
  /** Complete records, oldest first, and a torn one at the end if a crash left it. */
  readonly records: readonly Uint8Array[];
  /** Records completed since the last wipe. */
  readonly completed: number;
}

/** A write with its flush: at least this long, and an exponential part of this mean on top. */
const WRITE_FLOOR_US = MICROS_PER_MS / 5;
const WRITE_JITTER_US = MICROS_PER_MS / 5;

/** One record is written at a time: a node's driver waits for it before it writes the next. */
export class SimDisk implements Disk {
  readonly #random: Random;
  #records: Uint8Array[] = [];
  #underway: Uint8Array | undefined;
  #checkpoint = false;
  #completed = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  get records(): readonly Uint8Array[] {
    return this.#records;
  }

  get completed(): number {
    return this.#completed;
  }

  begin(record: Uint8Array, checkpoint = false): Micros {
    this.#underway = record;
    this.#checkpoint = checkpoint;
    return Math.round(WRITE_FLOOR_US - WRITE_JITTER_US * Math.log(1 - this.#random.next()));
  }

  complete(): void {
    if (this.#underway !== undefined) {
      if (this.#checkpoint) {
        const tag = recordTag(this.#underway);
        this.#records = this.#records.filter((record) => recordTag(record) !== tag);
      }
      this.#records.push(this.#underway);
      this.#completed++;
      this.#underway = undefined;
    }
  }

  /**
   * A torn tail never takes away what was complete. With no write under way, the beginning of a
   * copy of the last record stands for the write that was just going to begin.
   */
  crash(torn: boolean): void {
    const victim = this.#underway ?? this.#records.at(-1);
    this.#underway = undefined;
    if (torn && victim !== undefined && victim.length > 0) {
      this.#records.push(victim.slice(0, Math.floor(victim.length / 2)));
    }
  }

  damage(damage: DiskDamage): boolean {
    const last = this.#records.at(-1);
    if (last === undefined) {
      return false;
    }
    switch (damage) {
      case "flip-bit": {
        const index = this.#random.int(this.#records.length);
        const record = Uint8Array.from(this.#records[index] ?? last);
        const bit = this.#random.int(Math.max(1, record.length * 8));
        record[bit >> 3] = (record[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        this.#records[index] = record;
        return true;
      }
      case "tear-last":
        this.#records[this.#records.length - 1] = last.slice(
          0,
          this.#random.int(Math.max(1, last.length)),
        );
        return true;
      case "lose-last":
        this.#records.pop();
        return true;
      default:
        return unreachable(damage);
    }
  }

  replace(records: readonly Uint8Array[]): void {
    this.#records = [...records];
  }

  wipe(): void {
    this.#records = [];
    this.#completed = 0;
  }
}
