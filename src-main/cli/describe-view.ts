/** A mesh as text for a terminal, from its view. */
import type { MeshListing } from "#shared/contract/protocol.ts";
import type { ConnectionState } from "#shared/contract/description.ts";
import { healthOf } from "#shared/view/health.ts";
import type { MeshView, NodeView } from "#shared/view/model.ts";
import { formatTable } from "./table.ts";
import { safeText } from "./terminal.ts";

/** The table of nodes, worst health first, then by name. */
export function describeNodes(view: MeshView): readonly string[] {
  const nodes = [...view.nodes.values()].sort((one, other) =>
    one.id.localeCompare(other.id, "en", { numeric: true }),
  );
  const rows = nodes.map((node) => [
    safeText(node.id, 40),
    healthOf(node),
    safeText(node.zone ?? "", 20),
    safeText(node.address ?? "", 40),
    describeDoubt(node),
  ]);
  return formatTable(["node", "health", "zone", "address", "held for"], rows);
}

function describeDoubt(node: NodeView): string {
  const doubts: ReadonlyArray<readonly [string, number]> = [
    ["suspect", node.suspectedBy],
    ["unreachable", node.unreachableBy],
    ["dead", node.deadBy],
    ["left", node.leftBy],
  ];
  return doubts
    .filter(([, count]) => count > 0)
    .map(([state, count]) => `${state} by ${count}`)
    .join(", ");
}

/** For example "9 nodes: 8 healthy, 1 failed". */
export function describeHealth(view: MeshView): string {
  const counts = new Map<string, number>();
  for (const node of view.nodes.values()) {
    const health = healthOf(node);
    counts.set(health, (counts.get(health) ?? 0) + 1);
  }
  const parts = [...counts].map(([health, count]) => `${count} ${health}`);
  const nodes = view.nodes.size === 1 ? "1 node" : `${view.nodes.size} nodes`;
  return parts.length === 0 ? nodes : `${nodes}: ${parts.join(", ")}`;
}

export function describeConnection(connection: ConnectionState): string {
  switch (connection.state) {
    case "connecting":
      return "connecting";
    case "live":
      return "live";
    case "reconnecting": {
      const seconds = (connection.retryInMs / 1_000).toFixed(1);
      return `reconnecting in ${seconds} s (${safeText(connection.reason)})`;
    }
    case "stopped":
      return `stopped: ${safeText(connection.reason)}`;
    default:
      return connection satisfies never;
  }
}

export function describeListings(listings: readonly MeshListing[]): readonly string[] {
  const rows = listings.map(({ description, status }) => [
    description.id,
    description.kind,
    safeText(description.name, 40),
    describeConnection(status.connection),
    String(status.seq),
    safeText(description.address ?? "", 60),
  ]);
  return formatTable(["id", "kind", "name", "connection", "events", "address"], rows);
}
