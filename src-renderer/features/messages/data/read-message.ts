import { MESSAGE_OUTCOMES, type MessageOutcome } from "#shared/contract/trace.ts";
import type { MessageStore } from "../model/message-store.ts";

/** One row of the columns as an object: for what shows a single message. */
export interface Message {
  readonly serial: number;
  readonly kind: string;
  readonly from: string;
  readonly to: string;
  readonly sentAt: number;
  /** Undefined: under way, or it never arrives. */
  readonly arrivedAt: number | undefined;
  readonly bytes: number;
  readonly outcome: MessageOutcome;
}

export function readMessage(store: MessageStore, serial: number): Message | undefined {
  const row = store.rowOf(serial);
  return row < 0 ? undefined : readRow(store, row);
}

export function readRow(store: MessageStore, row: number): Message {
  const { columns, nodes, kinds } = store;
  const arrivedAt = columns.arrivedAt[row] ?? -1;
  return {
    serial: columns.serial[row] ?? 0,
    kind: kinds.words[columns.kind[row] ?? 0] ?? "",
    from: nodes.words[columns.from[row] ?? 0] ?? "",
    to: nodes.words[columns.to[row] ?? 0] ?? "",
    sentAt: columns.sentAt[row] ?? 0,
    arrivedAt: arrivedAt < 0 ? undefined : arrivedAt,
    bytes: columns.bytes[row] ?? 0,
    outcome: MESSAGE_OUTCOMES[columns.outcome[row] ?? 0] ?? "in-flight",
  };
}
