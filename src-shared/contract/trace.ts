/** Single messages on the wire, in columns: too many to be events, shown only when looked at. */
import { z } from "zod";

export const MESSAGE_OUTCOMES = ["in-flight", "delivered", "lost", "cut", "dead-receiver"] as const;
export type MessageOutcome = (typeof MESSAGE_OUTCOMES)[number];

const column = z.array(z.number());

/**
 * Row i of every column is one message. `from`, `to` index `nodes`; `kind` indexes `kinds`
 * (protocol and type, for example "swim.ping"); `outcome` indexes `MESSAGE_OUTCOMES`; times in
 * microseconds, `arrivedAt` is -1 while in flight or when it never arrives.
 */
export const traceBatchSchema = z.strictObject({
  nodes: z.array(z.string().max(64)),
  kinds: z.array(z.string().max(64)),
  sentAt: column,
  arrivedAt: column,
  from: column,
  to: column,
  kind: column,
  bytes: column,
  outcome: column,
  /** The message's number, from 0 in the order of sending; absent from older hosts. */
  serial: column.optional(),
  /** Messages of the window that did not fit. */
  skipped: z.number().int().nonnegative(),
});
export type TraceBatch = z.infer<typeof traceBatchSchema>;
