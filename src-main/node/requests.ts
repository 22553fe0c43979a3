/**
 * What persons and programs asked of this node and was not answered yet. Every request that was
 * taken in ends in exactly one `request.answered`, unless the node dies first.
 */
import type { RequestCode } from "#shared/contract/state-events.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import type { Micros } from "#main/kernel/time.ts";
import type { Outbox } from "./outbox.ts";

/** Requests under way at one node; one more is refused as "busy". */
export const MAX_REQUESTS = 1_024;
const MAX_TEXT = 512;

export interface RequestAnswer {
  readonly code: RequestCode;
  readonly message?: string;
  readonly index?: number;
  readonly value?: string;
  readonly siblings?: string[];
  readonly stale?: boolean;
}

interface Open {
  readonly request: string;
  readonly commandId: number;
  readonly since: Micros;
}

export class Requests {
  readonly #self: NodeId;
  readonly #outbox: Outbox;
  readonly #open = new Map<number, Open>();
  /** The command whose step is under way: refused at once, it is refused to whoever gave it. */
  #current: number | null = null;

  constructor(self: NodeId, outbox: Outbox) {
    this.#self = self;
    this.#outbox = outbox;
  }

  /** Takes a request in and has it handled; the command is answered before this returns. */
  submit(
    command: { readonly id: number; readonly what: string; readonly text: string },
    now: Micros,
    handle: () => void,
  ): void {
    const { id, what } = command;
    if (this.#open.size >= MAX_REQUESTS) {
      const message = `${this.#self} has ${MAX_REQUESTS} requests under way; try again later`;
      return this.#outbox.answer(id, { ok: false, code: "busy", message });
    }
    const request = requestName(id);
    this.#open.set(id, { request, commandId: id, since: now });
    const text = command.text.slice(0, MAX_TEXT);
    this.#outbox.emit({ type: "request.submitted", node: this.#self, request, what, text });
    this.#current = id;
    handle();
    if (this.#current === id) {
      this.#outbox.answer(id, { ok: true });
    }
    this.#current = null;
  }

  /** `tookUs` is by this node's clock. Answers to requests of nobody are ignored. */
  answer(id: number, answer: RequestAnswer, now: Micros): void {
    const open = this.#open.get(id);
    if (open === undefined) {
      return;
    }
    this.#open.delete(id);
    const { request, since } = open;
    const tookUs = Math.max(0, now - since);
    this.#outbox.emit({ type: "request.answered", node: this.#self, request, ...answer, tookUs });
    if (this.#current === id) {
      this.#current = null;
      this.#outbox.answer(
        id,
        answer.code === "ok" || answer.code === "not-found" || answer.code === "conflict"
          ? { ok: true }
          : { ok: false, code: answer.code, message: answer.message ?? answer.code },
      );
    }
  }
}

/** What the command with this number is called in the event stream. */
export function requestName(id: number): string {
  return `r${id}`;
}
