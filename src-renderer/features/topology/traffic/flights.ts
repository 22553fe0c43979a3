/**
 * Messages of the trace as dots that travel along their link. Real flights last milliseconds and
 * arrive ten batches a second: the dots fly slower than the messages and start spread over the
 * batch, so that order and rate stay true to what was measured while the eye can follow.
 */
import type { TraceBatch } from "#shared/contract/trace.ts";
import { MESSAGE_OUTCOMES, type MessageOutcome } from "#shared/contract/trace.ts";

export interface Flight {
  readonly from: string;
  readonly to: string;
  /** Protocol part of the kind: "swim" of "swim.ping". */
  readonly family: string;
  readonly outcome: MessageOutcome;
  /** Milliseconds of the page's clock. */
  readonly startMs: number;
  readonly endMs: number;
}

/** More dots than this are a fog, and cost frames. */
export const MAX_FLIGHTS = 320;
const BATCH_MS = 100;
const SHORTEST_MS = 380;
const LONGEST_MS = 1_300;

/** `ratio`: mesh time per real time. */
export function flightsOf(batch: TraceBatch, nowMs: number, ratio: number): readonly Flight[] {
  const { first, span } = windowOf(batch.sentAt);
  return batch.sentAt.flatMap((sentAt, row): Flight[] => {
    const from = batch.nodes[batch.from[row] ?? -1];
    const to = batch.nodes[batch.to[row] ?? -1];
    const outcome = MESSAGE_OUTCOMES[batch.outcome[row] ?? -1];
    if (from === undefined || to === undefined || outcome === undefined) return [];
    const startMs = nowMs + ((sentAt - first) / span) * BATCH_MS;
    const took = ((batch.arrivedAt[row] ?? -1) - sentAt) / 1_000 / ratio;
    const lasts = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, took));
    const family = (batch.kinds[batch.kind[row] ?? -1] ?? "").split(".", 1)[0] ?? "";
    return [{ from, to, family, outcome, startMs, endMs: startMs + lasts }];
  });
}

function windowOf(times: readonly number[]): { first: number; span: number } {
  let first = Number.POSITIVE_INFINITY;
  let last = 0;
  for (const time of times) {
    first = Math.min(first, time);
    last = Math.max(last, time);
  }
  return { first, span: Math.max(1, last - first) };
}

/** Drops what has landed and, beyond the cap, what started first. */
export function keepFlying(
  flights: readonly Flight[],
  added: readonly Flight[],
  nowMs: number,
): readonly Flight[] {
  const flying = flights.filter((flight) => flight.endMs > nowMs);
  return [...flying, ...added].slice(-MAX_FLIGHTS);
}

/** How far along the link a dot is, and how much of it is left to see; `undefined`: not now. */
export function dotAt(
  flight: Flight,
  nowMs: number,
): { readonly progress: number; readonly alpha: number } | undefined {
  if (nowMs < flight.startMs || nowMs >= flight.endMs) return undefined;
  const time = (nowMs - flight.startMs) / (flight.endMs - flight.startMs);
  if (flight.outcome === "delivered" || flight.outcome === "in-flight") {
    return { progress: time, alpha: 1 };
  }
  if (flight.outcome === "dead-receiver") return { progress: time, alpha: 1 - time * 0.7 };
  // Lost ones stop half way and fade there.
  const stopped = Math.min(time, 0.5);
  return { progress: stopped, alpha: time <= 0.5 ? 1 : 2 - 2 * time };
}
