import { BoundedQueue } from "#main/kernel/bounded-queue.ts";
import type { TimerName } from "#main/kernel/machine.ts";
import type { Micros } from "#main/kernel/time.ts";
import type { MeshNode, NodeEffect } from "#main/node/mesh-node.ts";
import { NodeClock } from "./clock.ts";
import type { Disk } from "./disk.ts";
import type { Traitor } from "./traitor.ts";

/** Timers a process may have before those that are not set are looked for and dropped. */
export const SWEEP_AT = 256;

/** Messages that wait for a paused process, like a socket's buffer; more are lost. */
export const INBOX_CAPACITY = 4_096;

/** A timer that is set, or whose queue entry has not come up yet. */
export interface TimerSlot {
  readonly name: TimerName;
  /** By the node's own clock; null: not set. */
  atLocal: Micros | null;
  /** Mesh time of the queue entry that stands for it, or Infinity. */
  queuedFor: Micros;
  /** Tells that entry from older ones. */
  version: number;
}

export type ProcessState = "running" | "paused" | "stopped";

/** One node's process as the world runs it, over all its lives. */
export class Process {
  readonly index: number;
  readonly id: string;
  readonly zone: string | undefined;
  readonly disk: Disk;
  readonly clock = new NodeClock();
  readonly timers = new Map<TimerName, TimerSlot>();
  /** At this number of timers unused ones are swept. */
  timerLimit = SWEEP_AT;
  /** Handles of messages that came while the process was paused. */
  readonly inbox = new BoundedQueue<number>({ capacity: INBOX_CAPACITY, onFull: "reject" });
  state: ProcessState = "stopped";
  /** Counts the starts; 0 before the first. What belongs to an earlier life is void. */
  life = 0;
  node: MeshNode | undefined;
  /** A record is being written; what the node wants done meanwhile waits in `backlog`. */
  writing = false;
  backlog: readonly NodeEffect[] = [];
  /** The write ended while the process was paused: it learns of it when it goes on. */
  unheardWrite = false;
  /** How often it was paused: tells one pause from the next. */
  pauses = 0;
  /** How much later every input is handled. */
  slowness: Micros = 0;
  /** Speaks in the node's place while it is Byzantine. */
  traitor: Traitor | undefined;
  /** Records handed to the disk since it was last wiped; all older effects depend on them. */
  written = 0;
  received = 0;
  sent = 0;

  constructor(index: number, id: string, zone: string | undefined, disk: Disk) {
    this.index = index;
    this.id = id;
    this.zone = zone;
    this.disk = disk;
  }
}
