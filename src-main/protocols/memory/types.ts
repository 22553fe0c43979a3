/** What goes into the machine of the eventual memory and what comes out of it. */
import type { Certificate } from "#main/kernel/crdt/certificates.ts";
import type { Stamp } from "#main/kernel/crdt/stamp.ts";
import type { BaseInput, Effect, NodeId } from "#main/kernel/machine.ts";
import type { MerkleMessage } from "#main/kernel/merkle/messages.ts";
import type { Micros } from "#main/kernel/time.ts";
import type { Cell } from "./cells/cell.ts";
import type { EventualMode, MemoryMode } from "./modes.ts";

/** A namespace and what it is. Definitions only come; the smallest stamp of a name holds. */
export interface Definition {
  readonly namespace: string;
  readonly mode: MemoryMode;
  readonly stamp: Stamp;
}

/** All of a key, or the part of it that a write changed: a delta, which is merged all the same. */
export type Content =
  | { readonly kind: "value"; readonly cell: Cell }
  | { readonly kind: "certificate"; readonly certificate: Certificate };

export interface Update {
  readonly namespace: string;
  readonly mode: EventualMode;
  readonly key: string;
  readonly content: Content;
}

/** One namespace of the sender; `root` is null where there is nothing to compare (strong). */
export interface NamespaceRoot {
  readonly definition: Definition;
  readonly root: Uint8Array | null;
}

export type MemoryMessage =
  /** Fresh changes, at once to a few; `sequence` numbers the pushes of one life. */
  | {
      readonly kind: "push";
      readonly sequence: number;
      readonly definitions: readonly Definition[];
      readonly updates: readonly Update[];
    }
  /** What came with this push is on the disk. */
  | { readonly kind: "ack"; readonly sequence: number }
  /** Opens an anti-entropy: whoever sees a difference begins an exchange. */
  | { readonly kind: "roots"; readonly roots: readonly NamespaceRoot[] }
  | { readonly kind: "merkle"; readonly message: MerkleMessage }
  /** What an exchange found, whole keys. Not acknowledged: the next exchange finds what is lost. */
  | { readonly kind: "repair"; readonly updates: readonly Update[] };

export type MemoryOrder =
  /**
   * A namespace. With `since` it is the configuration of the whole mesh and never refused; without,
   * somebody defines it through this node, and an answer to `request` follows.
   */
  | {
      readonly kind: "namespace";
      readonly now: Micros;
      readonly request: number | null;
      readonly namespace: string;
      readonly mode: MemoryMode;
      readonly since: Micros | null;
    }
  | {
      readonly kind: "write";
      readonly now: Micros;
      readonly request: number;
      readonly namespace: string;
      readonly key: string;
      readonly value: string;
      /** From the write, by the wall clock; null: see the mode's rule in the README. */
      readonly ttl: Micros | null;
    }
  | {
      readonly kind: "delete";
      readonly now: Micros;
      readonly request: number;
      readonly namespace: string;
      readonly key: string;
    }
  /** The partition machine's word; a machine starts writable. */
  | { readonly kind: "writable"; readonly now: Micros; readonly writable: boolean };

export type MemoryInput = BaseInput<MemoryMessage> | MemoryOrder;

export type MemoryCode =
  | "ok"
  | "read-only"
  | "not-found"
  | "bad-request"
  | "too-large"
  | "conflict"
  | "busy";

export interface MemoryAnswer {
  readonly code: MemoryCode;
  readonly message?: string;
  /** One, or several where they are in conflict. */
  readonly values?: readonly string[];
}

/** What a node holds under a key, as people see it. */
export interface Held {
  readonly namespace: string;
  readonly mode: EventualMode;
  readonly key: string;
  /** Concurrent values; none when deleted or expired. */
  readonly values: readonly string[];
  readonly version: string;
  readonly expiresAt: Micros | null;
}

export type ChangeCause = "write" | "merge" | "delete" | "expiry";

export type MemoryEvent =
  | { readonly kind: "namespace"; readonly namespace: string; readonly mode: MemoryMode }
  | ({ readonly kind: "changed"; readonly cause: ChangeCause } & Held)
  | ({ readonly kind: "answered"; readonly request: number } & MemoryAnswer)
  /** An exchange that this node began came to its end. */
  | {
      readonly kind: "exchanged";
      readonly peer: NodeId;
      readonly namespace: string;
      /** Keys that differed. */
      readonly differing: number;
      /** Hashes received. */
      readonly hashes: number;
      /** Of the comparison both ways, and of the values that this side sent after it. */
      readonly bytes: number;
    }
  /** Not taken from a peer, and why; told when it happened often enough, with the count. */
  | { readonly kind: "dropped"; readonly reason: DropReason; readonly count: number };

export const DROP_REASONS = [
  "early",
  "full",
  "limit",
  "unknown-namespace",
  "other-mode",
  "violation",
  "unacknowledged",
] as const;
export type DropReason = (typeof DROP_REASONS)[number];

/** Merged in order these rebuild the memory; a checkpoint holds all of it. */
export interface MemoryRecord {
  readonly definitions: readonly Definition[];
  readonly updates: readonly Update[];
}

export type MemoryEffect = Effect<MemoryMessage, MemoryEvent, MemoryRecord>;
