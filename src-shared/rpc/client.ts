/**
 * The client's end. It outlives its sessions: requests fail when the session ends, streams go on
 * in the next one where they stopped. Sans-IO; `reconnect.ts` provides the sessions.
 */
import { z } from "zod";
import type { Role } from "../contract/commands.ts";
import { MeshError } from "../contract/errors.ts";
import {
  type ClientFrame,
  type HostFrame,
  hostFrameSchema,
  INITIAL_CREDIT,
  METHODS,
  type Method,
  type ParamsOf,
  PROTOCOL_VERSION,
  type ResultOf,
  type Topic,
  type TopicParams,
} from "../contract/protocol.ts";
import type { Channel, Timers } from "./channel.ts";
import { type Listener, readerFor, type Reader } from "./client-stream.ts";

const PING_MS = 5_000;
/** A host that was silent for three pings is taken for gone. */
const MAX_SILENT_PINGS = 3;
const REQUEST_TIMEOUT_MS = 15_000;
/** Credit is handed back in portions, not event by event. */
const CREDIT_PORTION = INITIAL_CREDIT / 4;

export interface Welcome {
  readonly host: string;
  readonly instance: string;
  readonly session: string;
  readonly role: Role;
}

export interface ClientOptions {
  /** What the client calls itself, for the host's audit log. */
  readonly name: string;
  readonly timers: Timers;
}

/** What becomes of one session. Exactly one `down` for each `connect`. */
export interface SessionListener {
  welcome(welcome: Welcome): void;
  down(error: MeshError): void;
}

export interface SubscribeOptions {
  /** `manual`: the caller grants what it has digested; else it is granted as `push` returns. */
  readonly credit?: "auto" | "manual";
}

export interface Subscription {
  grant(events: number): void;
  /** Nothing is pushed afterwards. Idempotent. */
  cancel(): void;
}

interface ClientStream {
  readonly topic: Topic;
  readonly reader: Reader<Topic>;
  readonly listener: Listener<Topic>;
  readonly manual: boolean;
  consumed: number;
}

interface PendingRequest {
  readonly method: Method;
  readonly resolve: (result: never) => void;
  readonly reject: (error: MeshError) => void;
  readonly cancelTimeout: () => void;
}

interface ClientSession {
  readonly channel: Channel;
  readonly listener: SessionListener;
  welcome: Welcome | undefined;
  silentPings: number;
  cancelPing: () => void;
}

const anyWelcomeSchema = z.looseObject({
  kind: z.literal("welcome"),
  protocol: z.number().int(),
});

export class RpcClient {
  readonly #options: ClientOptions;
  readonly #streams = new Map<number, ClientStream>();
  readonly #pending = new Map<number, PendingRequest>();
  #session: ClientSession | undefined;
  #instance: string | undefined;
  #nextId = 1;

  constructor(options: ClientOptions) {
    this.#options = options;
  }

  /** Starts a session; a former one is put down first. */
  connect(channel: Channel, token: string | undefined, listener: SessionListener): void {
    if (this.#session !== undefined) this.#down(this.#session, closedByUs());
    const session: ClientSession = {
      channel,
      listener,
      welcome: undefined,
      silentPings: 0,
      cancelPing: () => {},
    };
    this.#session = session;
    channel.onFrame((frame) => this.#receive(session, frame));
    channel.onClose(() => this.#down(session, lost()));
    const hello = {
      kind: "hello",
      protocol: PROTOCOL_VERSION,
      client: this.#options.name,
    } as const;
    channel.send(token === undefined ? hello : { ...hello, token });
    this.#keepAlive(session);
  }

  disconnect(): void {
    if (this.#session !== undefined) this.#down(this.#session, closedByUs());
  }

  /** Rejects with a `MeshError`: the host's, "timeout", or "disconnected". */
  request<M extends Method>(
    method: M,
    params: ParamsOf<M>,
    timeoutMs: number = REQUEST_TIMEOUT_MS,
  ): Promise<ResultOf<M>> {
    const session = this.#session;
    if (session?.welcome === undefined) {
      const message = "There is no connection to the host.";
      return Promise.reject(new MeshError("disconnected", message, { retryable: true }));
    }
    const id = this.#nextId++;
    return new Promise<ResultOf<M>>((resolve, reject) => {
      const cancelTimeout = this.#options.timers.after(timeoutMs, () => {
        this.#pending.delete(id);
        const message = `The host did not answer ${method} within ${timeoutMs / 1_000} s.`;
        reject(new MeshError("timeout", message, { retryable: !CHANGES.has(method) }));
      });
      this.#pending.set(id, { method, resolve, reject, cancelTimeout });
      this.#send({ kind: "request", id, method, params });
    });
  }

  /** May be called without a session: the stream begins with the next one. */
  subscribe<T extends Topic>(
    topic: T,
    params: TopicParams<T>,
    listener: Listener<T>,
    options: SubscribeOptions = {},
  ): Subscription {
    const id = this.#nextId++;
    const stream = {
      topic,
      reader: readerFor(topic, params),
      listener,
      manual: options.credit === "manual",
      consumed: 0,
    };
    this.#streams.set(id, stream);
    if (this.#session?.welcome !== undefined) {
      this.#send({ kind: "subscribe", id, topic, params });
    }
    return {
      grant: (events) => {
        if (this.#streams.has(id)) this.#send({ kind: "credit", id, events });
      },
      cancel: () => {
        if (this.#streams.delete(id)) this.#send({ kind: "cancel", id });
      },
    };
  }

  #send(frame: ClientFrame): void {
    if (this.#session?.welcome !== undefined) this.#session.channel.send(frame);
  }

  #keepAlive(session: ClientSession): void {
    session.cancelPing = this.#options.timers.after(PING_MS, () => {
      session.silentPings += 1;
      if (session.silentPings > MAX_SILENT_PINGS) {
        this.#down(session, silent());
        return;
      }
      this.#send({ kind: "ping", id: this.#nextId++ });
      this.#keepAlive(session);
    });
  }

  #down(session: ClientSession, error: MeshError): void {
    if (this.#session !== session) return;
    this.#session = undefined;
    session.cancelPing();
    session.channel.close();
    for (const [id, request] of this.#pending) {
      this.#settle(id);
      request.reject(unanswered(request.method, error));
    }
    session.listener.down(error);
  }

  #receive(session: ClientSession, raw: unknown): void {
    if (this.#session !== session) return;
    session.silentPings = 0;
    try {
      this.#handle(session, parseFrame(raw, session.welcome === undefined));
    } catch (error) {
      if (!(error instanceof MeshError)) throw error;
      this.#down(session, error);
    }
  }

  #handle(session: ClientSession, frame: HostFrame): void {
    switch (frame.kind) {
      case "welcome":
        this.#welcomed(session, frame);
        break;
      case "reply":
        this.#replied(frame.id, frame.result);
        break;
      case "failure":
        this.#settle(frame.id)?.reject(MeshError.from(frame.error));
        break;
      case "push":
        this.#pushed(frame.id, frame.push);
        break;
      case "end": {
        const stream = this.#streams.get(frame.id);
        this.#streams.delete(frame.id);
        stream?.listener.end?.(frame.error && MeshError.from(frame.error));
        break;
      }
      case "bye":
        this.#down(session, MeshError.from(frame.error));
        break;
      case "pong":
        break;
      default:
        frame satisfies never;
    }
  }

  #welcomed(session: ClientSession, frame: Extract<HostFrame, { kind: "welcome" }>): void {
    const { host, instance, session: id, role } = frame;
    session.welcome = { host, instance, session: id, role };
    const sameHost = this.#instance === instance;
    this.#instance = instance;
    for (const [id, stream] of this.#streams) {
      stream.consumed = 0;
      const params = stream.reader.resume(sameHost);
      this.#send({ kind: "subscribe", id, topic: stream.topic, params });
    }
    session.listener.welcome(session.welcome);
  }

  #settle(id: number): PendingRequest | undefined {
    const request = this.#pending.get(id);
    request?.cancelTimeout();
    this.#pending.delete(id);
    return request;
  }

  #replied(id: number, raw: unknown): void {
    const request = this.#settle(id);
    if (request === undefined) return;
    const result = METHODS[request.method].result.safeParse(raw);
    if (result.success) request.resolve(result.data as never);
    else
      request.reject(new MeshError("bad-frame", `The answer to ${request.method} is malformed.`));
  }

  #pushed(id: number, raw: unknown): void {
    const stream = this.#streams.get(id);
    if (stream === undefined) return;
    const push = stream.reader.read(raw);
    stream.listener.push(push);
    if (stream.manual || !("kind" in push) || push.kind !== "events") return;
    stream.consumed += push.events.length;
    if (stream.consumed < CREDIT_PORTION) return;
    this.#send({ kind: "credit", id, events: stream.consumed });
    stream.consumed = 0;
  }
}

/** Methods that may have had their effect although no answer came. */
const CHANGES: ReadonlySet<Method> = new Set<Method>([
  "meshes.open",
  "meshes.close",
  "mesh.command",
  "mesh.fork",
  "runs.save",
  "runs.delete",
  "settings.set",
]);

function parseFrame(raw: unknown, greeting: boolean): HostFrame {
  const welcome = anyWelcomeSchema.safeParse(raw);
  if (welcome.success && welcome.data.protocol !== PROTOCOL_VERSION) {
    const theirs = welcome.data.protocol;
    const older = theirs < PROTOCOL_VERSION ? "host" : "console";
    const message = `The host speaks protocol ${theirs}, this console ${PROTOCOL_VERSION}; update the ${older}.`;
    throw new MeshError("version-mismatch", message);
  }
  const frame = hostFrameSchema.safeParse(raw);
  const expected = !greeting || frame.data?.kind === "welcome" || frame.data?.kind === "bye";
  if (frame.success && expected && (greeting || frame.data.kind !== "welcome")) return frame.data;
  const message = "The host sent a frame that the protocol does not know.";
  throw new MeshError("bad-frame", message, { retryable: true });
}

function lost(): MeshError {
  return new MeshError("disconnected", "The connection to the host was lost.", { retryable: true });
}

function closedByUs(): MeshError {
  return new MeshError("closed", "The connection was closed here.");
}

function silent(): MeshError {
  const seconds = (PING_MS * MAX_SILENT_PINGS) / 1_000;
  const message = `The host has been silent for ${seconds} s.`;
  return new MeshError("timeout", message, { retryable: true });
}

function unanswered(method: Method, cause: MeshError): MeshError {
  const unsure = CHANGES.has(method);
  const doubt = unsure ? " Whether it was carried out is not known." : "";
  const message = `The connection was lost before the host answered ${method}.${doubt}`;
  return new MeshError("disconnected", message, { retryable: !unsure, cause });
}
