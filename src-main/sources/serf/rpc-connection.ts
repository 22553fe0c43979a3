/** One connection to an agent: an `RpcSession` over a socket, with deadlines. */
import { connect, type Socket } from "node:net";
import { MeshError } from "#shared/contract/errors.ts";
import type { SerfAddress } from "./address.ts";
import { type Answer, RpcSession, type SessionOutput } from "./rpc-session.ts";

export interface RpcTarget {
  readonly address: SerfAddress;
  readonly authKey: string | undefined;
  /** For connecting, and for each answer. */
  readonly timeoutMs: number;
}

interface Waiting {
  readonly resolve: (body: unknown) => void;
  readonly reject: (error: MeshError) => void;
  readonly timer: NodeJS.Timeout;
  readonly onRecord: ((record: unknown) => void) | undefined;
}

const KEEP_ALIVE_MS = 15_000;
const HANG_UP_MS = 500;

export class RpcConnection {
  readonly #target: RpcTarget;
  readonly #socket: Socket;
  readonly #session = new RpcSession();
  readonly #waiting = new Map<number, Waiting>();
  readonly #records = new Map<number, (record: unknown) => void>();
  readonly #onEnd: (error: MeshError) => void;
  #ended: MeshError | undefined;

  private constructor(target: RpcTarget, socket: Socket, onEnd: (error: MeshError) => void) {
    this.#target = target;
    this.#socket = socket;
    this.#onEnd = onEnd;
    socket.setNoDelay(true);
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    socket.on("data", (chunk) => this.#received(chunk));
    socket.on("error", (error) => this.#end(this.#lost(error)));
    socket.on("close", () => this.#end(this.#lost()));
  }

  /**
   * Connects and introduces itself. `onEnd` is called once, later, when the connection is over.
   * Rejects with `MeshError` "unreachable", "timeout", "bad-token", "peer-protocol".
   */
  static async open(target: RpcTarget, onEnd: (error: MeshError) => void): Promise<RpcConnection> {
    let opened = false;
    const socket = await connectTo(target);
    const connection = new RpcConnection(target, socket, (error) => {
      if (opened) onEnd(error);
    });
    try {
      await connection.request("handshake", "nothing", { Version: 1 });
      await connection.#authenticate();
      opened = true;
      return connection;
    } catch (error) {
      connection.close();
      throw error;
    }
  }

  /** Rejects with the reason the agent gave, or why there was no answer. */
  request(command: string, answer: Exclude<Answer, "stream">, body?: object): Promise<unknown> {
    return this.#send({ command, answer, body, onRecord: undefined });
  }

  /** Resolves when the stream is open; `onRecord` gets what is pushed until the end. */
  async stream(command: string, body: object, onRecord: (record: unknown) => void): Promise<void> {
    await this.#send({ command, answer: "stream", body, onRecord });
  }

  close(): void {
    this.#end(new MeshError("closed", "The connection was closed here."));
  }

  async #authenticate(): Promise<void> {
    const { authKey } = this.#target;
    if (authKey !== undefined) await this.request("auth", "nothing", { AuthKey: authKey });
  }

  #send(request: {
    readonly command: string;
    readonly answer: Answer;
    readonly body: object | undefined;
    readonly onRecord: ((record: unknown) => void) | undefined;
  }): Promise<unknown> {
    const { command, answer, body, onRecord } = request;
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    const { timeoutMs } = this.#target;
    return new Promise((resolve, reject) => {
      const { seq, bytes } = this.#session.request(command, answer, body);
      // Without the answer nobody knows where in the stream of bytes the next one begins.
      const timer = setTimeout(() => this.#end(this.#late()), timeoutMs);
      this.#waiting.set(seq, { resolve, reject, timer, onRecord });
      this.#socket.write(bytes);
    });
  }

  #received(chunk: Uint8Array): void {
    if (this.#ended !== undefined) return;
    try {
      for (const output of this.#session.receive(chunk)) this.#output(output);
    } catch (error) {
      this.#end(error instanceof MeshError ? error : this.#lost(error));
    }
  }

  #output(output: SessionOutput): void {
    if (output.kind === "record") {
      this.#records.get(output.seq)?.(output.record);
      return;
    }
    const waiting = this.#waiting.get(output.seq);
    if (waiting === undefined) return;
    this.#waiting.delete(output.seq);
    clearTimeout(waiting.timer);
    if (output.kind === "refused") {
      waiting.reject(refusal(output.error));
      return;
    }
    if (waiting.onRecord !== undefined) this.#records.set(output.seq, waiting.onRecord);
    waiting.resolve(output.body);
  }

  #end(error: MeshError): void {
    if (this.#ended !== undefined) return;
    this.#ended = error;
    if (error.code === "closed") this.#hangUp();
    else this.#socket.destroy();
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(error);
    }
    this.#waiting.clear();
    this.#records.clear();
    this.#onEnd(error);
  }

  /** A reset would be an error in the agent's log: its end of the line comes first, but soon. */
  #hangUp(): void {
    this.#socket.end();
    this.#socket.setTimeout(HANG_UP_MS, () => this.#socket.destroy());
  }

  #late(): MeshError {
    const { address, timeoutMs } = this.#target;
    const message = `The Serf agent at ${address.shown} did not answer within ${timeoutMs / 1_000} s.`;
    return new MeshError("timeout", message, { retryable: true });
  }

  #lost(cause?: unknown): MeshError {
    const detail = cause instanceof Error ? `: ${cause.message}` : "";
    const message = `The Serf agent at ${this.#target.address.shown} closed the connection${detail}.`;
    return new MeshError("disconnected", message, { retryable: true, cause });
  }
}

function connectTo({ address, timeoutMs }: RpcTarget): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address.host, port: address.port });
    const fail = (detail: string, cause?: Error): void => {
      clearTimeout(timer);
      socket.destroy();
      const message = `No Serf agent answers at ${address.shown}: ${detail}.`;
      reject(new MeshError("unreachable", message, { retryable: true, cause }));
    };
    const timer = setTimeout(() => fail("no connection in time"), timeoutMs);
    const onError = (error: Error): void => fail(error.message || "no connection", error);
    socket.once("error", onError);
    socket.once("connect", () => {
      clearTimeout(timer);
      socket.off("error", onError);
      resolve(socket);
    });
  });
}

/** In Serf's words, except where a person needs another hint. */
function refusal(error: string): MeshError {
  if (error === "Authentication required") {
    const message = "This Serf agent wants its RPC key: give --auth-key or set MESHDECK_SERF_KEY.";
    return new MeshError("bad-token", message);
  }
  if (error === "Invalid authentication token") {
    return new MeshError("bad-token", "This Serf agent does not take that RPC key.");
  }
  const text = error.slice(0, 300);
  return new MeshError("invalid-state", `The Serf agent refused: ${text}.`, { retryable: true });
}
