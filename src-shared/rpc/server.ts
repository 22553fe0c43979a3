/**
 * The host's end of one session. Sans-IO: frames come and go through a channel, time through
 * timers, everything else through the `HostPort`.
 */
import { z } from "zod";
import { type Role, roleAllows } from "../contract/commands.ts";
import { MeshError } from "../contract/errors.ts";
import {
  type ClientFrame,
  clientFrameSchema,
  type HostFrame,
  METHODS,
  type Method,
  PROTOCOL_VERSION,
} from "../contract/protocol.ts";
import type { Channel, Timers } from "./channel.ts";
import type { HostPort, SessionInfo } from "./host-port.ts";
import { STREAM_LIMITS, type StreamLimits } from "./mesh-stream.ts";
import { type OpenedStream, openStream } from "./open-stream.ts";
import type { Outlet } from "./stream.ts";

export const HELLO_TIMEOUT_MS = 10_000;
export const MAX_PENDING_REQUESTS = 64;
export const MAX_SUBSCRIPTIONS = 64;
/** Pushes of this long are put into one batch. */
const FLUSH_MS = 10;
/** While the wire is full. */
const RETRY_MS = 50;
/** Clients ping every 5 s; after three silent spans nothing is pushed until they speak again. */
const SPAN_MS = 5_000;
const MAX_SILENT_SPANS = 3;

export interface SessionOptions {
  readonly host: HostPort;
  readonly timers: Timers;
  /** Name and version of the host software, for the `welcome`. */
  readonly name: string;
  /** Of this run of the host. */
  readonly instance: string;
  readonly session: string;
  readonly onEnd: () => void;
  readonly limits?: StreamLimits;
}

const greetingSchema = z.looseObject({ kind: z.literal("hello"), protocol: z.number().int() });

export class Session {
  readonly #channel: Channel;
  readonly #options: SessionOptions;
  readonly #streams = new Map<number, OpenedStream>();
  readonly #pending = new Set<number>();
  #state: "new" | "authorising" | "open" | "closed" = "new";
  #info: SessionInfo | undefined;
  #silentSpans = 0;
  #cancelSpan: () => void;
  #cancelFlush: (() => void) | undefined;

  constructor(channel: Channel, options: SessionOptions) {
    this.#channel = channel;
    this.#options = options;
    this.#cancelSpan = options.timers.after(HELLO_TIMEOUT_MS, () => this.#greetingTimedOut());
    channel.onFrame((frame) => this.#receive(frame));
    channel.onClose(() => this.#ended());
  }

  /** Absent until the client was let in. */
  get info(): SessionInfo | undefined {
    return this.#info;
  }

  /** Tells the client why, then closes the channel. */
  close(error: MeshError): void {
    if (this.#state === "closed") return;
    this.#send({ kind: "bye", error: error.toData() });
    this.#channel.close();
    this.#ended();
  }

  /** A mesh was closed: its streams end. */
  endMesh(mesh: string, error: MeshError): void {
    for (const [id, subscription] of this.#streams) {
      if (subscription.mesh === mesh) this.#endStream(id, error);
    }
  }

  #greetingTimedOut(): void {
    this.close(new MeshError("timeout", "The client did not say hello in time.", RETRYABLE));
  }

  #ended(): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#cancelSpan();
    this.#cancelFlush?.();
    for (const { stream } of this.#streams.values()) stream.stop();
    this.#streams.clear();
    this.#options.onEnd();
  }

  #send(frame: HostFrame): void {
    if (this.#state !== "closed") this.#channel.send(frame);
  }

  #receive(raw: unknown): void {
    if (this.#state === "closed") return;
    const wasSilent = this.#silentSpans >= MAX_SILENT_SPANS;
    this.#silentSpans = 0;
    if (wasSilent) this.#schedule(FLUSH_MS);
    if (this.#state === "new") {
      this.#greet(raw);
      return;
    }
    const frame = clientFrameSchema.safeParse(raw);
    if (!frame.success || this.#state !== "open" || frame.data.kind === "hello") {
      this.close(badFrame(frame.error));
      return;
    }
    this.#handle(frame.data);
  }

  #greet(raw: unknown): void {
    const greeting = greetingSchema.safeParse(raw);
    if (greeting.success && greeting.data.protocol !== PROTOCOL_VERSION) {
      this.close(versionMismatch(greeting.data.protocol));
      return;
    }
    const hello = clientFrameSchema.safeParse(raw);
    if (!hello.success || hello.data.kind !== "hello") {
      this.close(badFrame(hello.error));
      return;
    }
    this.#state = "authorising";
    const { client, token } = hello.data;
    void this.#authorise(client, token);
  }

  async #authorise(client: string, token: string | undefined): Promise<void> {
    try {
      const role = await this.#options.host.authorise({ client, token });
      if (this.#state === "authorising") this.#welcome(client, role);
    } catch (error) {
      this.close(this.#meshError(error));
    }
  }

  #welcome(client: string, role: Role): void {
    const { name, instance, session } = this.#options;
    this.#state = "open";
    this.#info = { id: session, role, client };
    this.#cancelSpan();
    this.#watchSilence();
    this.#send({
      kind: "welcome",
      protocol: PROTOCOL_VERSION,
      instance,
      host: name,
      session,
      role,
    });
  }

  #watchSilence(): void {
    this.#cancelSpan = this.#options.timers.after(SPAN_MS, () => {
      this.#silentSpans += 1;
      this.#watchSilence();
    });
  }

  #handle(frame: Exclude<ClientFrame, { kind: "hello" }>): void {
    switch (frame.kind) {
      case "request":
        this.#startRequest(frame.id, frame.method, frame.params);
        break;
      case "subscribe":
        this.#subscribe(frame.id, frame.topic, frame.params);
        break;
      case "credit":
        this.#streams.get(frame.id)?.stream.grant(frame.events);
        this.#schedule(FLUSH_MS);
        break;
      case "cancel":
        this.#streams.get(frame.id)?.stream.stop();
        this.#streams.delete(frame.id);
        break;
      case "ping":
        this.#send({ kind: "pong", id: frame.id });
        break;
      default:
        frame satisfies never;
    }
  }

  #startRequest(id: number, method: string, params: unknown): void {
    if (this.#isTaken(id)) return;
    if (this.#pending.size >= MAX_PENDING_REQUESTS) {
      const message = `More than ${MAX_PENDING_REQUESTS} requests wait for their answer.`;
      const error = new MeshError("limit-reached", message, RETRYABLE);
      this.#send({ kind: "failure", id, error: error.toData() });
      return;
    }
    this.#pending.add(id);
    void this.#request(id, method, params);
  }

  async #request(id: number, method: string, params: unknown): Promise<void> {
    try {
      const result = await this.#carryOut(method, params);
      this.#send({ kind: "reply", id, result });
    } catch (error) {
      this.#send({ kind: "failure", id, error: this.#meshError(error).toData() });
    } finally {
      this.#pending.delete(id);
    }
  }

  async #carryOut(name: string, raw: unknown): Promise<unknown> {
    if (!Object.hasOwn(METHODS, name)) {
      throw new MeshError("unknown-method", `This host has no method "${name}".`);
    }
    const method = name as Method;
    const info = this.#requireInfo();
    const needed = METHODS[method].role;
    if (!roleAllows(info.role, needed)) {
      const message = `${method} needs the role ${needed}; this session has ${info.role}.`;
      const error = new MeshError("forbidden", message);
      this.#options.host.refused({ method, params: raw, error }, info);
      throw error;
    }
    const params = METHODS[method].params.safeParse(raw);
    if (!params.success) throw badParams(method, params.error);
    return this.#options.host.request(method, params.data, info);
  }

  #subscribe(id: number, topic: string, params: unknown): void {
    if (this.#isTaken(id)) return;
    try {
      if (this.#streams.size >= MAX_SUBSCRIPTIONS) {
        const message = `A session has at most ${MAX_SUBSCRIPTIONS} streams.`;
        throw new MeshError("limit-reached", message);
      }
      const { host, limits = STREAM_LIMITS } = this.#options;
      const changed = () => this.#schedule(FLUSH_MS);
      const context = { host, session: this.#requireInfo(), changed, limits };
      this.#streams.set(id, openStream(topic, params, context));
      this.#schedule(0);
    } catch (error) {
      this.#send({ kind: "end", id, error: this.#meshError(error).toData() });
    }
  }

  /** An id names one thing at a time; a client that loses count is not to be trusted further. */
  #isTaken(id: number): boolean {
    const taken = this.#pending.has(id) || this.#streams.has(id);
    if (taken) this.close(new MeshError("bad-frame", `The id ${id} is already in use.`));
    return taken;
  }

  #requireInfo(): SessionInfo {
    if (this.#info === undefined) throw new Error("a session without a welcome handles nothing");
    return this.#info;
  }

  #endStream(id: number, error: MeshError): void {
    const subscription = this.#streams.get(id);
    if (subscription === undefined) return;
    subscription.stream.stop();
    this.#streams.delete(id);
    this.#send({ kind: "end", id, error: error.toData() });
  }

  #schedule(ms: number): void {
    if (this.#state === "closed" || this.#cancelFlush !== undefined) return;
    this.#cancelFlush = this.#options.timers.after(ms, () => {
      this.#cancelFlush = undefined;
      this.#flush();
    });
  }

  /** A stream that fails ends alone; the others go on. */
  #flush(): void {
    let blocked = false;
    for (const [id, { stream }] of this.#streams) {
      try {
        blocked = stream.flush(this.#outlet(id)) || blocked;
      } catch (error) {
        this.#endStream(id, this.#meshError(error));
      }
    }
    // A silent client wakes the streams itself when it is heard of again.
    if (blocked && this.#silentSpans < MAX_SILENT_SPANS) this.#schedule(RETRY_MS);
  }

  #outlet(id: number): Outlet {
    return {
      ready: () => this.#silentSpans < MAX_SILENT_SPANS && this.#channel.congested?.() !== true,
      push: (push) => this.#send({ kind: "push", id, push }),
    };
  }

  #meshError(error: unknown): MeshError {
    if (error instanceof MeshError) return error;
    this.#options.host.defect(error);
    return new MeshError("internal", "Something failed inside the host; its log says more.");
  }
}

const RETRYABLE = { retryable: true };

function badFrame(error: z.ZodError | undefined): MeshError {
  const [issue] = error?.issues ?? [];
  const where = issue === undefined ? "" : `: ${issue.path.join(".")} ${issue.message}`;
  const message = `The client sent a frame that the protocol does not know${where}`;
  return new MeshError("bad-frame", message.slice(0, 500));
}

function versionMismatch(theirs: number): MeshError {
  const older = theirs < PROTOCOL_VERSION ? "client" : "host";
  const message = `The client speaks protocol ${theirs}, this host ${PROTOCOL_VERSION}; update the ${older}.`;
  return new MeshError("version-mismatch", message, {
    details: { client: theirs, host: PROTOCOL_VERSION },
  });
}

function badParams(method: Method, { issues }: z.ZodError): MeshError {
  const code =
    method === "mesh.command"
      ? "bad-command"
      : method === "meshes.open"
        ? "bad-options"
        : "bad-frame";
  const [issue] = issues;
  const message = `${method}: ${issue?.path.join(".") ?? ""}: ${issue?.message ?? "not valid"}`;
  const details = { problems: issues.slice(0, 20).map(({ path, message }) => ({ path, message })) };
  return new MeshError(code, message.slice(0, 500), { details });
}
