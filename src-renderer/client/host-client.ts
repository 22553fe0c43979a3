import type { RpcClient } from "#shared/rpc/client.ts";

/** The host as the console sees it, whatever lies between. */
export type HostClient = Pick<RpcClient, "request" | "subscribe">;
