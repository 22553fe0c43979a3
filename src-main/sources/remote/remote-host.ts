/** The connection to another host, shared by the meshes that were opened over it. */
import type { ConnectionState } from "#shared/contract/description.ts";
import { MeshError } from "#shared/contract/errors.ts";
import type { MeshListing } from "#shared/contract/protocol.ts";
import { RpcClient, type Welcome } from "#shared/rpc/client.ts";
import { type Connection, keepConnected } from "#shared/rpc/reconnect.ts";
import { parseRemoteAddress, type RemoteAddress } from "./address.ts";
import { dial, TIMERS } from "./dial.ts";

export interface RemoteHostOptions {
  readonly address: string;
  readonly token: string;
  /** What this end calls itself in the other host's audit log. */
  readonly name: string;
}

export class RemoteHost {
  readonly address: RemoteAddress;
  readonly client: RpcClient;
  readonly #connection: Connection;
  readonly #listeners = new Set<() => void>();
  #state: ConnectionState = { state: "connecting" };
  #welcome: Welcome | undefined;
  #users = 0;

  constructor(options: RemoteHostOptions) {
    this.address = parseRemoteAddress(options.address);
    this.client = new RpcClient({ name: options.name, timers: TIMERS });
    this.#connection = keepConnected({
      client: this.client,
      timers: TIMERS,
      dial: () => dial(this.address.socketUrl),
      token: options.token,
      random: Math.random,
      onState: (state, welcome) => this.#changed(state, welcome),
    });
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Of the running session, or the last one. */
  get welcome(): Welcome | undefined {
    return this.#welcome;
  }

  watch(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Resolves with the other host's meshes; rejects, and closes, when the first try fails. */
  async open(): Promise<readonly MeshListing[]> {
    try {
      await this.#firstSession();
      return await this.client.request("meshes.list", {});
    } catch (error) {
      this.#connection.close();
      throw error;
    }
  }

  retain(): void {
    this.#users += 1;
  }

  /** The last user closes the connection. */
  release(): void {
    this.#users -= 1;
    if (this.#users === 0) this.#connection.close();
  }

  close(): void {
    this.#connection.close();
  }

  #firstSession(): Promise<void> {
    return new Promise((resolve, reject) => {
      const check = (): void => {
        const state = this.#state;
        if (state.state === "connecting") return;
        stop();
        if (state.state === "live") resolve();
        else if (state.state === "stopped") reject(new MeshError("bad-token", state.reason));
        else reject(new MeshError("unreachable", state.reason, { retryable: true }));
      };
      const stop = this.watch(check);
      check();
    });
  }

  #changed(state: ConnectionState, welcome: Welcome | undefined): void {
    this.#state = state;
    this.#welcome = welcome ?? this.#welcome;
    for (const listener of this.#listeners) listener();
  }
}
