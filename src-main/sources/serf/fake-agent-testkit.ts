/** A scripted Serf agent on loopback: as much of the RPC as the source needs, and bad manners. */
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { Packr } from "msgpackr";
import { ValueSplitter } from "./value-splitter.ts";

const packr = new Packr({ useRecords: false, variableMapSize: true });

export interface FakeMember {
  readonly name: string;
  readonly status: "alive" | "leaving" | "left" | "failed";
  readonly tags?: Record<string, string>;
}

export interface FakeRequest {
  readonly command: string;
  readonly body: Record<string, unknown>;
}

export const pack = (...values: readonly unknown[]): Buffer =>
  Buffer.concat(values.map((value) => packr.pack(value)));

export const header = (seq: number, error = ""): object => ({ Error: error, Seq: seq });

export const wireMember = ({ name, status, tags = {} }: FakeMember): object => ({
  Name: name,
  Addr: Buffer.from([127, 0, 0, 1]),
  Port: 7946,
  Tags: tags,
  Status: status,
  ProtocolMin: 1,
});

const BODY_COMMANDS = new Set(["handshake", "auth", "stream", "monitor", "event", "force-leave"]);

export class FakeAgent {
  name = "a";
  authKey: string | undefined;
  healthScore = "0";
  members: readonly FakeMember[] = [
    { name: "a", status: "alive" },
    { name: "b", status: "alive", tags: { zone: "z1" } },
  ];
  /** Answers nothing to these. */
  readonly silentTo = new Set<string>();
  /** Answers bytes of its own to these. */
  readonly instead = new Map<string, Buffer>();
  readonly requests: FakeRequest[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #streams = new Map<Socket, { readonly kind: string; readonly seq: number }>();
  #server: Server | undefined;
  port = 0;

  async listen(): Promise<void> {
    const server = createServer((socket) => this.#serve(socket));
    server.listen(this.port, "127.0.0.1");
    await once(server, "listening");
    this.#server = server;
    this.port = (server.address() as { port: number }).port;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    server.close();
    await once(server, "close");
  }

  get connections(): number {
    return this.#sockets.size;
  }

  /** Pushes a record to everyone who opened such a stream. */
  push(kind: "stream" | "monitor", record: object): void {
    for (const [socket, stream] of this.#streams) {
      if (stream.kind === kind) socket.write(pack(header(stream.seq), record));
    }
  }

  /** Bytes as they are, to everyone. */
  say(bytes: Uint8Array): void {
    for (const socket of this.#sockets) socket.write(bytes);
  }

  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket);
    const splitter = new ValueSplitter();
    let waiting: { readonly Command: string; readonly Seq: number } | undefined;
    socket.on("error", () => undefined);
    socket.on("close", () => {
      this.#sockets.delete(socket);
      this.#streams.delete(socket);
    });
    socket.on("data", (chunk) => {
      for (const bytes of splitter.push(chunk)) {
        const value = packr.unpack(bytes) as Record<string, unknown>;
        const head = waiting ?? (value as { Command: string; Seq: number });
        const needsBody = waiting === undefined && BODY_COMMANDS.has(head.Command);
        waiting = needsBody ? head : undefined;
        if (!needsBody) this.#answer(socket, head, value);
      }
    });
  }

  #answer(
    socket: Socket,
    { Command: command, Seq: seq }: { readonly Command: string; readonly Seq: number },
    body: Record<string, unknown>,
  ): void {
    this.requests.push({ command, body });
    if (this.silentTo.has(command)) return;
    const instead = this.instead.get(command);
    if (instead !== undefined) socket.write(instead);
    else socket.write(pack(...this.#reply(socket, { command, seq, body })));
  }

  #reply(socket: Socket, request: FakeRequest & { readonly seq: number }): readonly unknown[] {
    const { command, seq, body } = request;
    const error = this.#refusal(socket, request);
    if (error !== "") return [header(seq, error)];
    switch (command) {
      case "members":
        return [header(seq), { Members: this.members.map(wireMember) }];
      case "stats":
        return [header(seq), { agent: { name: this.name }, serf: this.#serfStats() }];
      case "stream":
      case "monitor":
        this.#streams.set(socket, { kind: command, seq });
        return [header(seq)];
      case "event":
        return [header(seq), ...this.#userEvent(socket, body)];
      default:
        return [header(seq)];
    }
  }

  #serfStats(): object {
    return { health_score: this.healthScore, members: String(this.members.length) };
  }

  #userEvent(socket: Socket, { Name, Payload }: Record<string, unknown>): readonly unknown[] {
    const stream = this.#streams.get(socket);
    if (stream === undefined) return [];
    return [header(stream.seq), { Event: "user", LTime: 7, Name, Payload, Coalesce: false }];
  }

  readonly #known = new WeakSet<Socket>();

  #refusal(socket: Socket, { command, body }: FakeRequest): string {
    if (command === "auth") {
      if (body["AuthKey"] !== this.authKey) return "Invalid authentication token";
      this.#known.add(socket);
    }
    const open = command === "handshake" || this.authKey === undefined || this.#known.has(socket);
    return open ? "" : "Authentication required";
  }
}
