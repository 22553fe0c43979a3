/**
 * Exactly once: a client that repeats a command after a lost answer gets the first answer again.
 * The table is part of the replicated state and of its snapshot; sessions expire by log time, so
 * every replica forgets them at the same entry. A command of a forgotten session is an error and
 * never executed again. Source: Ongaro's dissertation, section 6.3.
 */
import type { AppliedAt, StateMachine } from "./state-machine.ts";
import { assert } from "./assert.ts";
import { type Micros, seconds } from "./time.ts";
import { type Codec, DecodeError, WireReader, WireWriter } from "./wire.ts";

/** Longest name of a client, in bytes. */
export const MAX_CLIENT_BYTES = 128;
/** Largest command, in bytes. */
export const MAX_COMMAND_BYTES = 256 * 1024;

export interface SessionCommand {
  /** Never used for two clients, not even over restarts. */
  readonly client: string;
  /** 0 opens the session (again and again without harm); commands count from 1. */
  readonly sequence: number;
  /** All answers up to this sequence have arrived: they need not be kept. */
  readonly answered: number;
  readonly command: Uint8Array;
}

export const sessionCommandCodec: Codec<SessionCommand> = {
  encode(writer, { client, sequence, answered, command }) {
    writer.string(client);
    writer.varint(sequence);
    writer.varint(answered);
    writer.bytes(command);
  },
  decode(reader) {
    const client = reader.string(MAX_CLIENT_BYTES);
    const sequence = reader.varint();
    const answered = reader.varint();
    return { client, sequence, answered, command: reader.bytes(MAX_COMMAND_BYTES) };
  },
};

export type SessionResult =
  | { readonly kind: "result"; readonly result: Uint8Array; readonly repeated: boolean }
  /** The session is unknown, or the answer was dropped as already received. */
  | { readonly kind: "expired" }
  /** Too many commands of this client are unanswered. */
  | { readonly kind: "too-many" };

export interface SessionOptions {
  /** Sessions kept; beyond, the one that was silent longest in log time goes. */
  readonly maxSessions: number;
  /** Log time after which a silent session is forgotten. */
  readonly expireAfterMs: number;
  /** Answers kept for one client. */
  readonly maxUnanswered: number;
}

export const SESSION_DEFAULTS: SessionOptions = {
  maxSessions: 1_024,
  expireAfterMs: 3_600_000,
  maxUnanswered: 256,
};

interface Session {
  readonly results: Map<number, Uint8Array>;
  answered: number;
  touched: Micros;
}

const EMPTY = new Uint8Array(0);

export class Sessions {
  readonly #machine: StateMachine;
  readonly #options: SessionOptions;
  /** In the order in which they were last used: the first is the one to go. */
  readonly #sessions = new Map<string, Session>();

  constructor(machine: StateMachine, options: SessionOptions = SESSION_DEFAULTS) {
    assert(options.maxSessions >= 1 && options.maxUnanswered >= 1, "sessions need room");
    this.#machine = machine;
    this.#options = options;
  }

  get size(): number {
    return this.#sessions.size;
  }

  apply(command: SessionCommand, at: AppliedAt): SessionResult {
    this.#expire(at.time);
    const { client, sequence } = command;
    if (sequence === 0) {
      this.#touch(client, this.#sessions.get(client) ?? newSession(), at.time);
      return { kind: "result", result: EMPTY, repeated: false };
    }
    const session = this.#sessions.get(client);
    if (session === undefined) {
      return { kind: "expired" };
    }
    this.#touch(client, session, at.time);
    this.#forgetAnswered(session, command.answered);
    const known = session.results.get(sequence);
    if (known !== undefined) {
      return { kind: "result", result: known, repeated: true };
    }
    if (sequence <= session.answered) {
      return { kind: "expired" };
    }
    if (session.results.size >= this.#options.maxUnanswered) {
      return { kind: "too-many" };
    }
    const result = this.#machine.apply(command.command, at);
    session.results.set(sequence, result);
    return { kind: "result", result, repeated: false };
  }

  has(client: string): boolean {
    return this.#sessions.has(client);
  }

  /** What `apply` would answer from memory, without changing anything; "new" if it would execute. */
  recall(client: string, sequence: number): Uint8Array | "expired" | "new" {
    const session = this.#sessions.get(client);
    if (session === undefined) {
      return "expired";
    }
    return session.results.get(sequence) ?? (sequence <= session.answered ? "expired" : "new");
  }

  /** Ends a session: whatever comes of it from now on is "expired". */
  forget(client: string): void {
    this.#sessions.delete(client);
  }

  snapshot(): Uint8Array {
    const writer = new WireWriter();
    writer.varint(this.#sessions.size);
    for (const [client, session] of this.#sessions) {
      writer.string(client);
      writer.varint(session.answered);
      writer.varint(session.touched);
      const results = [...session.results].sort(([a], [b]) => a - b);
      writer.varint(results.length);
      for (const [sequence, result] of results) {
        writer.varint(sequence);
        writer.bytes(result);
      }
    }
    writer.bytes(this.#machine.snapshot());
    return writer.finish();
  }

  /** Throws `DecodeError`; then nothing has changed. */
  restore(snapshot: Uint8Array): void {
    const reader = new WireReader(snapshot);
    const sessions = new Map<string, Session>();
    const count = reader.varint(this.#options.maxSessions);
    let touched = 0;
    for (let i = 0; i < count; i++) {
      const client = reader.string(MAX_CLIENT_BYTES);
      const session = readSession(reader, this.#options.maxUnanswered);
      if (session.touched < touched) {
        throw new DecodeError("sessions must be in the order of their last use");
      }
      touched = session.touched;
      sessions.set(client, session);
    }
    if (sessions.size !== count) {
      throw new DecodeError("a client has two sessions");
    }
    const inner = reader.bytes(Number.MAX_SAFE_INTEGER);
    reader.expectEnd();
    this.#machine.restore(inner);
    this.#sessions.clear();
    for (const [client, session] of sessions) {
      this.#sessions.set(client, session);
    }
  }

  #touch(client: string, session: Session, time: Micros): void {
    session.touched = time;
    this.#sessions.delete(client);
    this.#sessions.set(client, session);
    if (this.#sessions.size > this.#options.maxSessions) {
      const [oldest] = this.#sessions.keys();
      this.#sessions.delete(oldest as string);
    }
  }

  #expire(now: Micros): void {
    const limit = now - seconds(this.#options.expireAfterMs / 1_000);
    for (const [client, session] of this.#sessions) {
      if (session.touched >= limit) {
        return;
      }
      this.#sessions.delete(client);
    }
  }

  #forgetAnswered(session: Session, answered: number): void {
    if (answered <= session.answered) {
      return;
    }
    session.answered = answered;
    for (const sequence of session.results.keys()) {
      if (sequence <= answered) {
        session.results.delete(sequence);
      }
    }
  }
}

function newSession(): Session {
  return { results: new Map(), answered: 0, touched: 0 };
}

function readSession(reader: WireReader, maxUnanswered: number): Session {
  const answered = reader.varint();
  const touched = reader.varint();
  const results = new Map<number, Uint8Array>();
  const count = reader.varint(maxUnanswered);
  let previous = answered;
  for (let i = 0; i < count; i++) {
    const sequence = reader.varint();
    if (sequence <= previous) {
      throw new DecodeError("answers of a session must rise from what was received");
    }
    previous = sequence;
    // As large as the state machine made it: the snapshot itself is the limit.
    results.set(sequence, reader.bytes(Number.MAX_SAFE_INTEGER));
  }
  return { results, answered, touched };
}
