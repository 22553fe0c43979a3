/** Keeps the store filled: window reads for what is looked at, live batches for what comes. */
import { MAX_MESSAGES_READ } from "#shared/contract/protocol.ts";
import { MESSAGE_OUTCOMES, type TraceBatch } from "#shared/contract/trace.ts";
import type { HostClient } from "../../../client/host-client.ts";
import { Coverage, type TimeRange } from "../model/coverage.ts";
import { type Merged, MessageStore } from "../model/message-store.ts";

export interface FeedPorts {
  readonly host: HostClient;
  readonly mesh: string;
  /** Newest mesh time there is, microseconds. */
  now(): number;
  /** Rows, outcomes, gaps or `loading` are others than before. */
  changed(): void;
  failed(error: unknown): void;
}

/** A stretch of which some messages are not held: too many at once, or no longer kept. */
export interface Gap extends TimeRange {
  readonly skipped: number;
  /** They can still be read by looking closer. */
  readonly readable: boolean;
}

/** Window reads follow each other at this distance at least. */
const READ_GAP_MS = 200;
const MAX_PER_BATCH = 5_000;
/** Of the newest messages: those on their way are asked about together, the rest one by one. */
const HOT_ROWS = 20_000;
/** Older messages that are still on their way, asked about in one round. */
const ASKED_A_ROUND = 4;
const MAX_GAPS = 64;
const IN_FLIGHT = MESSAGE_OUTCOMES.indexOf("in-flight");

export class MessageFeed {
  readonly messages = new MessageStore();
  readonly #ports: FeedPorts;
  readonly #coverage = new Coverage();
  #gaps: readonly Gap[] = [];
  #wanted: TimeRange | undefined;
  #stream: { cancel(): void } | undefined;
  /** Messages that the host no longer knows how they ended. */
  readonly #forgotten = new Set<number>();
  #reading = false;
  #stale = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #closed = false;
  #failed = false;

  constructor(ports: FeedPorts) {
    this.#ports = ports;
  }

  get loading(): boolean {
    return this.#reading && !this.#failed;
  }

  gapsIn(range: TimeRange): readonly Gap[] {
    return this.#gaps.filter((gap) => gap.from <= range.to && gap.to >= range.from);
  }

  /** This stretch is on the screen: what is missing of it is read, the latest wish first. */
  look(range: TimeRange): void {
    this.#wanted = range;
    this.#schedule();
  }

  /** Time went on, or somebody meddled: messages on their way may have ended. */
  refresh(): void {
    this.#stale = true;
    this.#schedule();
  }

  /** Whether messages are taken as they are sent. */
  setLive(live: boolean): void {
    if (live === (this.#stream !== undefined) || this.#closed) return;
    this.#stream?.cancel();
    this.#stream = live
      ? this.#ports.host.subscribe(
          "trace",
          { mesh: this.#ports.mesh, maxPerBatch: MAX_PER_BATCH },
          { push: (batch) => this.#take(batch) },
        )
      : undefined;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#stream?.cancel();
    this.#stream = undefined;
  }

  #schedule(): void {
    if (this.#closed || this.#reading || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => void this.#round(), this.#failed ? 5 * READ_GAP_MS : 0);
  }

  async #round(): Promise<void> {
    const reads = this.#nextReads();
    if (reads.length === 0) {
      this.#timer = undefined;
      return;
    }
    this.#reading = true;
    this.#ports.changed();
    try {
      for (const read of reads) await this.#read(read);
      this.#failed = false;
    } catch (error) {
      if (!this.#closed && !this.#failed) this.#ports.failed(error);
      this.#failed = true;
    }
    this.#reading = false;
    if (this.#closed) return;
    this.#ports.changed();
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#schedule();
    }, READ_GAP_MS);
  }

  #nextReads(): readonly TimeRange[] {
    const reads: TimeRange[] = [];
    const now = this.#ports.now();
    const wanted = this.#wanted;
    if (wanted !== undefined) {
      this.#openGaps(wanted);
      const missing = this.#coverage.missing({ from: wanted.from, to: Math.min(wanted.to, now) });
      // Of the present instant alone there is news only when something happened.
      const worthIt = missing !== undefined && (missing.from < now || this.#stale);
      if (worthIt && missing.from <= now) reads.push(missing);
    }
    if (this.#stale) {
      this.#stale = false;
      reads.push(...this.#unresolved(now));
    }
    return reads;
  }

  /** Looking closer at a stretch that held too much at once reads it again. */
  #openGaps(wanted: TimeRange): void {
    for (const gap of this.gapsIn(wanted)) {
      if (!gap.readable || (wanted.to - wanted.from) * 2 > gap.to - gap.from) continue;
      this.#gaps = this.#gaps.filter((other) => other !== gap);
      this.#coverage.forget(gap);
    }
  }

  #unresolved(now: number): readonly TimeRange[] {
    const { columns, count } = this.messages;
    const hot = Math.max(0, count - HOT_ROWS);
    const reads: TimeRange[] = [];
    for (let row = hot; row < count; row += 1) {
      if (!this.#isOpen(row)) continue;
      reads.push({ from: columns.sentAt[row] ?? 0, to: now });
      break;
    }
    const seen = this.#wanted;
    const first = seen === undefined ? hot : this.messages.firstSince(seen.from);
    const end = seen === undefined ? hot : Math.min(hot, this.messages.firstSince(seen.to + 1));
    for (let row = first; row < end && reads.length <= ASKED_A_ROUND; row += 1) {
      if (!this.#isOpen(row)) continue;
      const at = columns.sentAt[row] ?? 0;
      if (reads.at(-1)?.from !== at) reads.push({ from: at, to: at });
    }
    return reads;
  }

  #isOpen(row: number): boolean {
    const { outcome, serial } = this.messages.columns;
    return outcome[row] === IN_FLIGHT && !this.#forgotten.has(serial[row] ?? -1);
  }

  async #read({ from, to }: TimeRange): Promise<void> {
    const { host, mesh } = this.#ports;
    const now = this.#ports.now();
    const limit = MAX_MESSAGES_READ;
    const batch = await host.request("mesh.messages", { mesh, from, to, limit });
    if (this.#closed) return;
    const { dropped } = this.#merge(batch);
    this.#noteUnknown({ from, to }, batch);
    // More may be sent in the very microsecond that the mesh stands at.
    this.#coverage.add({ from, to: Math.min(to, now - 1) });
    this.#noteGap({ from, to }, batch);
    this.#trim(dropped);
  }

  #noteGap({ from, to }: TimeRange, batch: TraceBatch): void {
    if (batch.skipped === 0) return;
    const last = batch.sentAt.at(-1) ?? to;
    const readable = batch.sentAt.length >= MAX_MESSAGES_READ;
    const first = batch.sentAt[0] ?? to + 1;
    const gap = readable ? { from: last, to } : { from, to: Math.max(from, first - 1) };
    this.#gaps = [...this.#gaps, { ...gap, skipped: batch.skipped, readable }].slice(-MAX_GAPS);
  }

  /** What is still under way here but unknown there was overwritten: nobody will ever tell. */
  #noteUnknown({ from, to }: TimeRange, batch: TraceBatch): void {
    if (from !== to || batch.serial === undefined) return;
    const told = new Set(batch.serial);
    const { serial } = this.messages.columns;
    const end = this.messages.firstSince(to + 1);
    for (let row = this.messages.firstSince(from); row < end; row += 1) {
      const number = serial[row] ?? -1;
      if (!told.has(number)) this.#forgotten.add(number);
    }
  }

  #take(batch: TraceBatch): void {
    if (this.#closed) return;
    this.#trim(this.#merge(batch).dropped);
  }

  #merge(batch: TraceBatch): Merged {
    const merged = this.messages.merge(batch);
    if (merged.added > 0 || merged.changed > 0) this.#ports.changed();
    return merged;
  }

  /** Of what gave way to other rows nothing is known any more. */
  #trim(dropped: Merged["dropped"]): void {
    if (dropped === undefined) return;
    const { columns, count } = this.messages;
    const first = columns.sentAt[0] ?? 0;
    const last = columns.sentAt[count - 1] ?? 0;
    this.#coverage.keep(
      dropped === "oldest"
        ? { from: first + 1, to: Number.MAX_SAFE_INTEGER }
        : { from: 0, to: last - 1 },
    );
  }
}
