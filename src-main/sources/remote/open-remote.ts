import { hostname } from "node:os";
import type { MeshId } from "#shared/contract/description.ts";
import { MeshError } from "#shared/contract/errors.ts";
import type { EventHubOptions } from "../history/event-hub.ts";
import type { MeshSource } from "../mesh-source.ts";
import { RemoteHost } from "./remote-host.ts";
import { RemoteSource } from "./remote-source.ts";

export interface OpenRemoteOptions {
  readonly address: string;
  readonly token: string;
  /** One of the other host's meshes; absent: all of them. */
  readonly mesh?: string | undefined;
  readonly hub: EventHubOptions;
  /** Gives a mesh its id here, wished for by its name there. */
  readonly takeId: (wish: string) => MeshId;
  readonly wallMs: () => number;
}

/** Opens meshes of another host. Throws `MeshError`; nothing stays open then. */
export async function openRemote(options: OpenRemoteOptions): Promise<readonly MeshSource[]> {
  const { address, mesh, hub, takeId, wallMs } = options;
  const name = `Meshdeck on ${hostname()}`.slice(0, 128);
  const host = new RemoteHost({ address, token: options.token, name });
  const listings = await host.open();
  const wanted = listings.filter(
    ({ description }) => mesh === undefined || description.id === mesh,
  );
  if (wanted.length === 0) {
    host.close();
    const message =
      mesh === undefined
        ? "The other host has no mesh open."
        : `The other host has no mesh "${mesh}".`;
    throw new MeshError("unknown-mesh", message);
  }
  const opening = wanted.map(({ description: remote }) =>
    RemoteSource.open({ ...hub, host, id: takeId(remote.id), remote, wallMs }),
  );
  const results = await Promise.allSettled(opening);
  const failed = results.find((result) => result.status === "rejected");
  const sources = results.flatMap((result) =>
    result.status === "fulfilled" ? [result.value] : [],
  );
  if (failed === undefined) return sources;
  await Promise.all(sources.map((source) => source.close()));
  throw failed.reason;
}
