import type { MeshId } from "#shared/contract/description.ts";
import type { EventHubOptions } from "../history/event-hub.ts";
import type { MeshSource } from "../mesh-source.ts";
import { parseSerfAddress } from "./address.ts";
import { SerfSource } from "./serf-source.ts";

export interface OpenSerfOptions {
  readonly id: MeshId;
  /** `serf://host:port` */
  readonly address: string;
  readonly authKey?: string | undefined;
  readonly hub: EventHubOptions;
  readonly wallMs: () => number;
}

/** Attaches to a Serf agent. Throws `MeshError`; nothing stays open then. */
export function openSerf({ hub, ...options }: OpenSerfOptions): Promise<MeshSource> {
  const address = parseSerfAddress(options.address);
  return SerfSource.open({ ...hub, ...options, address, random: Math.random });
}
