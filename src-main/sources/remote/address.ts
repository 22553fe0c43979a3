import { MeshError } from "#shared/contract/errors.ts";

export interface RemoteAddress {
  /** Where sessions are: ends in `/ws`. */
  readonly socketUrl: string;
  /** For people: `ws://host:port`. */
  readonly shown: string;
  /** The token of a pasted ready-to-open address, if it had one. */
  readonly token: string | undefined;
}

const SCHEMES: Readonly<Record<string, string>> = {
  "ws:": "ws:",
  "wss:": "wss:",
  "http:": "ws:",
  "https:": "wss:",
};

/** Takes what `meshdeck serve` prints, too. Throws `MeshError` "bad-address". */
export function parseRemoteAddress(text: string): RemoteAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const scheme = url && SCHEMES[url.protocol];
  const plain =
    url !== undefined && url.username === "" && url.password === "" && url.search === "";
  if (url === undefined || scheme === undefined || !plain || url.host === "") {
    const message = `"${text.slice(0, 100)}" is no address of a host; write ws://host:port or wss://host:port.`;
    throw new MeshError("bad-address", message);
  }
  const token = /^#token=(.+)$/.exec(url.hash)?.[1];
  return { socketUrl: `${scheme}//${url.host}/ws`, shown: `${scheme}//${url.host}`, token };
}
