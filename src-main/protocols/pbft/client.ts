/**
 * The client's half (section 4.1): signs requests, sends them to the primary and after a while to
 * everybody, and believes an answer when f + 1 replicas give the same.
 */
import type { ConsensusOutcome, ConsensusRefusal } from "#main/kernel/consensus.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import { type Micros, ms } from "#main/kernel/time.ts";
import { primaryOf } from "./quorum.ts";
import type { Replica } from "./replica.ts";
import { SESSIONS_PER_LIFE } from "./setup.ts";
import type { Reply, Request } from "./types.ts";

interface Order {
  readonly number: number;
  readonly operation: "command" | "read";
  readonly payload: Uint8Array;
  readonly giveUpAt: Micros;
}

interface Outstanding {
  /** Null for the opening of the session. */
  readonly order: Order | null;
  readonly request: Request;
  retryAt: Micros;
  /** The first answer of each member. */
  readonly replies: Map<NodeId, Reply>;
}

const EMPTY = new Uint8Array(0);

export class Client {
  readonly #replica: Replica;
  readonly #life: number;
  readonly #submit: (request: Request) => void;
  readonly #views = new Map<NodeId, number>();
  readonly #outstanding = new Map<number, Outstanding>();
  /** Orders that wait for the session to be open. */
  #waiting: Order[] = [];
  #session = 0;
  #state: "closed" | "opening" | "open" = "closed";
  #sequence = 0;
  /** All sequences up to here are answered or given up. */
  #answered = 0;

  /** `submit` hands a request to the replica of this node. */
  constructor(replica: Replica, life: number, submit: (request: Request) => void) {
    this.#replica = replica;
    this.#life = life;
    this.#submit = submit;
  }

  get due(): Micros | null {
    let due: Micros | null = null;
    for (const { retryAt, order } of this.#outstanding.values()) {
      due = Math.min(due ?? retryAt, retryAt, order?.giveUpAt ?? retryAt);
    }
    for (const { giveUpAt } of this.#waiting) {
      due = Math.min(due ?? giveUpAt, giveUpAt);
    }
    return due;
  }

  order(number: number, operation: "command" | "read", payload: Uint8Array): void {
    const { options, now } = this.#replica;
    if (payload.length > options.maxCommandBytes) {
      this.#refuse(number, "too-large", `more than ${options.maxCommandBytes} bytes`);
      return;
    }
    if (this.#outstanding.size + this.#waiting.length >= options.maxPendingRequests) {
      this.#refuse(number, "busy", "too many requests of this node are under way");
      return;
    }
    const giveUpAt = now + ms(options.requestTimeoutMs);
    const order = { number, operation, payload, giveUpAt };
    if (this.#state === "open") {
      this.#issue(order);
      return;
    }
    this.#waiting.push(order);
    if (this.#state === "closed") {
      this.#open();
    }
  }

  onReply(from: NodeId, reply: Reply): void {
    const replica = this.#replica;
    const { client, life, request, sender, view } = reply;
    const outstanding = this.#outstanding.get(request);
    if (client !== replica.self || life !== this.#clientLife() || outstanding === undefined) {
      return;
    }
    if (replica.placeOf(sender) === undefined) {
      replica.reject(from, "a reply of a node that is no member");
      return;
    }
    if (outstanding.replies.has(sender)) {
      return;
    }
    if (sender !== replica.self && !replica.verify(reply)) {
      replica.reject(from, "bad signature of a reply");
      return;
    }
    this.#views.set(sender, Math.max(view, this.#views.get(sender) ?? 0));
    outstanding.replies.set(sender, reply);
    const same = [...outstanding.replies.values()].filter((other) => sameAnswer(other, reply));
    if (same.length > replica.faults) {
      this.#settle(request, outstanding, reply);
    }
  }

  onTimer(): void {
    const { now } = this.#replica;
    for (const [sequence, { order }] of this.#outstanding) {
      if (order !== null && order.giveUpAt <= now) {
        this.#forget(sequence);
        this.#giveUp(order, true);
      }
    }
    const late = this.#waiting.filter(({ giveUpAt }) => giveUpAt <= now);
    this.#waiting = this.#waiting.filter(({ giveUpAt }) => giveUpAt > now);
    for (const order of late) {
      this.#giveUp(order, false);
    }
    if (this.#state === "opening" && this.#waiting.length === 0) {
      this.#outstanding.delete(0);
      this.#state = "closed";
    }
    this.#retry(now);
  }

  #retry(now: Micros): void {
    const { others, options } = this.#replica;
    for (const outstanding of this.#outstanding.values()) {
      if (outstanding.retryAt <= now) {
        outstanding.retryAt = now + ms(options.clientRetryMs);
        this.#submit(outstanding.request);
        for (const member of others) {
          this.#replica.send(member, outstanding.request);
        }
      }
    }
  }

  #open(): void {
    this.#state = "opening";
    this.#send(0, "open", EMPTY, null);
  }

  #issue(order: Order): void {
    this.#sequence++;
    this.#send(this.#sequence, order.operation, order.payload, order);
  }

  #send(
    sequence: number,
    operation: Request["operation"],
    payload: Uint8Array,
    order: Order | null,
  ): void {
    const { self: sender, isMember, now, options } = this.#replica;
    const life = this.#clientLife();
    const answered = this.#answered;
    const body = { life, answered, operation, payload };
    const request = this.#replica.sign({ type: "request", view: 0, sequence, sender, ...body });
    const retryAt = now + ms(options.clientRetryMs);
    this.#outstanding.set(sequence, { order, request, retryAt, replies: new Map() });
    if (isMember) {
      this.#submit(request);
    } else {
      this.#replica.send(this.#primary(), request);
    }
  }

  /** For a node outside: the primary of the highest view that a correct member has reached. */
  #primary(): NodeId {
    const { members, faults } = this.#replica;
    const views = [...this.#views.values()].sort((a, b) => b - a);
    return primaryOf(members, views[faults] ?? 0);
  }

  #settle(sequence: number, { order }: Outstanding, reply: Reply): void {
    this.#forget(sequence);
    if (reply.verdict === "expired" || reply.verdict === "too-many") {
      this.#lostSession(order, reply.verdict);
      return;
    }
    if (order === null) {
      this.#state = "open";
      const waiting = this.#waiting;
      this.#waiting = [];
      for (const next of waiting) {
        this.#issue(next);
      }
      return;
    }
    if (reply.verdict === "too-large") {
      this.#refuse(order.number, "too-large", "the result is too large");
      return;
    }
    this.#answer(order.number, { ok: true, index: reply.sequence, result: reply.result });
  }

  /** An ended session never comes back: this node goes on with a new one. */
  #lostSession(order: Order | null, verdict: "expired" | "too-many"): void {
    if (order !== null && verdict === "too-many") {
      this.#refuse(order.number, "busy", "too many unanswered requests of this node");
      return;
    }
    const lost = order === null ? [] : [order];
    for (const { order: other } of this.#outstanding.values()) {
      lost.push(...(other === null ? [] : [other]));
    }
    this.#outstanding.clear();
    for (const { number, operation } of lost) {
      // A command may have been executed before the session and its answers were forgotten.
      const code = operation === "read" ? "expired-session" : "unknown";
      this.#refuse(number, code, "the session of this node has ended");
    }
    this.#session++;
    this.#sequence = 0;
    this.#answered = 0;
    this.#state = "closed";
    if (this.#waiting.length > 0) {
      this.#open();
    }
  }

  #clientLife(): number {
    return this.#life * SESSIONS_PER_LIFE + Math.min(this.#session, SESSIONS_PER_LIFE - 1);
  }

  #forget(sequence: number): void {
    this.#outstanding.delete(sequence);
    let answered = this.#sequence;
    for (const open of this.#outstanding.keys()) {
      answered = Math.min(answered, open - 1);
    }
    this.#answered = Math.max(0, answered);
  }

  #giveUp(order: Order, sent: boolean): void {
    if (sent && order.operation === "command") {
      this.#refuse(order.number, "unknown", "no answer in time; it may yet happen");
    } else {
      this.#refuse(order.number, "no-leader", "the group did not answer in time");
    }
  }

  #refuse(request: number, code: ConsensusRefusal, message: string): void {
    this.#answer(request, { ok: false, code, message });
  }

  #answer(request: number, outcome: ConsensusOutcome): void {
    this.#replica.emit({ kind: "answered", request, outcome });
  }
}

/** The same result of the same execution; the view and the sender do not matter. */
function sameAnswer(a: Reply, b: Reply): boolean {
  return (
    a.sequence === b.sequence &&
    a.verdict === b.verdict &&
    a.result.length === b.result.length &&
    a.result.every((byte, i) => byte === b.result[i])
  );
}
