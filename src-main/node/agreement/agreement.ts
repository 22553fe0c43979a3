/**
 * A node's part in agreement: the chosen strategy, the store behind its log, and the requests that
 * wait for it.
 */
import type { ConsensusStatusData } from "#shared/contract/inspection.ts";
import type { LogEntry } from "#shared/contract/agreement-events.ts";
import type { ConsensusEvent, ConsensusInput, ConsensusOutcome } from "#main/kernel/consensus.ts";
import type { NodeId } from "#main/kernel/machine.ts";
import { type Micros, ms } from "#main/kernel/time.ts";
import { DecodeError, type WireReader } from "#main/kernel/wire.ts";
import {
  decodeWith,
  encodeWith,
  type StrongCommand,
  strongCommandCodec,
  type StrongQuery,
  strongQueryCodec,
  strongResultCodec,
} from "#main/protocols/memory/strong-command.ts";
import type { StrongStore } from "#main/protocols/memory/strong-store.ts";
import type { Outbox } from "../outbox.ts";
import type { RequestAnswer, Requests } from "../requests.ts";
import { consensusEvents } from "../translate/consensus.ts";
import { strongEvent } from "../translate/memory.ts";
import { Rejections } from "./rejections.ts";
import type { ConsensusMessage, Strategy } from "./strategy.ts";

/** A key that is due to expire needs an entry of the log to expire by: how late it may come. */
const TICK_MARGIN_MS = 100;
/** Between two such entries, when the first one did not get through. */
const TICK_RETRY_MS = 5_000;
const TICK_TIMER = "node:tick";
/** Requests of the node itself; nobody waits for their answers. */
const OWN_REQUEST = 0;

type Step = ConsensusInput<ConsensusMessage>;

export interface AgreementPorts {
  readonly self: NodeId;
  readonly outbox: Outbox;
  readonly requests: Requests;
  /** A member did what only a faulty one does, or sent what was no good. */
  readonly onMisconduct: (
    member: NodeId,
    kind: "evidence" | "rejected",
    reason: string,
    now: Micros,
  ) => void;
}

export class Agreement {
  readonly #ports: AgreementPorts;
  readonly #strategy: Strategy;
  readonly #store: StrongStore;
  readonly #rejections: Rejections;
  #leads = false;
  #tickAt: Micros | null = null;

  constructor(ports: AgreementPorts, strategy: Strategy, store: StrongStore) {
    this.#ports = ports;
    this.#strategy = strategy;
    this.#store = store;
    this.#rejections = new Rejections(ports.self);
  }

  get protocol(): Strategy["slot"]["protocol"] {
    return this.#strategy.slot.protocol;
  }

  get timers(): string {
    return this.#strategy.slot.timers;
  }

  step(input: Step): void {
    const { machine, slot } = this.#strategy;
    this.#ports.outbox.absorb(slot, machine.step(input), input.now, this.#onEvent);
    this.#tellChanges();
    this.#planTick(input.now);
  }

  receive(from: NodeId, reader: WireReader, now: Micros): void {
    const message = this.#strategy.slot.codec.decode(reader);
    reader.expectEnd();
    this.step({ kind: "message", now, from, message });
  }

  propose(request: number, command: StrongCommand, now: Micros): void {
    const bytes = encodeWith(strongCommandCodec, command);
    this.step({ kind: "propose", now, request, command: bytes });
  }

  read(request: number, query: StrongQuery, now: Micros): void {
    this.step({ kind: "read", now, request, query: encodeWith(strongQueryCodec, query) });
  }

  /** Answers at once from what this node holds, which may be old. */
  readLocal(query: StrongQuery): RequestAnswer {
    const result = this.#store.query(encodeWith(strongQueryCodec, query));
    return { ...resultAnswer(result), stale: true };
  }

  /** One of the node's own timers came; false when it is none of these. */
  fire(timer: string, now: Micros): boolean {
    if (timer !== TICK_TIMER) {
      return false;
    }
    this.#tickAt = null;
    const next = this.#store.nextExpiry;
    if (this.#leads && next !== null && next <= now) {
      this.propose(OWN_REQUEST, { kind: "tick" }, now);
      this.#setTick(now + ms(TICK_RETRY_MS));
    }
    this.#planTick(now);
    return true;
  }

  status(): ConsensusStatusData {
    const status = this.#strategy.machine.status();
    return {
      ...status,
      protocol: this.#strategy.kind,
      voters: [...status.voters],
      outgoing: [...status.outgoing],
      learners: [...status.learners],
      timers: status.timers.map((timer) => ({ ...timer })),
      peers: status.peers.map((peer) => ({ ...peer })),
    };
  }

  log(from: number | undefined, limit: number): LogEntry[] {
    const { machine } = this.#strategy;
    const start = from ?? Math.max(0, machine.status().last - limit + 1);
    return machine.log(start, limit).map((entry) => ({ ...entry }));
  }

  readonly #onEvent = (event: ConsensusEvent, now: Micros): void => {
    const { self, outbox, requests, onMisconduct } = this.#ports;
    switch (event.kind) {
      case "answered":
        return requests.answer(event.request, outcomeAnswer(event.outcome), now);
      case "rejected": {
        const body = this.#rejections.add(event.from, event.reason, now);
        if (body !== null) {
          outbox.emit(body);
        }
        return onMisconduct(event.from, "rejected", event.reason, now);
      }
      case "role":
        // Among equals the first one lets log time pass.
        this.#leads = event.leader === self || (event.role === "peer" && this.#isFirst());
        break;
      case "evidence":
        onMisconduct(event.accused, "evidence", event.fault, now);
        break;
      default:
        break;
    }
    outbox.emitAll(consensusEvents(self, this.#strategy.kind, event));
  };

  #isFirst(): boolean {
    return this.#strategy.machine.status().voters[0] === this.#ports.self;
  }

  #tellChanges(): void {
    for (const change of this.#store.takeChanges()) {
      this.#ports.outbox.emit(strongEvent(this.#ports.self, change));
    }
  }

  #planTick(now: Micros): void {
    const next = this.#leads ? this.#store.nextExpiry : null;
    if (next !== null && this.#tickAt === null) {
      this.#setTick(Math.max(now, next) + ms(TICK_MARGIN_MS));
    }
  }

  #setTick(at: Micros): void {
    this.#tickAt = at;
    this.#ports.outbox.timer(TICK_TIMER, at);
  }
}

function outcomeAnswer(outcome: ConsensusOutcome): RequestAnswer {
  if (!outcome.ok) {
    return { code: outcome.code, message: outcome.message };
  }
  const { result, index } = outcome;
  // Orders about the group itself execute nothing, so there is nothing to read.
  return result.length === 0 ? { code: "ok", index } : { ...resultAnswer(result), index };
}

/** Where no liar is borne, a single one can make an answer up: nobody knows what happened then. */
function resultAnswer(bytes: Uint8Array): RequestAnswer {
  try {
    const { code, value } = decodeWith(strongResultCodec, bytes);
    return value === null ? { code } : { code, value };
  } catch (error) {
    if (error instanceof DecodeError) {
      return { code: "unknown", message: `the answer makes no sense: ${error.message}` };
    }
    throw error;
  }
}
