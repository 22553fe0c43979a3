/** Keeps attached to an agent: tries again after every end, ever more patiently. */
import type { ConnectionState } from "#shared/contract/description.ts";
import { MeshError } from "#shared/contract/errors.ts";
import { backoffMs } from "#shared/rpc/reconnect.ts";
import { type AgentHandlers, AgentSession, type AgentSessionOptions } from "./agent-session.ts";

/** The agent is usually next door: an hour's outage must not cost half a minute of waiting. */
const RETRY_CAP_MS = 5_000;
const RETRY_LEAST_MS = 250;

export interface AgentLinkOptions extends AgentSessionOptions {
  /** From 0 up to 1. */
  readonly random: () => number;
}

export interface LinkHandlers extends Omit<AgentHandlers, "ended"> {
  state(state: ConnectionState): void;
}

export class AgentLink {
  readonly #options: AgentLinkOptions;
  readonly #handlers: LinkHandlers;
  #session: AgentSession | undefined;
  #timer: NodeJS.Timeout | undefined;
  #attempt = 0;
  #closed = false;

  constructor(options: AgentLinkOptions, handlers: LinkHandlers) {
    this.#options = options;
    this.#handlers = handlers;
  }

  /** The first attempt: rejects, and does not try again, when it fails. */
  async open(): Promise<void> {
    await this.#connect();
  }

  /** Throws `MeshError` "disconnected" while there is none. */
  get session(): AgentSession {
    if (this.#session !== undefined) return this.#session;
    const message = "The Serf agent cannot be reached right now; try again when it is back.";
    throw new MeshError("disconnected", message, { retryable: true });
  }

  hint(): void {
    this.#session?.hint();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#session?.close();
    this.#session = undefined;
  }

  async #connect(): Promise<void> {
    const handlers = { ...this.#handlers, ended: (error: MeshError) => this.#failed(error) };
    const session = await AgentSession.open(this.#options, handlers);
    if (this.#closed) {
      session.close();
      return;
    }
    this.#session = session;
    this.#attempt = 0;
    this.#handlers.state({ state: "live" });
  }

  #failed(error: MeshError): void {
    this.#session = undefined;
    if (this.#closed) return;
    if (!error.retryable) {
      this.#handlers.state({ state: "stopped", reason: error.message.slice(0, 512) });
      return;
    }
    this.#attempt += 1;
    const drawn = backoffMs(this.#attempt, this.#options.random());
    const retryInMs = Math.min(RETRY_CAP_MS, RETRY_LEAST_MS + drawn);
    const reason = error.message.slice(0, 512);
    this.#handlers.state({ state: "reconnecting", retryInMs, attempt: this.#attempt, reason });
    this.#timer = setTimeout(() => {
      this.#connect().catch((cause: unknown) => this.#failed(cause as MeshError));
    }, retryInMs);
  }
}
