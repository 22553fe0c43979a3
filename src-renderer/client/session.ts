import type { ConnectionState } from "#shared/contract/description.ts";
import type { Timers } from "#shared/rpc/channel.ts";
import { RpcClient, type Welcome } from "#shared/rpc/client.ts";
import { type Connection, keepConnected } from "#shared/rpc/reconnect.ts";
import { openHostPort, shellBridge } from "./port-channel.ts";
import { hostAddress, openWebSocket } from "./websocket-channel.ts";

export interface Session {
  readonly client: RpcClient;
  /** A browser has to show a token; the desktop's port is trusted by where it came from. */
  readonly needsToken: boolean;
  /** Drops the connection there is and makes one with this token. */
  connect(token: string | undefined): void;
  retryNow(): void;
}

const browserTimers: Timers = {
  after(ms, call) {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};

export function openSession(
  onState: (state: ConnectionState, welcome: Welcome | undefined) => void,
): Session {
  const bridge = shellBridge();
  const client = new RpcClient({ name: "console", timers: browserTimers });
  let connection: Connection | undefined;
  let generation = 0;
  return {
    client,
    needsToken: bridge === undefined,
    connect(token) {
      generation += 1;
      const mine = generation;
      connection?.close();
      connection = keepConnected({
        client,
        timers: browserTimers,
        dial: () =>
          bridge === undefined ? openWebSocket(hostAddress(location)) : openHostPort(bridge),
        token,
        random: Math.random,
        onState: (state, welcome) => {
          if (mine === generation) onState(state, welcome);
        },
      });
    },
    retryNow: () => connection?.retryNow(),
  };
}
