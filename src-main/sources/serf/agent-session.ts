/**
 * One attachment to an agent, from connecting to the first thing that goes wrong: the member list
 * as state, its events and log as hints to look at the list again.
 */
import type { MeshError } from "#shared/contract/errors.ts";
import { RpcConnection, type RpcTarget } from "./rpc-connection.ts";
import {
  type AgentStats,
  parseLog,
  parseMembers,
  parseStats,
  parseStreamRecord,
  type SerfMember,
  type StreamRecord,
} from "./records.ts";

export interface AgentHandlers {
  stats(stats: AgentStats): void;
  members(members: readonly SerfMember[]): void;
  record(record: StreamRecord): void;
  log(line: string): void;
  ended(error: MeshError): void;
}

export interface AgentSessionOptions extends RpcTarget {
  /** How often to look without a hint; longer for large clusters. */
  readonly pollMs: number;
}

/** A list of n members is asked for at most every n times this. */
const POLL_PER_MEMBER_MS = 2;
const STATS_EVERY_POLLS = 3;

export class AgentSession {
  readonly #options: AgentSessionOptions;
  readonly #handlers: AgentHandlers;
  #control: RpcConnection | undefined;
  #monitor: RpcConnection | undefined;
  #timer: NodeJS.Timeout | undefined;
  #polls = 0;
  #looking: Promise<void> | undefined;
  #lookAgain = false;
  #ended = false;

  private constructor(options: AgentSessionOptions, handlers: AgentHandlers) {
    this.#options = options;
    this.#handlers = handlers;
  }

  /** Resolves once `stats` and `members` were called for the first time. */
  static async open(options: AgentSessionOptions, handlers: AgentHandlers): Promise<AgentSession> {
    const session = new AgentSession(options, handlers);
    try {
      await session.#open();
      return session;
    } catch (error) {
      session.close();
      throw error;
    }
  }

  /** Looks at the member list soon; resolves when it was seen. */
  look(): Promise<void> {
    if (this.#looking === undefined) {
      this.#looking = this.#look().finally(() => {
        this.#looking = undefined;
      });
    } else {
      this.#lookAgain = true;
    }
    return this.#looking;
  }

  async forceLeave(name: string, prune: boolean): Promise<void> {
    const body = prune ? { Node: name, Prune: true } : { Node: name };
    await this.#control?.request("force-leave", "maybe", body);
  }

  async userEvent(name: string, payload: Uint8Array, coalesce: boolean): Promise<void> {
    const body = { Name: name, Payload: payload, Coalesce: coalesce };
    await this.#control?.request("event", "nothing", body);
  }

  close(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#control?.close();
    this.#monitor?.close();
  }

  async #open(): Promise<void> {
    const ended = (error: MeshError): void => this.#end(error);
    this.#control = await RpcConnection.open(this.#options, ended);
    this.#handlers.stats(parseStats(await this.#control.request("stats", "body")));
    // Before the list, so that no change falls between them.
    await this.#control.stream("stream", { Type: "*" }, (record) => this.#record(record));
    await this.look();
    this.#monitor = await RpcConnection.open(this.#options, ended);
    await this.#monitor.stream("monitor", { LogLevel: "DEBUG" }, (record) =>
      this.#handlers.log(parseLog(record)),
    );
  }

  #record(record: unknown): void {
    const parsed = parseStreamRecord(record);
    this.#handlers.record(parsed);
    if (parsed.kind === "members") this.hint();
  }

  /** Something changed: look, but nobody waits for it. */
  hint(): void {
    this.look().catch((error: unknown) => this.#end(error as MeshError));
  }

  async #look(): Promise<void> {
    do {
      this.#lookAgain = false;
      const members = parseMembers(await this.#control?.request("members", "body"));
      if (this.#ended) return;
      this.#handlers.members(members);
      this.#schedule(members.length);
    } while (this.#lookAgain);
  }

  #schedule(members: number): void {
    clearTimeout(this.#timer);
    const { pollMs } = this.#options;
    this.#timer = setTimeout(
      () => {
        this.#poll().catch((error: unknown) => this.#end(error as MeshError));
      },
      Math.max(pollMs, members * POLL_PER_MEMBER_MS),
    );
  }

  async #poll(): Promise<void> {
    this.#polls += 1;
    if (this.#polls % STATS_EVERY_POLLS === 0) {
      const stats = parseStats(await this.#control?.request("stats", "body"));
      if (!this.#ended) this.#handlers.stats(stats);
    }
    await this.look();
  }

  #end(error: MeshError): void {
    if (this.#ended) return;
    this.close();
    this.#handlers.ended(error);
  }
}
