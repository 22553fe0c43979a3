/** Keeps a client in session: dials, waits, dials again, and says in what state that is. */
import type { ConnectionState } from "../contract/description.ts";
import { MeshError } from "../contract/errors.ts";
import type { Channel, Timers } from "./channel.ts";
import type { RpcClient, Welcome } from "./client.ts";

const BASE_MS = 500;
const CAP_MS = 30_000;

/**
 * Milliseconds to wait before attempt `attempt` (1 is the first repetition): full jitter, an even
 * draw below a bound that doubles up to half a minute, so that clients of one host spread out.
 * `random` is from 0 up to 1.
 */
export function backoffMs(attempt: number, random: number): number {
  const bound = Math.min(CAP_MS, BASE_MS * 2 ** Math.min(attempt, 16));
  return Math.floor(random * bound);
}

export interface ConnectionOptions {
  readonly client: RpcClient;
  readonly timers: Timers;
  /** Resolves with an open channel, or rejects with a `MeshError`. */
  readonly dial: () => Promise<Channel>;
  readonly token: string | undefined;
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly onState: (state: ConnectionState, welcome: Welcome | undefined) => void;
}

export interface Connection {
  /** Cuts the waiting short. */
  retryNow(): void;
  close(): void;
}

export function keepConnected(options: ConnectionOptions): Connection {
  const { client, timers, onState } = options;
  let attempt = 0;
  let closed = false;
  let cancelWait: (() => void) | undefined;

  function dial(): void {
    cancelWait = undefined;
    if (attempt === 0) onState({ state: "connecting" }, undefined);
    options.dial().then(connect, (error: unknown) => failed(asMeshError(error)));
  }

  function connect(channel: Channel): void {
    if (closed) {
      channel.close();
      return;
    }
    client.connect(channel, options.token, {
      welcome(welcome) {
        attempt = 0;
        onState({ state: "live" }, welcome);
      },
      down: failed,
    });
  }

  function failed(error: MeshError): void {
    if (closed) return;
    if (!error.retryable) {
      closed = true;
      onState({ state: "stopped", reason: error.message }, undefined);
      return;
    }
    attempt += 1;
    const retryInMs = backoffMs(attempt, options.random());
    onState({ state: "reconnecting", retryInMs, attempt, reason: error.message }, undefined);
    cancelWait = timers.after(retryInMs, dial);
  }

  dial();
  return {
    retryNow() {
      if (cancelWait === undefined) return;
      cancelWait();
      dial();
    },
    close() {
      if (closed) return;
      closed = true;
      cancelWait?.();
      client.disconnect();
      onState({ state: "stopped", reason: "The connection was closed here." }, undefined);
    },
  };
}

function asMeshError(error: unknown): MeshError {
  if (error instanceof MeshError) return error;
  const message = error instanceof Error ? error.message : "The host cannot be reached.";
  return new MeshError("unreachable", message, { retryable: true, cause: error });
}
