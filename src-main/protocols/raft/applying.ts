/**
 * Executes what is committed, in the order of the log, on the state machine behind the session
 * table, and keeps a hash chain over what was executed and what came of it.
 */
import { assert } from "#main/kernel/assert.ts";
import { hashBytes, hashString, mix32 } from "#main/kernel/hash.ts";
import {
  SESSION_DEFAULTS,
  type SessionCommand,
  sessionCommandCodec,
  Sessions,
} from "#main/kernel/sessions.ts";
import type { StateMachine } from "#main/kernel/state-machine.ts";
import { DecodeError, WireReader } from "#main/kernel/wire.ts";
import { type Entry, entryBytes } from "./entry.ts";
import { commandKey } from "./leadership.ts";
import type { RaftState } from "./state.ts";
import type { MessageOf, Snapshot } from "./types.ts";

export type Answer = MessageOf<"answer">;

const EMPTY = new Uint8Array(0);
const FIRST_CHAIN = "0".repeat(16);

export class Applier {
  readonly #state: RaftState;
  readonly #app: StateMachine;
  readonly #sessions: Sessions;
  readonly #onAnswer: (answer: Answer) => void;
  #chain = FIRST_CHAIN;

  /** `onAnswer` hears what came of each command; its `client` is the one that was proposed. */
  constructor(state: RaftState, app: StateMachine, onAnswer: (answer: Answer) => void) {
    this.#state = state;
    this.#app = app;
    this.#onAnswer = onAnswer;
    const { maxSessions, sessionExpiryMs } = state.options;
    this.#sessions = new Sessions(app, {
      ...SESSION_DEFAULTS,
      maxSessions,
      expireAfterMs: sessionExpiryMs,
    });
  }

  get chain(): string {
    return this.#chain;
  }

  query(query: Uint8Array): Uint8Array {
    return this.#app.query(query);
  }

  snapshot(): Uint8Array {
    return this.#sessions.snapshot();
  }

  /** Throws `DecodeError`; then nothing has changed. */
  restore({ data, chain }: Snapshot): void {
    this.#sessions.restore(data);
    this.#chain = chain;
  }

  /** Everything up to `index` is agreed: executes what was not yet. */
  commitTo(index: number): void {
    const state = this.#state;
    if (index <= state.commit) {
      return;
    }
    assert(index <= state.log.last, `entry ${index} is committed and not in the log`);
    const configAt = state.configs.latest.index;
    const configCommitted = configAt > state.commit && configAt <= index;
    state.commit = index;
    state.emit({ kind: "committed", term: state.term, index });
    if (configCommitted) {
      state.emitConfig();
    }
    while (state.applied < index) {
      const entry = state.log.entry(state.applied + 1);
      assert(entry !== undefined, `entry ${state.applied + 1} was compacted before it was applied`);
      state.applied = entry.index;
      this.#apply(entry);
    }
  }

  #apply(entry: Entry): void {
    const { leadership } = this.#state;
    if (leadership !== null) {
      leadership.uncommittedBytes = Math.max(0, leadership.uncommittedBytes - entryBytes(entry));
    }
    const isCommand = entry.kind === "command" || entry.kind === "session";
    const answer = isCommand ? this.#execute(entry) : null;
    this.#chain = nextChain(this.#chain, entry, answer);
    const { term, index, digest } = entry;
    this.#state.emit({ kind: "applied", term, index, digest, state: this.#chain });
    if (answer !== null) {
      this.#onAnswer(answer);
    }
  }

  /** Null for bytes that are no command: at every member the same, so it changes nothing. */
  #execute({ index, time, data }: Entry): Answer | null {
    const command = decodeCommand(data);
    if (command === null) {
      return null;
    }
    const { client, sequence } = command;
    this.#state.leadership?.underWay.delete(commandKey(command));
    const session = { ...command, client: sequence === 0 ? sessionName(client, index) : client };
    const outcome = this.#sessions.apply(session, { index, time });
    const result = outcome.kind === "result" ? outcome.result : EMPTY;
    return { kind: "answer", client, sequence, index, outcome: outcome.kind, result };
  }
}

/**
 * The name of the session that the entry at `index` opened. With the index in it no copy of the
 * opening that arrives late can bring an expired session, and with it an old command, back.
 */
export function sessionName(client: string, index: number): string {
  return `${client}@${index}`;
}

function decodeCommand(data: Uint8Array): SessionCommand | null {
  try {
    const reader = new WireReader(data);
    const command = sessionCommandCodec.decode(reader);
    reader.expectEnd();
    return command;
  } catch (error) {
    if (error instanceof DecodeError) {
      return null;
    }
    throw error;
  }
}

/** 64 bits over the chain before, the entry, and what came of it. */
function nextChain(chain: string, entry: Entry, answer: Answer | null): string {
  const text = hashString(chain + entry.digest);
  const low = answer === null ? text : hashBytes(answer.result, hashString(answer.outcome, text));
  const high = mix32(hashString(chain, low) ^ entry.index);
  return word(high) + word(mix32(low));
}

function word(value: number): string {
  return (value >>> 0).toString(16).padStart(8, "0");
}
