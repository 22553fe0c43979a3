/** The requests that a replica waits for, and the timer by which a backup judges its primary. */
import type { NodeId } from "#main/kernel/machine.ts";
import type { Micros } from "#main/kernel/time.ts";
import type { Replica } from "./replica.ts";
import type { ReplyContent } from "./state.ts";
import type { Request } from "./types.ts";

export function requestKey(request: Request): string {
  return `${request.sender}/${request.life}:${request.sequence}`;
}

export class Requests {
  readonly #replica: Replica;
  readonly #reply: (request: Request, content: ReplyContent) => void;
  /** Oldest first. */
  readonly #pending = new Map<string, Request>();
  readonly #perClient = new Map<NodeId, number>();
  readonly #since = new Map<string, Micros>();
  #dropped = 0;
  #slowest: Micros = 0;

  constructor(replica: Replica, reply: (request: Request, content: ReplyContent) => void) {
    this.#replica = replica;
    this.#reply = reply;
  }

  get size(): number {
    return this.#pending.size;
  }

  /** Requests that found no room. */
  get dropped(): number {
    return this.#dropped;
  }

  /** The longest that an executed request took here: shows a primary just below the timers. */
  get slowest(): Micros {
    return this.#slowest;
  }

  get oldest(): string | null {
    const [first] = this.#pending.keys();
    return first ?? null;
  }

  has(key: string): boolean {
    return this.#pending.has(key);
  }

  all(): Iterable<Request> {
    return this.#pending.values();
  }

  /** A client's own request (`from` is the client, or this node), or one that a backup passed on. */
  receive(from: NodeId, request: Request): void {
    const { self, primary, leads, active } = this.#replica;
    if (this.#pending.has(requestKey(request))) {
      return;
    }
    if (from !== self && !this.#replica.verify(request)) {
      this.#replica.reject(from, "bad signature of a request");
      return;
    }
    if (request.payload.length > this.#replica.options.maxCommandBytes) {
      this.#replica.reject(from, "a request beyond the limit");
      return;
    }
    const known = this.#replica.state.recall(request);
    if (known !== null) {
      this.#reply(request, known);
      return;
    }
    if (!this.#add(request)) {
      this.#dropped++;
      return;
    }
    if (!leads && active && from === request.sender) {
      this.#replica.send(primary, request);
    }
  }

  executed(request: Request): void {
    const key = requestKey(request);
    const since = this.#since.get(key) ?? this.#replica.now;
    this.#slowest = Math.max(this.#slowest, this.#replica.now - since);
    this.#remove(key);
  }

  /** After the state jumped ahead: what it executed is waited for no more. */
  prune(): void {
    for (const [key, request] of this.#pending) {
      if (this.#replica.state.recall(request) !== null) {
        this.#remove(key);
      }
    }
  }

  #add(request: Request): boolean {
    const { maxRequests, maxRequestsPerClient } = this.#replica.options;
    const mine = this.#perClient.get(request.sender) ?? 0;
    if (this.#pending.size >= maxRequests || mine >= maxRequestsPerClient) {
      return false;
    }
    this.#perClient.set(request.sender, mine + 1);
    this.#pending.set(requestKey(request), request);
    this.#since.set(requestKey(request), this.#replica.now);
    return true;
  }

  #remove(key: string): void {
    const request = this.#pending.get(key);
    if (request === undefined) {
      return;
    }
    this.#pending.delete(key);
    this.#since.delete(key);
    const rest = (this.#perClient.get(request.sender) ?? 1) - 1;
    if (rest === 0) {
      this.#perClient.delete(request.sender);
    } else {
      this.#perClient.set(request.sender, rest);
    }
  }
}
