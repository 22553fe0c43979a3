import { MESSAGE_OUTCOMES, type MessageOutcome, type TraceBatch } from "#shared/contract/trace.ts";
import { MessageStore } from "./message-store.ts";

/** One message in a test: who to whom, when sent and arrived (absent: it did not). */
export interface Sent {
  readonly from?: string;
  readonly to?: string;
  readonly at: number;
  readonly arrives?: number;
  readonly kind?: string;
  readonly outcome?: MessageOutcome;
  readonly serial: number;
}

export function batchOf(messages: readonly Sent[], skipped = 0): TraceBatch {
  const nodes = [...new Set(messages.flatMap(({ from = "A", to = "B" }) => [from, to]))];
  const kinds = [...new Set(messages.map(({ kind = "swim.ping" }) => kind))];
  return {
    nodes,
    kinds,
    sentAt: messages.map(({ at }) => at),
    arrivedAt: messages.map(({ arrives = -1 }) => arrives),
    from: messages.map(({ from = "A" }) => nodes.indexOf(from)),
    to: messages.map(({ to = "B" }) => nodes.indexOf(to)),
    kind: messages.map(({ kind = "swim.ping" }) => kinds.indexOf(kind)),
    bytes: messages.map(() => 10),
    outcome: messages.map(({ outcome, arrives }) =>
      MESSAGE_OUTCOMES.indexOf(outcome ?? (arrives === undefined ? "in-flight" : "delivered")),
    ),
    serial: messages.map(({ serial }) => serial),
    skipped,
  };
}

export function storeOf(messages: readonly Sent[]): MessageStore {
  const store = new MessageStore();
  store.merge(batchOf(messages));
  return store;
}

export function serialsOf(store: MessageStore): readonly number[] {
  return [...store.columns.serial.subarray(0, store.count)];
}
