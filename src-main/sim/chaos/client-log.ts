/** The requests of a run as a history for the linearizability checker: one JSON object a line. */
import type { MeshEvent } from "#shared/contract/events.ts";
import type { MeshCommand } from "#shared/contract/commands.ts";

/** Refusals after which the request will never be carried out. */
const DEFINITE: ReadonlySet<string> = new Set([
  "read-only",
  "no-leader",
  "not-a-member",
  "not-supported",
  "too-large",
  "busy",
  "conflict",
  "bad-request",
]);

interface Asked {
  readonly f: "read" | "write" | "cas";
  readonly key: string;
  readonly value: unknown;
}

/** Every request is a process of its own: a client that was left without an answer asks no more. */
export class ClientLog {
  readonly lines: string[] = [JSON.stringify({ model: "register" })];
  readonly #asked = new Map<string, Asked>();
  #next: Asked | undefined;

  /** Before the command is given: the request that the mesh takes in next is this one. */
  asks(command: MeshCommand): void {
    this.#next = askedOf(command);
  }

  observe(event: MeshEvent): void {
    if (event.type === "request.submitted" && this.#next !== undefined) {
      this.#asked.set(event.request, this.#next);
      this.#write("invoke", event.request, this.#next);
      this.#next = undefined;
    }
    if (event.type === "request.answered") {
      const asked = this.#asked.get(event.request);
      if (asked !== undefined) {
        this.#asked.delete(event.request);
        this.#end(event.request, asked, event.code, event.value);
      }
    }
  }

  /** The whole history; what was not answered stays open. */
  text(): string {
    return `${this.lines.join("\n")}\n`;
  }

  #end(request: string, asked: Asked, code: string, value: string | undefined): void {
    if (asked.f === "read") {
      const known = code === "ok" || code === "not-found";
      return this.#write(known ? "ok" : "fail", request, { ...asked, value: value ?? null });
    }
    if (code === "ok") {
      return this.#write("ok", request, asked);
    }
    this.#write(DEFINITE.has(code) ? "fail" : "info", request, asked);
  }

  #write(type: string, process: string, asked: Asked): void {
    this.lines.push(JSON.stringify({ type, process, ...asked }));
  }
}

function askedOf(command: MeshCommand): Asked | undefined {
  switch (command.type) {
    case "memory.read":
      return { f: "read", key: command.key, value: null };
    case "memory.write":
      return command.expect === undefined
        ? { f: "write", key: command.key, value: command.value }
        : { f: "cas", key: command.key, value: [command.expect, command.value] };
    default:
      return undefined;
  }
}
