/**
 * What is replicated: the application's state, the clients' sessions, log time, and a hash chain
 * over everything executed. Its snapshot is what checkpoints are digests of, so all of it is
 * canonical and nothing in it depends on the replica.
 */
import type { NodeId } from "#main/kernel/machine.ts";
import { Sessions, type SessionOptions } from "#main/kernel/sessions.ts";
import { hex, sha256Concat } from "#main/kernel/sha256.ts";
import type { AppliedAt, StateMachine } from "#main/kernel/state-machine.ts";
import type { Micros } from "#main/kernel/time.ts";
import { DecodeError, WireReader, WireWriter } from "#main/kernel/wire.ts";
import { decodeList, decodeNode, encodeList } from "#main/kernel/wire-lists.ts";
import { DIGEST_BYTES, MAX_CLIENT_NODES, MAX_PAYLOAD_BYTES } from "./limits.ts";
import type { Batch, Digest, Request, Verdict } from "./types.ts";

export interface ReplyContent {
  /** Where in the log it was executed first; 0 where nothing was. */
  readonly sequence: number;
  readonly verdict: Verdict;
  readonly result: Uint8Array;
}

export interface Executed {
  readonly request: Request;
  readonly reply: ReplyContent;
}

const EMPTY = new Uint8Array(0);
const OPENED: ReplyContent = { sequence: 0, verdict: "result", result: EMPTY };
const EXPIRED: ReplyContent = { sequence: 0, verdict: "expired", result: EMPTY };
const TOO_MANY: ReplyContent = { sequence: 0, verdict: "too-many", result: EMPTY };
const READ = 1;
const COMMAND = 0;

export class ReplicatedState {
  readonly #sessions: Sessions;
  /** The latest life of each client's node. A session is opened once, by a life not seen before. */
  readonly #lives = new Map<NodeId, number>();
  #chain: Uint8Array = new Uint8Array(DIGEST_BYTES);
  #time: Micros = 0;
  /** Requests and null requests executed: the place of a command among them. */
  #place = 0;
  #sequence = 0;

  constructor(app: StateMachine, options: SessionOptions) {
    // Reads take the same way as commands, so that they are answered from the cache as well.
    const ordered: StateMachine = {
      apply: (command, at) => this.#perform(app, command, at),
      query: (query) => app.query(query),
      snapshot: () => app.snapshot(),
      restore: (snapshot) => app.restore(snapshot),
    };
    this.#sessions = new Sessions(ordered, options);
  }

  /** The last sequence number executed. */
  get sequence(): number {
    return this.#sequence;
  }

  /** Log time: never goes backwards. */
  get time(): Micros {
    return this.#time;
  }

  /** A hash over all that was executed, results included; 16 hexadecimal digits. */
  get hash(): string {
    return hex(this.#chain.subarray(0, 8));
  }

  /** Executes the next sequence number. */
  execute(batch: Batch, digest: Digest): Executed[] {
    this.#sequence++;
    this.#time = Math.max(this.#time, batch.time);
    if (batch.requests.length === 0) {
      this.#place++;
    }
    const executed = batch.requests.map((request) => {
      this.#place++;
      return { request, reply: this.#request(request) };
    });
    this.#extendChain(digest, executed);
    return executed;
  }

  /** The answer if the request was executed, or never will be; null while it is to be executed. */
  recall(request: Request): ReplyContent | null {
    const { sender, life, sequence } = request;
    const latest = this.#lives.get(sender) ?? -1;
    if (life > latest) {
      return null;
    }
    const client = clientName(sender, life);
    if (life < latest || !this.#sessions.has(client)) {
      return EXPIRED;
    }
    if (request.operation === "open") {
      return OPENED;
    }
    const known = this.#sessions.recall(client, sequence);
    if (known === "new") {
      return null;
    }
    return known === "expired" ? EXPIRED : readResult(known);
  }

  snapshot(): Uint8Array {
    const writer = new WireWriter();
    writer.varint(this.#sequence);
    writer.varint(this.#time);
    writer.varint(this.#place);
    writer.bytes(this.#chain);
    const lives = [...this.#lives].sort(([a], [b]) => (a < b ? -1 : 1));
    encodeList(writer, lives, (to, [node, life]) => {
      to.string(node);
      to.varint(life);
    });
    writer.bytes(this.#sessions.snapshot());
    return writer.finish();
  }

  /** Throws `DecodeError`; then nothing has changed. */
  restore(snapshot: Uint8Array): void {
    const reader = new WireReader(snapshot);
    const [sequence, time, place] = [reader.varint(), reader.varint(), reader.varint()];
    const chain = reader.bytes(DIGEST_BYTES);
    const lives = decodeList(reader, MAX_CLIENT_NODES, (from) => {
      return [decodeNode(from), from.varint()] as const;
    });
    const sessions = reader.bytes(Number.MAX_SAFE_INTEGER);
    reader.expectEnd();
    if (chain.length !== DIGEST_BYTES) {
      throw new DecodeError("a hash chain has 32 bytes");
    }
    this.#sessions.restore(sessions);
    this.#lives.clear();
    for (const [node, life] of lives) {
      this.#lives.set(node, life);
    }
    [this.#sequence, this.#time, this.#place, this.#chain] = [sequence, time, place, chain];
  }

  #request(request: Request): ReplyContent {
    return request.operation === "open" ? this.#open(request) : this.#command(request);
  }

  /**
   * A node has one session, that of its latest life, and an ended one is never opened again: who
   * repeats the signed opening of an old session cannot have its commands executed once more.
   */
  #open({ sender, life, answered, payload }: Request): ReplyContent {
    const latest = this.#lives.get(sender);
    const client = clientName(sender, life);
    if (
      latest !== undefined &&
      (life < latest || (life === latest && !this.#sessions.has(client)))
    ) {
      return EXPIRED;
    }
    if (latest === undefined && this.#lives.size >= MAX_CLIENT_NODES) {
      return TOO_MANY;
    }
    if (latest !== undefined && life > latest) {
      this.#sessions.forget(clientName(sender, latest));
    }
    this.#lives.set(sender, life);
    this.#sessions.apply({ client, sequence: 0, answered, command: payload }, this.#at());
    return OPENED;
  }

  #command({ sender, life, sequence, answered, operation, payload }: Request): ReplyContent {
    const command = new Uint8Array(payload.length + 1);
    command[0] = operation === "read" ? READ : COMMAND;
    command.set(payload, 1);
    const client = clientName(sender, life);
    const outcome = this.#sessions.apply({ client, sequence, answered, command }, this.#at());
    switch (outcome.kind) {
      case "result":
        return readResult(outcome.result);
      case "expired":
        return EXPIRED;
      case "too-many":
        return TOO_MANY;
    }
  }

  /** What is kept of an answer: where it was executed, whether it fits, and the result. */
  #perform(app: StateMachine, command: Uint8Array, at: AppliedAt): Uint8Array {
    const payload = command.subarray(1);
    const result = command[0] === READ ? app.query(payload) : app.apply(payload, at);
    const fits = result.length <= MAX_PAYLOAD_BYTES;
    const writer = new WireWriter();
    writer.varint(this.#sequence);
    writer.u8(fits ? 0 : 1);
    writer.bytes(fits ? result : EMPTY);
    return writer.finish();
  }

  #at(): AppliedAt {
    return { index: this.#place, time: this.#time };
  }

  #extendChain(digest: Digest, executed: readonly Executed[]): void {
    const writer = new WireWriter();
    writer.bytes(this.#chain);
    writer.varint(this.#sequence);
    writer.string(digest);
    encodeList(writer, executed, (to, { reply }) => {
      to.string(reply.verdict);
      to.varint(reply.sequence);
      to.bytes(reply.result);
    });
    this.#chain = sha256Concat(writer.finish());
  }
}

function clientName(node: NodeId, life: number): string {
  return `${node}/${life}`;
}

function readResult(bytes: Uint8Array): ReplyContent {
  const reader = new WireReader(bytes);
  const sequence = reader.varint();
  const verdict = reader.u8() === 0 ? "result" : "too-large";
  return { sequence, verdict, result: reader.bytes(MAX_PAYLOAD_BYTES) };
}
