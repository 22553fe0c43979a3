/** Opens meshes elsewhere by their address, for entries without a host of their own. */
import { MeshError } from "#shared/contract/errors.ts";
import type { OpenMesh } from "#shared/contract/protocol.ts";
import { parseRemoteAddress } from "#main/sources/remote/address.ts";
import type { MeshSource } from "#main/sources/mesh-source.ts";
import { parseSerfAddress } from "#main/sources/serf/address.ts";
import { createSourceOpener } from "./open-sources.ts";

export type { MeshSource } from "#main/sources/mesh-source.ts";

export interface AttachOptions {
  readonly token?: string | undefined;
  readonly authKey?: string | undefined;
  readonly mesh?: string | undefined;
}

/** What to open for an address; throws `MeshError` "bad-address", "bad-token". */
export function attachRequest(address: string, options: AttachOptions): OpenMesh {
  if (address.startsWith("serf://")) {
    const { authKey } = options;
    const { shown } = parseSerfAddress(address);
    return { kind: "serf", address: shown, ...(authKey === undefined ? {} : { authKey }) };
  }
  const remote = parseRemoteAddress(address);
  const token = options.token ?? remote.token;
  if (token === undefined) {
    const message = "The other host wants a token: set MESHDECK_TOKEN or give --token.";
    throw new MeshError("bad-token", message);
  }
  const { mesh } = options;
  return { kind: "remote", address: remote.shown, token, ...(mesh === undefined ? {} : { mesh }) };
}

export function openAttached(
  how: OpenMesh,
  onSinkError: (error: unknown) => void,
): Promise<readonly MeshSource[]> {
  return createSourceOpener({ onSinkError, segments: undefined })(how, (wish) => wish);
}
