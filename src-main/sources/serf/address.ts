import { MeshError } from "#shared/contract/errors.ts";

export interface SerfAddress {
  readonly host: string;
  readonly port: number;
  /** For people: `serf://host:port`. */
  readonly shown: string;
}

/** Where Serf's agents listen for RPC unless told otherwise. */
export const DEFAULT_RPC_PORT = 7373;

/** `serf://host` or `serf://host:port`. Throws `MeshError` "bad-address". */
export function parseSerfAddress(text: string): SerfAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const plain =
    url !== undefined &&
    url.protocol === "serf:" &&
    url.hostname !== "" &&
    url.port !== "0" &&
    [url.username, url.password, url.search, url.hash].every((part) => part === "") &&
    (url.pathname === "" || url.pathname === "/");
  if (!plain) {
    const message = `"${text.slice(0, 100)}" is no address of a Serf agent; write serf://host:port.`;
    throw new MeshError("bad-address", message);
  }
  const port = url.port === "" ? DEFAULT_RPC_PORT : Number(url.port);
  const host = url.hostname.replaceAll(/^\[|\]$/g, "");
  return { host, port, shown: `serf://${url.hostname}:${port}` };
}
