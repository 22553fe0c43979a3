/** The host as another client drives it: sets a scene, so that a spec acts only on its own part. */
import type { MeshCommandInput } from "#shared/contract/commands.ts";
import type { MeshOptionsInput } from "#shared/contract/mesh-options.ts";
import type { OpenMeshInput } from "#shared/contract/protocol.ts";
import type { MeshView } from "#shared/view/model.ts";
import { decodeSnapshot } from "#shared/view/snapshot.ts";
import { RemoteHost } from "#main/sources/remote/remote-host.ts";
import type { ServedHost } from "./serve.ts";

export interface Control {
  /** Closes every mesh, opens a simulated one that all consoles then show, and lets it run. */
  only(options?: MeshOptionsInput): Promise<void>;
  open(how: OpenMeshInput): Promise<readonly string[]>;
  /** Without a mesh: to the one of `only`. */
  command(command: MeshCommandInput, mesh?: string): Promise<void>;
  view(mesh?: string): Promise<MeshView>;
  /** Where the mesh's time stands, in µs. */
  at(): Promise<number>;
  /** Content of a recording of the run so far. */
  record(): Promise<string>;
  close(): void;
}

export async function controlOf(host: Pick<ServedHost, "origin" | "tokens">): Promise<Control> {
  const token = host.tokens.admin;
  const remote = new RemoteHost({ address: host.origin, token, name: "spec" });
  await remote.open();
  const { client } = remote;
  let current = "demo";
  const open = (how: OpenMeshInput) => client.request("meshes.open", how);
  return {
    async only(options = {}) {
      for (const { description } of await client.request("meshes.list", {})) {
        await client.request("meshes.close", { mesh: description.id });
      }
      [current = "demo"] = await open({ kind: "simulated", options });
      await client.request("mesh.command", { mesh: current, command: { type: "time.play" } });
    },
    open,
    async command(command, mesh = current) {
      await client.request("mesh.command", { mesh, command });
    },
    async view(mesh = current) {
      const at = Number.MAX_SAFE_INTEGER;
      return decodeSnapshot(await client.request("mesh.snapshotAt", { mesh, at }));
    },
    async at() {
      const listings = await client.request("meshes.list", {});
      return listings.find(({ description }) => description.id === current)?.status.at ?? 0;
    },
    record: async () => (await client.request("mesh.record", { mesh: current })).text,
    close: () => remote.close(),
  };
}
