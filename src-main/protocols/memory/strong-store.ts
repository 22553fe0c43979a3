/**
 * The strong half of the memory: a map that every replica rebuilds from the agreed log. Expiry goes
 * by log time, so all replicas drop a key at the same entry.
 */
import type { AppliedAt, StateMachine } from "#main/kernel/state-machine.ts";
import type { Micros } from "#main/kernel/time.ts";
import { DecodeError, WireReader, WireWriter } from "#main/kernel/wire.ts";
import {
  decodeWith,
  encodeWith,
  MAX_KEY_BYTES,
  MAX_NAMESPACE_BYTES,
  MAX_VALUE_BYTES,
  type StrongCommand,
  strongCommandCodec,
  strongQueryCodec,
  type StrongResult,
  strongResultCodec,
} from "./strong-command.ts";

/** Keys over all namespaces; a write of one more is answered with "busy". */
export const MAX_STRONG_KEYS = 100_000;

export interface StrongEntry {
  readonly value: string;
  /** Index of the log entry that wrote it. */
  readonly version: number;
  readonly expiresAt: Micros | null;
}

export interface StrongChange {
  readonly namespace: string;
  readonly key: string;
  readonly entry: StrongEntry | null;
  readonly version: number;
  readonly cause: "write" | "delete" | "expiry";
}

const NOTHING: readonly StrongChange[] = [];
const SEPARATOR = "\u0000";

export class StrongStore implements StateMachine {
  /** By namespace and key, joined. */
  #entries = new Map<string, StrongEntry>();
  #expiring = new Map<string, Micros>();
  #noted: { readonly text: string; readonly index: number } | null = null;
  #time: Micros = 0;
  #changes: StrongChange[] = [];

  /** What changed since the last call, oldest first. */
  takeChanges(): readonly StrongChange[] {
    if (this.#changes.length === 0) {
      return NOTHING;
    }
    const changes = this.#changes;
    this.#changes = [];
    return changes;
  }

  /** Log time of the next expiry; null: none is due ever. */
  get nextExpiry(): Micros | null {
    let next: Micros | null = null;
    for (const at of this.#expiring.values()) {
      next = next === null ? at : Math.min(next, at);
    }
    return next;
  }

  /** Everything held, in order of namespace and key. */
  entries(): readonly (StrongEntry & { readonly namespace: string; readonly key: string })[] {
    return this.#sorted().map(([joined, entry]) => ({ ...split(joined), ...entry }));
  }

  apply(bytes: Uint8Array, at: AppliedAt): Uint8Array {
    this.#expire(at);
    return encodeWith(strongResultCodec, this.#execute(bytes, at));
  }

  query(bytes: Uint8Array): Uint8Array {
    return encodeWith(strongResultCodec, this.#answer(bytes));
  }

  snapshot(): Uint8Array {
    const writer = new WireWriter();
    writer.varint(this.#time);
    writer.u8(this.#noted === null ? 0 : 1);
    if (this.#noted !== null) {
      writer.string(this.#noted.text);
      writer.varint(this.#noted.index);
    }
    const entries = this.#sorted();
    writer.varint(entries.length);
    for (const [joined, { value, version, expiresAt }] of entries) {
      const { namespace, key } = split(joined);
      writer.string(namespace);
      writer.string(key);
      writer.string(value);
      writer.varint(version);
      writer.varint(expiresAt === null ? 0 : expiresAt + 1);
    }
    return writer.finish();
  }

  restore(snapshot: Uint8Array): void {
    const reader = new WireReader(snapshot);
    const time = reader.varint();
    const hasNote = reader.u8() === 1;
    const noted = hasNote ? { text: reader.string(MAX_VALUE_BYTES), index: reader.varint() } : null;
    const entries = new Map<string, StrongEntry>();
    const count = reader.varint(MAX_STRONG_KEYS);
    for (let i = 0; i < count; i++) {
      const namespace = reader.string(MAX_NAMESPACE_BYTES);
      const key = reader.string(MAX_KEY_BYTES);
      const value = reader.string(MAX_VALUE_BYTES);
      const version = reader.varint();
      const expires = reader.varint();
      const expiresAt = expires === 0 ? null : expires - 1;
      entries.set(join(namespace, key), { value, version, expiresAt });
    }
    reader.expectEnd();
    if (entries.size !== count) {
      throw new DecodeError("a key is in the snapshot twice");
    }
    this.#replace(entries);
    this.#time = time;
    this.#noted = noted;
  }

  #execute(bytes: Uint8Array, at: AppliedAt): StrongResult {
    let command: StrongCommand;
    try {
      command = decodeWith(strongCommandCodec, bytes);
    } catch (error) {
      if (error instanceof DecodeError) {
        return { code: "bad-request", value: null, version: 0 };
      }
      throw error;
    }
    switch (command.kind) {
      case "note":
        this.#noted = { text: command.text, index: at.index };
        return { code: "ok", value: command.text, version: at.index };
      case "tick":
        return { code: "ok", value: null, version: at.index };
      case "put":
        return this.#put(command, at);
      case "delete":
        return this.#delete(command, at);
    }
  }

  #put(command: Extract<StrongCommand, { kind: "put" }>, at: AppliedAt): StrongResult {
    const { namespace, key, value, ttl, expect } = command;
    if (namespace.includes(SEPARATOR)) {
      return { code: "bad-request", value: null, version: 0 };
    }
    const joined = join(namespace, key);
    const known = this.#entries.get(joined);
    if (expect !== null && known?.value !== expect) {
      return { code: "conflict", value: known?.value ?? null, version: known?.version ?? 0 };
    }
    if (known === undefined && this.#entries.size >= MAX_STRONG_KEYS) {
      return { code: "busy", value: null, version: 0 };
    }
    const expiresAt = ttl === null ? null : at.time + ttl;
    const entry = { value, version: at.index, expiresAt };
    this.#set(joined, entry);
    this.#changes.push({ namespace, key, entry, version: at.index, cause: "write" });
    return { code: "ok", value, version: at.index };
  }

  #delete(
    { namespace, key }: { readonly namespace: string; readonly key: string },
    at: AppliedAt,
  ): StrongResult {
    const known = this.#entries.get(join(namespace, key));
    if (known === undefined) {
      return { code: "not-found", value: null, version: 0 };
    }
    this.#remove(join(namespace, key), at.index, "delete");
    return { code: "ok", value: known.value, version: at.index };
  }

  #answer(bytes: Uint8Array): StrongResult {
    try {
      const query = decodeWith(strongQueryCodec, bytes);
      if (query.kind === "noted") {
        const value = this.#noted?.text ?? null;
        return {
          code: value === null ? "not-found" : "ok",
          value,
          version: this.#noted?.index ?? 0,
        };
      }
      const entry = this.#entries.get(join(query.namespace, query.key));
      return entry === undefined
        ? { code: "not-found", value: null, version: 0 }
        : { code: "ok", value: entry.value, version: entry.version };
    } catch (error) {
      if (error instanceof DecodeError) {
        return { code: "bad-request", value: null, version: 0 };
      }
      throw error;
    }
  }

  #expire({ time, index }: AppliedAt): void {
    this.#time = Math.max(this.#time, time);
    if (this.#expiring.size === 0) {
      return;
    }
    const due = [...this.#expiring].filter(([, at]) => at <= this.#time);
    for (const [joined] of due.sort(([a], [b]) => (a < b ? -1 : 1))) {
      this.#remove(joined, index, "expiry");
    }
  }

  #set(joined: string, entry: StrongEntry): void {
    this.#entries.set(joined, entry);
    if (entry.expiresAt === null) {
      this.#expiring.delete(joined);
    } else {
      this.#expiring.set(joined, entry.expiresAt);
    }
  }

  #remove(joined: string, version: number, cause: StrongChange["cause"]): void {
    this.#entries.delete(joined);
    this.#expiring.delete(joined);
    this.#changes.push({ ...split(joined), entry: null, version, cause });
  }

  /** After a snapshot: only what is different counts as changed. */
  #replace(entries: Map<string, StrongEntry>): void {
    const before = this.#entries;
    this.#entries = new Map();
    this.#expiring = new Map();
    for (const [joined, entry] of entries) {
      this.#set(joined, entry);
      const { version } = entry;
      if (before.get(joined)?.version !== version) {
        this.#changes.push({ ...split(joined), entry, version, cause: "write" });
      }
    }
    for (const [joined, { version }] of before) {
      if (!entries.has(joined)) {
        this.#changes.push({ ...split(joined), entry: null, version, cause: "delete" });
      }
    }
  }

  #sorted(): [string, StrongEntry][] {
    return [...this.#entries].sort(([a], [b]) => (a < b ? -1 : 1));
  }
}

function join(namespace: string, key: string): string {
  return namespace + SEPARATOR + key;
}

function split(joined: string): { readonly namespace: string; readonly key: string } {
  const end = joined.indexOf(SEPARATOR);
  return { namespace: joined.slice(0, end), key: joined.slice(end + SEPARATOR.length) };
}
